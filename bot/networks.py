"""The open backends of an installation's networks: one a network, over models that are in memory once."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from bot.backend import Backend
from bot.reembedding import BackgroundEmbedding
from indexer.pipeline import Indexer
from knowledge.domain.networks import MAIN, Network
from knowledge.errors import StorageError
from knowledge.library import Library
from knowledge.servers.types import server_ids
from knowledge.settings import Settings
from knowledge.storage.networks import NetworkRegister
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.private_files import allow_files

# Beside the first one. An open one costs next to nothing while nobody asks there; on a server they share connections.
_MOST_OPEN = 512
# So many hold indexes and members in memory.
_MOST_LOADED = 16
# Each thread's connection to a file is three open files. Where the system does not allow so many, it is closed after
# each piece of work.
_FILES = 16_384
# For so long what the register said is taken to hold.
_FRESH_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Directory(NamedTuple):
    """The networks by name, and whose each server of those beside the first one is."""

    networks: dict[str, Network]
    servers: dict[int, str]

    @property
    def several(self) -> bool:
        """Return whether there is more than the first one."""
        return len(self.networks) > 1


class _Held:
    def __init__(self, backend: Backend, embedding: BackgroundEmbedding | None) -> None:
        self.backend = backend
        self.embedding = embedding
        self.users = 0
        self.added_at: str | None = None

    def close(self) -> None:
        if self.embedding is not None:
            self.embedding.stop()
        self.backend.library.close()


class OpenNetworks:
    """Opens each network's backend on first use, and closes those that were not used for longest. Safe in threads."""

    def __init__(
        self, settings: Settings, open_library: Callable[[Settings], Library], now: Callable[[], datetime]
    ) -> None:
        """Open nothing yet; `open_library` opens the first network's, and the others' share its models."""
        self._settings = settings.installation
        self._open_library = open_library
        self._now = now
        self._first: _Held | None = None
        self._others: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._most_open = _MOST_OPEN
        self._directory = Directory({MAIN: Network(name=MAIN, title=MAIN)}, {})
        self._may_keep_files = False
        self._read_at: float | None = None

    @property
    def last_directory(self) -> Directory:
        """Return what was read last."""
        return self._directory

    def directory(self, *, anew: bool = False) -> Directory:
        """Return the networks there are: as they were read some seconds ago, or with `anew` as they are.

        Raises:
            StorageError: The register cannot be read.
        """
        now, read_at = time.monotonic(), self._read_at
        if not anew and read_at is not None and now - read_at <= _FRESH_SECONDS:
            return self._directory
        with NetworkRegister.opened(self._settings, beside=self._connections()) as register:
            found = Directory({one.name: one for one in register.all()}, register.servers())
        self._directory, self._read_at = found, now
        self._close_removed()
        return found

    @contextmanager
    def lent(self, network: str, *, again_soon: bool = True) -> Iterator[Backend]:
        """Lend a network's backend for as long as the body runs.

        Unless this thread comes `again_soon`, it keeps no file of many networks open: each takes a third of a megabyte.

        Raises:
            HalnError: It cannot be opened.
        """
        if network == MAIN:
            yield self.first()
            return
        held = self._taken(network)
        try:
            yield held.backend
        finally:
            try:
                if len(self._others) > _MOST_LOADED and not (again_soon and self._may_keep_files):
                    held.backend.library.store.release()
            finally:
                with self._lock:
                    held.users -= 1
                self._close_some(held)

    def first(self) -> Backend:
        """Return the first network's backend, which stays open."""
        with self._opening:
            if self._first is None:
                self._first = self._opened(self._open_library(self._settings))
            return self._first.backend

    def close(self) -> None:
        """Close them all."""
        for held in [*self._others.values(), self._first]:
            if held is not None:
                held.close()
        if self._first is not None:
            self._first.backend.check.close()
        self._first = None
        self._others.clear()

    def _taken(self, network: str) -> _Held:
        first = self.first()
        with self._opening:
            with self._lock:
                held = self._others.get(network)
            if held is None:
                added_at = self._known(network).added_at
                if len(self._others) == _MOST_LOADED:
                    self._may_keep_files = allow_files(_FILES) >= _FILES
                held = self._opened(first.library.beside(self._settings.for_network(network)), first)
                held.added_at = added_at
            with self._lock:
                self._others[network] = held
                self._others.move_to_end(network)
                held.users += 1
        return held

    def _connections(self) -> Connections | None:
        """Return the first network's connections, if it is open: another one is not needed to read the register."""
        return None if self._first is None else self._first.backend.library.stores.connections

    def _known(self, network: str) -> Network:
        """Return a network that is there now: one that was removed a moment ago is not begun anew."""
        with NetworkRegister.opened(self._settings, beside=self._connections()) as register:
            found = register.find(network)
        if found is None:
            raise StorageError(f"The network {network} was removed.")
        return found

    def _close_removed(self) -> None:
        """Close networks that were removed and that nobody works in; one of that name that came since is another."""
        networks = self._directory.networks
        with self._lock:
            gone = [
                name
                for name, one in self._others.items()
                if not one.users and (name not in networks or networks[name].added_at != one.added_at)
            ]
            closing = [self._others.pop(name) for name in gone]
        for held in closing:
            held.close()

    def _close_some(self, used: _Held) -> None:
        """Close who was not used for longest, and is not in use, where too many are open; unload where many hold much.

        Only the one that was just `used` can have begun to hold much: unless it does, nobody else is asked.
        """
        may_hold_much = used.backend.is_loaded
        with self._lock:
            if not may_hold_much and len(self._others) <= self._most_open:
                return
            idle = [name for name, held in self._others.items() if not held.users]
            loaded = [name for name in idle if self._others[name].backend.is_loaded] if may_hold_much else []
            too_many = idle[: max(0, len(self._others) - self._most_open)]
            closing = [self._others.pop(name) for name in too_many]
            unloading = [
                self._others[name] for name in loaded[: max(0, len(loaded) - _MOST_LOADED)] if name not in too_many
            ]
        for held in closing:
            held.close()
        for held in unloading:
            held.backend.unload()

    def _opened(self, library: Library, first: Backend | None = None) -> _Held:
        try:
            Indexer(library).ensure_starter_library()
            if first is None:  # the setting names servers of the first network
                library.servers.register.follow_setting(server_ids(library.settings.discord_servers), self._now())
            backend = Backend(library, self._now, first.check if first else None)
        except BaseException:
            library.close()
            raise
        if not library.is_behind:
            return _Held(backend, None)
        embedding = BackgroundEmbedding(library, _log.warning)
        embedding.start()
        return _Held(backend, embedding)
