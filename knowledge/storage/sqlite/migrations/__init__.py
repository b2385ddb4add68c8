"""The schema's history: one module a step, applied in order; each step and the record of it are one transaction.

A step that has been released is never edited: add the next module, and its name to `STEPS`.
"""

from __future__ import annotations

import importlib
import sqlite3
from typing import TYPE_CHECKING

from knowledge.errors import StorageError

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

MIGRATION_SET = "haln"
# In order, and named so that they sort.
STEPS = (
    "m001_library",
    "m002_questions",
    "m003_written",
    "m004_discord",
    "m005_members",
    "m006_examples",
    "m007_sources",
    "m008_digests",
    "m009_giving",
    "m010_people",
    "m011_missed_digests",
    "m012_next_embeddings",
    "m013_text_coverage",
    "m014_outbox",
    "m015_freshness",
    "m016_askers",
    "m017_registration",
    "m018_asked_messages",
    "m019_examples_happened",
    "m020_save_limits",
    "m021_measures",
    "m022_accounts",
    "m023_sign_in_by_discord",
    "m024_digest_choices",
    "m025_insights",
    "m026_loops",
    "m028_changes",
    "m029_networks",
    "m030_outbox_order",
    "m032_listing",
    "m034_coffee_and_former_accounts",
    "m036_member_offers",
    "m038_member_numbers",
)


def build_migrations() -> Migrations:
    """Return the steps as sqlite-utils applies them."""
    # A quarter of a second to import, and most starts have nothing to migrate.
    from sqlite_utils import Migrations

    migrations = Migrations(MIGRATION_SET)
    for name in STEPS:
        _add(migrations, name)
    return migrations


def _add(migrations: Migrations, name: str) -> None:
    def step(db: Database) -> None:
        importlib.import_module(f"{__name__}.{name}").apply(db.conn)

    migrations(name=name)(step)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date. The caller holds a write transaction."""
    from sqlite_utils import Database

    build_migrations().apply(Database(connection, execute_plugins=False))


def up_to_date(connection: sqlite3.Connection) -> bool:
    """Return whether the schema is the newest.

    Raises:
        StorageError: The database was made by a newer version of the assistant.
    """
    names = applied(connection)
    if newer := [name for name in names if name > STEPS[-1]]:
        raise StorageError(
            f"This database was made by a newer version of HALN Assistant (step {newer[-1]}). "
            "Update the assistant; the data are untouched."
        )
    return set(STEPS) <= set(names)


def applied(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the steps that this database has had; none for a new file."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", [MIGRATION_SET]
    )
    return [row[0] for row in rows]
