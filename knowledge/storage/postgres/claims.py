"""Claims of processes on one PostgreSQL: advisory locks, on a connection of their own as long as the process lives.

The server releases them when the connection ends. A machine that went without a word is noticed by TCP within seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time

import psycopg

from knowledge.storage.claims import Claims
from knowledge.storage.postgres.errors import in_words
from knowledge.storage.postgres.pool import has_input
from knowledge.storage.postgres.statements import network_options

# A bot for hundreds of networks holds thousands of claims, and looks at all of them every quarter of a minute.
_ASK_SECONDS = 1.0
# A machine without power says no goodbye: after 5 seconds of silence it is asked three times, 3 seconds apart. The
# session is not to be ended for being idle.
_SETTINGS = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "idle_session_timeout": "0",
}


class ClaimsConnection:
    """The connection on which a process claims, whatever network it claims for. Made when it is asked for first."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.Connection | None = None
        self._ask_at = 0.0
        self.mutex = threading.RLock()

    @property
    def open_connection(self) -> psycopg.Connection | None:
        """Return the connection if there is one that is open; none is made."""
        return None if self._connection is None or self._connection.closed else self._connection

    def get(self) -> psycopg.Connection:
        """Return the connection; another one where it was lost.

        Raises:
            psycopg.Error: The server cannot be reached.
        """
        if self._connection is None or self._connection.closed:
            self.close()
            self._connection = psycopg.connect(self._address, autocommit=True, **network_options(self._address))
            for name, value in _SETTINGS.items():
                self._connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        return self._connection

    def require_alive(self) -> None:
        """Accept the connection if the server answers: it is asked once a second, and where it has said something.

        Raises:
            psycopg.Error: It does not.
        """
        if self._connection is not None and (time.monotonic() >= self._ask_at or has_input(self._connection.fileno())):
            self._connection.execute("SELECT 1")
            self._ask_at = time.monotonic() + _ASK_SECONDS

    def close(self) -> None:
        """Close it; whatever was claimed on it is free."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None


class AdvisoryClaims(Claims):
    """`Claims` over one database, whichever machine asks; each network has its own, on one connection."""

    def __init__(self, address: str, network: str, beside: Claims | None = None) -> None:
        """Claim for a network; `beside` are the claims of the first one in this process, whose connection is used."""
        super().__init__()
        self._network = network
        self._shares = isinstance(beside, AdvisoryClaims)
        self._session: ClaimsConnection = (
            beside._session if isinstance(beside, AdvisoryClaims) else ClaimsConnection(address)
        )
        self._mutex = self._session.mutex
        self._held: set[str] = set()
        self._held_on: psycopg.Connection | None = None

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
            self._session.require_alive()  # the lock is as alive as the connection
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
        if name not in self._held:
            return
        self._held.discard(name)
        # Another connection is not made for it: what was held on one that was lost is free.
        if self._held_on is not None and self._held_on is self._session.open_connection:
            with contextlib.suppress(psycopg.Error):
                self._held_on.execute("SELECT pg_advisory_unlock(%s)", [self._key(name)])

    def _connected(self) -> psycopg.Connection:
        connection = self._session.get()
        if connection is not self._held_on:  # what was held on another one is held no more
            self._held.clear()
            self._held_on = connection
        return connection

    def _lose(self) -> None:
        """Forget what was held on a connection that is no more."""
        self._held.clear()
        self._session.close()

    def close(self) -> None:
        with self._mutex:
            for name in list(self._held):
                self._give_back(name)
            if not self._shares:
                self._session.close()

    def _key(self, name: str) -> int:
        """Return a name as the number that the server knows it by, among all numbers of 64 bits."""
        return int.from_bytes(hashlib.sha256(f"haln {self._network} {name}".encode()).digest()[:8], signed=True)
