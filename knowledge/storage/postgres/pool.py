"""The connections of one process to one database: few, whatever the number of networks, each lent to one at a time.

Who borrows a connection names the network, and gets one that is that network's before it sees anything: its row-level
security and where names of tables lead are set in one statement, unless they are so already. No other way leads to a
connection of the pool, so what lies there is nobody's, whoever had it last.
"""

from __future__ import annotations

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg_pool import ConnectionPool

from knowledge.storage.postgres import row_security
from knowledge.storage.postgres.errors import in_words
from knowledge.storage.postgres.statements import connection_options

if TYPE_CHECKING:
    from knowledge.storage.postgres.statements import Row

# As with SQLite: how long a writer waits for another.
PATIENCE_MS = 30_000
# No statement of the house takes so long but for those about all rows, which say so: what does is stuck.
_STATEMENT_MS = 600_000
# What is relied on, and what a server, a database or an account may have by default in another way. Who waited for the
# lock of those who write alone has to see what the one before wrote; numbers have to come back as they were.
_SETTINGS = {
    "lock_timeout": str(PATIENCE_MS),
    "statement_timeout": str(_STATEMENT_MS),
    "default_transaction_isolation": "read committed",
    "row_security": "on",
    "standard_conforming_strings": "on",
    "client_encoding": "UTF8",
    "extra_float_digits": "1",
}
# Where some lay unused for so long, one is closed. Each takes half a megabyte of the server for each network.
_IDLE_SECONDS = 120.0
# Each table that is looked at is locked until all of them were, and the server has room for thousands.
_ASKED_AT_ONCE = 50


class Pool:
    """Connections that are kept and lent to threads, as many as are used at once, `most` at most."""

    def __init__(self, address: str, most: int, kept: int) -> None:
        """Open the pool; `kept` connections stay open also while nobody uses one.

        Raises:
            StorageError: The server cannot be reached.
        """
        options = connection_options(address)
        try:
            # The pool would only say that it waited for too long.
            psycopg.connect(address, **options).close()
        except psycopg.Error as error:
            raise in_words(error) from None  # the chained one may show the address
        self._pool = ConnectionPool[row_security.BoundConnection](
            address,
            connection_class=row_security.BoundConnection,
            kwargs=options,
            configure=_begin,
            check=self._require_open,
            min_size=kept,
            max_size=most,
            timeout=PATIENCE_MS / 1000,
            max_idle=_IDLE_SECONDS,
            num_workers=1,
            open=True,
        )
        try:
            self._pool.wait(PATIENCE_MS / 1000)  # who asks before the first is there would have another one made
        except psycopg.Error as error:
            raise in_words(error) from None

    @contextmanager
    def lent(self, network: str) -> Iterator[psycopg.Connection[Row]]:
        """Lend a connection that is a network's for as long as the body runs.

        Raises:
            psycopg.Error: None is free for 30 seconds, or the server cannot be reached.
        """
        with self._pool.connection() as connection:
            row_security.enter(connection, network)
            yield connection

    def answers(self, networks: Sequence[str], statement: str, values: Sequence[object]) -> list[Any]:
        """Return the first value that a query gives in each network, asked as each of them, without waiting between.

        Raises:
            psycopg.Error: It could not be asked in one of them.
        """
        found: list[Any] = []
        for start in range(0, len(networks), _ASKED_AT_ONCE):
            with self._pool.connection() as connection, connection.pipeline(), connection.transaction():
                asked = []
                for network in networks[start : start + _ASKED_AT_ONCE]:
                    row_security.enter_for_transaction(connection, network)
                    asked.append(connection.execute(cast("Any", statement), values))
                rows = [cursor.fetchone() for cursor in asked]
            found += [row[0] if row else None for row in rows]
        return found

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def _require_open(self, connection: psycopg.Connection[Any]) -> None:
        """Accept a connection that lay in the pool if the server has not ended it meanwhile, without asking the server.

        Whoever is lent one after the server was started anew would fail otherwise, once for each that lies there.

        Raises:
            OperationalError: The server has said something that nobody asked for; its goodbye, most likely.
        """
        if has_input(connection.fileno()):
            connection.close()
            self._pool.drain()  # the others are older, and were ended with it
            raise psycopg.OperationalError("the server ended the connection")


def _begin(connection: row_security.BoundConnection) -> None:
    """Set for how long is waited. It is no network's yet, so it sees nothing."""
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SETTINGS.items())
    connection.execute(cast("Any", f"SELECT {settings}"))
    connection.look_around()


def has_input(descriptor: int) -> bool:
    """Return whether there is something to be read on a socket, without waiting."""
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([descriptor], [], [], 0)[0])
    # `select` knows descriptors up to 1,023 alone, and a bot for hundreds of networks has more.
    asked = select.poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(0))
