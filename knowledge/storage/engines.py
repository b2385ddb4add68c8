"""Opens the database that the settings ask for: one file of SQLite, or a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import SettingsError
from knowledge.storage.claims import Claims, FileClaims
from knowledge.storage.sqlite.database import open_database

if TYPE_CHECKING:
    from knowledge.settings import Settings
    from knowledge.storage.sqlite.connection import Connections
    from knowledge.storage.sqlite.library import SQLiteStore


def open_connections(settings: Settings) -> Connections:
    """Return the database of the settings, made or brought up to date where needed.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: It cannot be used.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    if settings.database_url is None:
        return open_database(settings.database_path)
    try:
        from knowledge.storage.postgres.database import open_postgres
    except ImportError as error:
        raise SettingsError(
            f"HALN_DATABASE_URL needs {error.name}, which is not installed: pip install 'haln-assistant[postgres]'."
        ) from None
    return open_postgres(settings.database_url.get_secret_value(), settings.database_path)


def library_store(settings: Settings, connections: Connections) -> SQLiteStore:
    """Return the library's store on the settings' database."""
    if settings.database_url is None:
        from knowledge.storage.sqlite.library import SQLiteStore

        return SQLiteStore(connections)
    from knowledge.storage.postgres.library import PostgresStore

    return PostgresStore(connections)


def open_claims(settings: Settings) -> Claims:
    """Return this process's claims among all that use the settings' database. Nothing is claimed yet."""
    if settings.database_url is None:
        return FileClaims(settings.data_dir / "claims")
    from knowledge.storage.postgres.claims import AdvisoryClaims

    return AdvisoryClaims(settings.database_url.get_secret_value())


def open_library_store(settings: Settings) -> SQLiteStore:
    """Return the library's store alone: for commands that look at documents and load no model."""
    return library_store(settings, open_connections(settings))
