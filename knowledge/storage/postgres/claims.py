"""Claims of processes on one PostgreSQL: advisory locks, on a connection of its own that lasts as long as its process.

The server releases them when the connection ends. A machine that went without a word is noticed by TCP within seconds.
"""

from __future__ import annotations

import contextlib
import hashlib

import psycopg

from knowledge.storage.claims import Claims
from knowledge.storage.postgres.errors import in_words
from knowledge.storage.postgres.statements import network_options

# A machine without power says no goodbye: after 5 seconds of silence it is asked three times, 3 seconds apart. The
# session is not to be ended for being idle.
_SETTINGS = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "idle_session_timeout": "0",
}


class AdvisoryClaims(Claims):
    """`Claims` over one database, whichever machine asks; each network has its own."""

    def __init__(self, address: str, network: str) -> None:
        super().__init__()
        self._network = network
        self._address = address
        self._connection: psycopg.Connection | None = None
        self._held: set[str] = set()

    def _has(self, name: str) -> bool:
        try:
            return self._locked(name)
        except psycopg.Error:
            self._lose()
        # A server that was started anew knows nothing of what was held: it is asked for again, among all others.
        try:
            return self._locked(name)
        except psycopg.Error as error:
            self._lose()
            raise in_words(error) from None

    def _locked(self, name: str) -> bool:
        connection = self._connected()
        if name in self._held:
            connection.execute("SELECT 1")  # the lock is as alive as the connection
            return True
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [self._key(name)]).fetchone()
        if row is None or not row[0]:
            return False
        self._held.add(name)
        return True

    def _is_free(self, name: str) -> bool:
        try:
            connection = self._connected()
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [self._key(name)]).fetchone()
            if row is None or not row[0]:
                return False
            connection.execute("SELECT pg_advisory_unlock(%s)", [self._key(name)])
        except psycopg.Error as error:
            self._lose()
            raise in_words(error) from None
        return True

    def _give_back(self, name: str) -> None:
        if name in self._held:
            self._held.discard(name)
            with contextlib.suppress(psycopg.Error):
                self._connected().execute("SELECT pg_advisory_unlock(%s)", [self._key(name)])

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._lose()
            self._connection = psycopg.connect(self._address, autocommit=True, **network_options(self._address))
            for name, value in _SETTINGS.items():
                self._connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        return self._connection

    def _lose(self) -> None:
        """Forget what was held on a connection that is no more."""
        self._held.clear()
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def close(self) -> None:
        with self._mutex:
            if self._held and self._connection is not None:
                with contextlib.suppress(psycopg.Error):  # the server notices the end of a connection a moment later
                    self._connection.execute("SELECT pg_advisory_unlock_all()")
            self._lose()

    def _key(self, name: str) -> int:
        """Return a name as the number that the server knows it by, among all numbers of 64 bits."""
        return int.from_bytes(hashlib.sha256(f"haln {self._network} {name}".encode()).digest()[:8], signed=True)
