"""Opens a PostgreSQL database with its schema up to date. Every store works on the connections that come of it."""

from pathlib import Path
from typing import cast

from knowledge.dates import stamp, utc_now
from knowledge.errors import StorageError
from knowledge.storage.postgres.connection import PostgresConnections
from knowledge.storage.postgres.schema import STEPS, bring_up_to_date
from knowledge.storage.postgres.statements import PostgresConnection
from knowledge.storage.sqlite.hash_key import KEY_FILE, key_beside
from knowledge.storage.sqlite.private_files import make_private_folder


def open_postgres(address: str, path: Path) -> PostgresConnections:
    """Return the database at an address, made or brought up to date where needed.

    `path` is where SQLite's file would be: the key of the hashes that stand for people is beside it.

    Raises:
        StorageError: It cannot be reached, was made by a newer version, or was used with another key than this one.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    try:
        make_private_folder(path.parent)
    except OSError as error:
        raise StorageError(
            f"The data directory {path.parent} cannot be made ({error.strerror}). Choose a folder that you may write "
            "in with HALN_DATA_DIR or --data-dir."
        ) from None
    connections = PostgresConnections(address, path)
    try:
        if not _is_current(connections):
            with connections.write() as connection:
                bring_up_to_date(cast("PostgresConnection", connection))
        connections.hash_key = key_beside(path)
        _require_key(connections)
    except BaseException:
        connections.close()
        raise
    return connections


def _is_current(connections: PostgresConnections) -> bool:
    with connections.read() as connection:
        encoding = connection.execute("SELECT getdatabaseencoding()").fetchone()[0]
        if encoding != "UTF8":
            raise StorageError(f"The database is in {encoding}. Make one in UTF8 for HALN_DATABASE_URL.")
        if connection.execute("SELECT to_regclass('schema_steps')").fetchone()[0] is None:
            return False
        return {row[0] for row in connection.execute("SELECT name FROM schema_steps")} == STEPS.keys()


def _require_key(connections: PostgresConnections) -> None:
    """Accept the key that the database is used with; the first one becomes it.

    Raises:
        StorageError: It is another one, so that nobody's questions, votes and wishes would be known as theirs.
    """
    fingerprint = connections.hash_key.fingerprint
    with connections.write() as connection:
        known = {row[0] for row in connection.execute("SELECT fingerprint FROM hash_keys")}
        if not known:
            connection.execute(
                "INSERT INTO hash_keys (fingerprint, since) VALUES (?, ?)", [fingerprint, stamp(utc_now())]
            )
        elif fingerprint not in known:
            raise StorageError(
                f"{connections.path.with_name(KEY_FILE)} is not the key that this database is used with. Every machine "
                f"needs the same: copy {KEY_FILE} from the data directory of another, or from a backup."
            )
