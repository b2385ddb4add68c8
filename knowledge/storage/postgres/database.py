"""Opens a PostgreSQL database with its schema up to date. Every store works on the connections that come of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from knowledge.dates import stamp, utc_now
from knowledge.domain.networks import MAIN
from knowledge.errors import StorageError
from knowledge.storage.postgres import row_security
from knowledge.storage.postgres.connection import PostgresConnections
from knowledge.storage.postgres.schema import STEPS, bring_up_to_date
from knowledge.storage.postgres.statements import PostgresConnection
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.hash_key import KEY_FILE, key_beside
from knowledge.storage.sqlite.private_files import make_private_folder

_STEPS = "SELECT to_regclass(quote_ident(current_schema()) || '.schema_steps')"


def open_postgres(
    address: str, path: Path, network: str = MAIN, beside: Connections | None = None
) -> PostgresConnections:
    """Return a network's part of the database at an address, made or brought up to date where needed.

    `path` is where SQLite's file would be: the key of the hashes that stand for people is beside it. `beside` are
    connections of another network in this process, which are used for this one, too.

    Raises:
        StorageError: It cannot be reached, was made by a newer version, or was used with another key than this one;
            or there are several networks, and the account may bypass row-level security.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    try:
        make_private_folder(path.parent)
    except OSError as error:
        raise StorageError(
            f"The data directory {path.parent} cannot be made ({error.strerror}). Choose a folder that you may write "
            "in with HALN_DATA_DIR or --data-dir."
        ) from None
    connections = PostgresConnections(address, path, network, beside=beside)
    try:
        if not _is_current(connections):
            with connections.write() as connection:
                own = cast("PostgresConnection", connection)
                own.take_any_time()
                row_security.make_schema(own.raw, network)
                bring_up_to_date(own)
                if network != MAIN or row_security.are_protected(own.raw):
                    connections.protect(connection)  # around what this brought, too
        connections.hash_key = key_beside(path)
        _require_key(connections)
    except BaseException:
        connections.close()
        raise
    return connections


def open_bare(
    address: str, path: Path, network: str, *, make: bool, beside: Connections | None = None
) -> PostgresConnections | None:
    """Return a schema of the database as it is; `None` where there is none, and none is to be made.

    Raises:
        StorageError: The database cannot be reached, or the account may bypass row-level security.
    """
    connections = PostgresConnections(address, path, network, most=2, beside=beside)
    try:
        with connections.read() as connection:
            raw = cast("PostgresConnection", connection).raw
            there = connection.execute("SELECT to_regnamespace(?)", [row_security.schema_of(network)]).fetchone()[0]
            if there is not None or make:
                row_security.require_bound(raw)
        if there is None and make:
            with connections.write() as connection:
                row_security.make_schema(cast("PostgresConnection", connection).raw, network)
    except BaseException:
        connections.close()
        raise
    if there is None and not make:
        connections.close()
        return None
    return connections


def drop_network(address: str, path: Path, network: str) -> bool:
    """Drop the schema of a network with all that is in it; return whether there was one.

    Raises:
        ValueError: It is the first network, whose tables are not alone where they are.
        StorageError: The server cannot be reached.
        StorageBusyError: Somebody works in it for longer than 30 seconds.
    """
    schema = row_security.schema_of(network)
    if schema is None:
        raise ValueError("the first network has no schema of its own")
    connections = PostgresConnections(address, path, network, most=1)
    try:
        with connections.read() as connection:
            raw = cast("PostgresConnection", connection).raw
            if there := schema in row_security.schemas(raw):
                row_security.drop_schema(raw, schema)
        return there
    finally:
        connections.close()


def with_schema(address: str, path: Path, networks: Iterable[str]) -> set[str]:
    """Return those of some networks that have a schema; the first one needs none.

    Raises:
        StorageError: The server cannot be reached.
    """
    connections = PostgresConnections(address, path, most=1)
    try:
        with connections.read() as connection:
            there = row_security.schemas(cast("PostgresConnection", connection).raw)
    finally:
        connections.close()
    return {name for name in networks if (row_security.schema_of(name) or name) in {*there, MAIN}}


def bypasses_row_security(address: str, path: Path) -> bool:
    """Return whether an address is of an account that may bypass row-level security."""
    connections = PostgresConnections(address, path, most=1)
    try:
        with connections.read() as connection:
            return row_security.bypasses(cast("PostgresConnection", connection).raw)
    finally:
        connections.close()


def admit_networks(address: str, path: Path) -> None:
    """Protect the first network's tables, before there is a second one.

    Raises:
        StorageError: The account may see past them, or may not make them.
    """
    # First of all: an account that is refused must not own a table.
    connections = PostgresConnections(address, path, most=1)
    try:
        with connections.read() as connection:
            row_security.require_bound(cast("PostgresConnection", connection).raw)
    finally:
        connections.close()
    connections = open_postgres(address, path)
    try:
        with connections.write() as connection:
            connections.protect(connection)
    finally:
        connections.close()


def _is_current(connections: PostgresConnections) -> bool:
    with connections.read() as connection:
        encoding = connection.execute("SELECT getdatabaseencoding()").fetchone()[0]
        if encoding != "UTF8":
            raise StorageError(f"The database is in {encoding}. Make one in UTF8 for HALN_DATABASE_URL.")
        raw = cast("PostgresConnection", connection).raw
        if connections.network != MAIN or row_security.are_protected(raw):
            row_security.require_bound(raw)
        # By the schema's name: the search path may lead on to the first network's.
        if connection.execute(_STEPS).fetchone()[0] is None:
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
