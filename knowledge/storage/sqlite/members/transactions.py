"""What the parts of the member store share: one connection a thread, and transactions that may hold several writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.storage.sqlite.connection import Connections


class Transactions:
    """Reads and writes on an opened database; within `atomically`, writes join its transaction."""

    def __init__(self, connections: Connections) -> None:
        """Work on an opened database (see `open_database`)."""
        self._connections = connections

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """Everything within is one write transaction of this thread."""
        with self._write():
            yield

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._connections.read() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._connections.write() as connection:
            yield connection
