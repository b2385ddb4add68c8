"""Opens the database that the settings ask for: one file of SQLite, or a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.errors import SettingsError, StorageError
from knowledge.storage.claims import Claims, FileClaims
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.database import open_database
from knowledge.storage.sqlite.private_files import make_private_file, make_private_folder
from knowledge.storage.sqlite.snapshot import is_database

if TYPE_CHECKING:
    from knowledge.settings import Settings
    from knowledge.storage.sqlite.library import SQLiteStore


def open_connections(settings: Settings, beside: Connections | None = None) -> Connections:
    """Return the database of the settings, made or brought up to date where needed.

    `beside` are this process's connections for another network, closed last: on a server both share them.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: It cannot be used.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    if settings.database_url is None:
        return open_database(settings.database_path)
    with _needing_the_extra():
        from knowledge.storage.postgres.database import open_postgres
    address = settings.database_url.get_secret_value()
    return open_postgres(address, settings.database_path, settings.network, beside)


def open_bare_connections(settings: Settings, *, make: bool, beside: Connections | None = None) -> Connections | None:
    """Return a database as it is, without the schema of a library; `None` where there is none, and none is to be made.

    `beside`: see `open_connections`.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: It cannot be used.
    """
    if settings.database_url is None:
        if not make and not settings.database_path.exists():
            return None
        connections = Connections(settings.database_path)
        try:
            make_private_folder(settings.data_dir)
            make_private_file(settings.database_path)
        except OSError as error:
            raise StorageError(f"{settings.data_dir} cannot be made ({error.strerror}).") from None
        return connections
    with _needing_the_extra():
        from knowledge.storage.postgres.database import open_bare
    address = settings.database_url.get_secret_value()
    return open_bare(address, settings.database_path, settings.network, make=make, beside=beside)


def admit_networks(settings: Settings) -> None:
    """See to it that the settings' database keeps networks apart, before there is a second one.

    A file for each needs nothing. On a server the first one's tables get their policies, too.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: The account of the settings may see past them, or may not make them.
    """
    if settings.database_url is None:
        return
    with _needing_the_extra():
        from knowledge.storage.postgres.database import admit_networks as admit
    first = settings.installation
    admit(settings.database_url.get_secret_value(), first.database_path)


def drop_database(settings: Settings) -> bool:
    """Drop the schema of a network beside the first one, if there is one; a file goes with its folder.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: The server cannot be reached.
        StorageBusyError: Somebody works in it for longer than 30 seconds.
    """
    if settings.database_url is None:
        return False
    with _needing_the_extra():
        from knowledge.storage.postgres.database import drop_network
    return drop_network(settings.database_url.get_secret_value(), settings.database_path, settings.network)


def with_database(settings: Settings, names: Iterable[str]) -> set[str]:
    """Return those of an installation's networks whose database is there, a file or a schema; none is made.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: The server cannot be reached.
    """
    if settings.database_url is None:
        return {name for name in names if is_database(settings.for_network(name).database_path)}
    with _needing_the_extra():
        from knowledge.storage.postgres.database import with_schema
    first = settings.installation
    return with_schema(settings.database_url.get_secret_value(), first.database_path, names)


def bypasses_row_security(settings: Settings) -> bool:
    """Return whether the account of the settings' server may bypass row-level security."""
    if settings.database_url is None:
        return False
    with _needing_the_extra():
        from knowledge.storage.postgres.database import bypasses_row_security as bypasses
    return bypasses(settings.database_url.get_secret_value(), settings.database_path)


@contextmanager
def _needing_the_extra() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise SettingsError(
            f"HALN_DATABASE_URL needs {error.name}, which is not installed: pip install 'haln-assistant[postgres]'."
        ) from None


def library_store(settings: Settings, connections: Connections) -> SQLiteStore:
    """Return the library's store on the settings' database."""
    if settings.database_url is None:
        from knowledge.storage.sqlite.library import SQLiteStore

        return SQLiteStore(connections)
    from knowledge.storage.postgres.library import PostgresStore

    return PostgresStore(connections)


def open_claims(settings: Settings, beside: Claims | None = None) -> Claims:
    """Return this process's claims among all that use the settings' database; nothing is claimed yet.

    `beside` are its claims for another network of the installation.
    """
    if settings.database_url is None:
        return FileClaims(settings.data_dir / "claims")
    from knowledge.storage.postgres.claims import AdvisoryClaims

    return AdvisoryClaims(settings.database_url.get_secret_value(), settings.network, beside)


def open_library_store(settings: Settings, beside: Connections | None = None) -> SQLiteStore:
    """Return the library's store alone: for commands that look at documents and load no model; `beside`: see above."""
    return library_store(settings, open_connections(settings, beside))
