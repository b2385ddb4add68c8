"""What the benchmarks of size share: data directories, servers, sample vectors, time by the clock and of processors."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import psycopg
from pydantic import SecretStr

from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests import postgres_server
from tests.fakes import WordReader

_SMALLEST_SHARE = 0.95
# As a server of 4 GB has them: nothing that was acknowledged is lost, and its statistics are kept.
KEPT_SAFE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
}


class RandomVectors:
    """Vectors that mean nothing, as long as the default model's, the same for the same text."""

    name, dimension, window = "random@2", 768, 256

    def __init__(self, _settings=None):
        self._numbers = np.random.default_rng(1).normal(size=(4096, self.dimension)).astype(np.float32)

    def count_tokens(self, text):
        return len(text.split())

    def embed_documents(self, texts):
        rows = np.array([[hash_of(word) % 4096 for word in (text.split() + [text] * 8)[:8]] for text in texts])
        vectors = self._numbers[rows[:, 0]]
        for column in range(1, rows.shape[1]):
            vectors += self._numbers[rows[:, column]]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    embed_queries = embed_documents


def hash_of(word: str) -> int:
    """Return a number that is the same in each process."""
    return int.from_bytes(word.encode()[-6:], "big") * 2654435761 >> 7


class Took(NamedTuple):
    """How long the same work took each time, in ms: by the clock, and of processors, the database server's with it."""

    clock: list[float]
    processor: list[float]

    def __str__(self) -> str:
        """Return the middle of each, and within what 95 of 100 were."""
        most = sorted(self.clock)[int(_SMALLEST_SHARE * (len(self.clock) - 1))]
        one = f"{shown(statistics.median(self.clock))} ms"
        several = f" (95 of 100 within {shown(most)})" if len(self.clock) > 1 else ""
        return f"{one}{several}; of processors {shown(statistics.median(self.processor))}"

    def short(self) -> str:
        """Return the middle of each, for a table."""
        clock, processor = shown(statistics.median(self.clock)), shown(statistics.median(self.processor))
        return clock if clock == processor else f"{clock} ({processor})"


def shown(value: float) -> str:
    """Return a number of ms with a digit behind the point only where it is small."""
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"


def timed(works: Sequence[Callable[[], object]], settings: Settings) -> Took:
    """Do one after the other, and return how long each took."""
    postmaster = postmaster_of(settings)
    took = Took([], [])
    for work in works:
        server, own, began = _server_ms(postmaster), time.process_time(), time.perf_counter()
        work()
        took.clock.append(1000 * (time.perf_counter() - began))
        took.processor.append(1000 * (time.process_time() - own) + _server_ms(postmaster) - server)
    return took


def postmaster_of(settings: Settings) -> int | None:
    """Return the process of the database's server, on this machine; `None` where there is none."""
    if settings.database_url is None:
        return None
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        pid = connection.info.backend_pid
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _server_ms(postmaster: int | None) -> float:
    """Return how long a server's processes have been on a processor: those that are there, and those that ended."""
    if postmaster is None:
        return 0.0
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    running = 0
    for pid in children:
        try:
            running += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
    ended = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    return running / 1e6 + 1000 * (int(ended[13]) + int(ended[14])) / os.sysconf("SC_CLK_TCK")


def open_library(settings: Settings) -> Library:
    """Open a library whose vectors are random and whose reader reads words."""
    library = Library.open(settings, RandomVectors)
    library.reader = WordReader()
    return library


def settings_of(folder: Path | str, address: str = "") -> Settings:
    """Return the settings of an installation in a data directory, on a server if there is an address."""
    settings = Settings(data_dir=Path(folder), starter_library=Switch.OFF)
    return settings.model_copy(update={"database_url": SecretStr(address)}) if address else settings


@contextmanager
def server(**options: str) -> Iterator[str]:
    """Start a PostgreSQL with an ordinary account, as several networks need it; the address of its administrator."""
    programs = postgres_server.programs()
    assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
    with postgres_server.running(programs, max_connections="400", **options) as address:
        postgres_server.run(address, "CREATE ROLE assistant LOGIN")
        yield address


def database(address: str, name: str) -> str:
    """Make a database that the ordinary account owns; that account's address of it."""
    postgres_server.run(address, f"CREATE DATABASE {name} OWNER assistant")
    postgres_server.run(address.replace("/postgres?", f"/{name}?"), "CREATE EXTENSION vector")
    return address.replace("//haln@", "//assistant@").replace("/postgres?", f"/{name}?")


@contextmanager
def installation(store: str) -> Iterator[Settings]:
    """An empty data directory, on PostgreSQL with a server of its own."""
    with TemporaryDirectory() as name:
        if store == "sqlite":
            print("on SQLite")
            yield settings_of(name)
            return
        with server() as address:
            print("on PostgreSQL")
            yield settings_of(name, database(address, "assistant"))


def resident() -> float:
    """Return how much memory this process has, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
