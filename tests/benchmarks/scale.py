"""Members, servers and networks in numbers, on SQLite and on PostgreSQL.

python -m tests.benchmarks.scale members NUMBER ... [--on sqlite]    first match in a process, matches, digests, memory
python -m tests.benchmarks.scale servers NUMBER ... [--on postgres]  what a tick of the bot reads
python -m tests.benchmarks.scale networks NUMBER ... [--minute]      start, memory, files, connections, a round of loops

Vectors are random ones of 768 dimensions and reading is by words: the models are measured elsewhere. A server of its
own is started for each run. Numbers must grow: each is added to those before.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import psycopg
from pydantic import SecretStr

from knowledge.dates import stamp, utc_now
from knowledge.digest.storage.protocols import DigestChoice, Frequency, Means
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.servers.types import Forum, RegisteredBy, Server
from knowledge.settings import Settings, Switch
from tests import postgres_server
from tests.fakes import WordReader

_MATCHES = 60
_FIRST = 10**17  # a number as Discord gives them
_SAVED_AT_ONCE = 1000
_ROWS = """
    SELECT relname, n_live_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables
    WHERE relname IN ('members', 'member_embeddings', 'member_offers', 'digest_choices') AND n_live_tup > 0
"""


class RandomVectors:
    """Vectors that mean nothing, as long as the default model's, the same for the same text."""

    name, dimension, window = "random@2", 768, 256

    def __init__(self, _settings=None):
        self._numbers = np.random.default_rng(1).normal(size=(4096, self.dimension)).astype(np.float32)

    def count_tokens(self, text):
        return len(text.split())

    def embed_documents(self, texts):
        rows = np.array([[hash_of(word) % 4096 for word in (text.split() + [text] * 8)[:8]] for text in texts])
        vectors = self._numbers[rows].sum(axis=1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    embed_queries = embed_documents


def hash_of(word: str) -> int:
    """Return a number that is the same in each process."""
    return int.from_bytes(word.encode()[-6:], "big") * 2654435761 >> 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["members", "servers", "networks", "first", "rounds", "minute"])
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--on", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--minute", action="store_true", help="of networks: also what a bot takes that nobody asks")
    options = parser.parse_args()
    from tests.benchmarks import scale_networks

    if options.what in (
        own := {"first": first_match, "rounds": scale_networks.rounds, "minute": scale_networks.minute}
    ):
        print(json.dumps(own[options.what](*options.numbers)))
        return
    many = partial(scale_networks.networks, minute=options.minute)
    for store in options.on or ["sqlite", "postgres"]:
        with installation(store) as settings:
            {"members": members, "servers": servers, "networks": many}[options.what](
                settings, [int(number) for number in options.numbers]
            )


def servers(settings: Settings, numbers: list[int]) -> None:
    """Print what a bot reads with so many servers, each with a channel for digests, that are due for all at once."""
    there, now = 0, utc_now()
    with closing(_library(settings)) as library:
        own = library.servers
        for number in numbers:
            for one in range(there, number):
                with library.members.atomically():
                    own.register.add(_FIRST + one, RegisteredBy.COMMAND, now)
                    own.settings.save_server(Server(id=_FIRST + one, digest_channel=one + 1, review_channel=one + 2))
                    own.settings.save_forum(Forum(server_id=_FIRST + one, channel_id=one + 1, searchable=True))
            there = number
            print(f"{number} servers")
            some = [_FIRST + one * max(1, number // 50) for one in range(50)]
            print(
                f"  all ids, for each person who is looked for: {_spread([_ms(own.register.ids) for _ in range(20)])}"
            )
            print(f"  whether one is registered: {_spread([_ms(partial(own.register.has, one)) for one in some])}")
            print(f"  its settings: {_spread([_ms(partial(own.settings.server, one)) for one in some])}")
            week = timedelta(days=7)
            print(f"  digests that are due: {_ms(partial(own.digests.due, now, week)):.1f} ms")
            begun = [
                _ms(partial(own.digests.begin, _FIRST + one, "digest.channel", {}, now, week)) for one in range(number)
            ]
            print(f"  one begun: {_spread(begun)}, all {sum(begun):.0f} ms")
            print(f"  none due: {_ms(partial(own.digests.due, now, week)):.1f} ms")
            print(f"  channels for review: {_ms(own.reviews.review_channels):.1f} ms")
            with library.questions._connections.write() as connection:
                connection.execute("DELETE FROM digests")


@contextmanager
def installation(store: str) -> Iterator[Settings]:
    """An empty data directory, on PostgreSQL with a server of its own."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name), starter_library=Switch.OFF)
        if store == "sqlite":
            print("on SQLite")
            yield settings
            return
        programs = postgres_server.programs()
        assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
        with postgres_server.running(programs, max_connections="400") as address:
            # Of an ordinary account, as several networks need it.
            postgres_server.run(address, "CREATE ROLE assistant LOGIN")
            postgres_server.run(address, "CREATE DATABASE assistant OWNER assistant")
            address = address.replace("//haln@", "//assistant@").replace("/postgres?", "/assistant?")
            postgres_server.run(address.replace("//assistant@", "//haln@"), "CREATE EXTENSION vector")
            print("on PostgreSQL")
            yield settings.model_copy(update={"database_url": SecretStr(address)})


def members(settings: Settings, numbers: list[int]) -> None:
    """Print what so many members cost."""
    there = 0
    with closing(_library(settings)) as library:
        peers = Peers(library, utc_now)
        for number in numbers:
            began = time.perf_counter()
            _fill(library, peers, there, number)
            peers.match(str(_FIRST))
            there = number
            print(f"{number} members: stored and embedded in {time.perf_counter() - began:.0f} s")
            _sizes(settings)
            address = settings.database_url.get_secret_value() if settings.database_url else ""
            print(f"  a process: {_in_a_process('first', settings.data_dir, address)}", flush=True)
            _matches(library, peers, number)
            _digests(library)


def _matches(library: Library, peers: Peers, number: int) -> None:
    some = [str(_FIRST + one * (number // _MATCHES)) for one in range(_MATCHES)]
    print(f"  a match: {_spread([_ms(partial(peers.match, one)) for one in some])}")
    asked = [f"topic{one} in town" for one in range(_MATCHES)]
    print(f"  how many can help with a question: {_spread([_ms(partial(peers.count_on, one)) for one in asked])}")
    taken = []
    for one in range(20):
        peers.save(_profile(one, extra=f"new{number}"))
        taken.append(_ms(partial(peers.match, some[20 + one])))
    print(f"  a match after a profile has changed: {_spread(taken)}")
    handle = library.members.handle("list", some[-1])
    print(f"  who is behind a button: {_ms(partial(library.members.behind, 'list', handle)):.0f} ms")
    print(f"  who takes part, for the check of departures: {_ms(library.members.unpaused_ids):.0f} ms")
    print(f"  notices that are due: {_ms(peers.due):.0f} ms", flush=True)


def _library(settings: Settings) -> Library:
    library = Library.open(settings, RandomVectors)
    library.reader = WordReader()
    return library


def _fill(library: Library, peers: Peers, first: int, last: int) -> None:
    now = utc_now()
    for start in range(first, last, _SAVED_AT_ONCE):
        with library.members.atomically():
            for member in range(start, min(start + _SAVED_AT_ONCE, last)):
                peers.save(_profile(member))
                library.digests.choose(
                    DigestChoice(
                        member_id=str(_FIRST + member),
                        frequency=Frequency.WEEKLY,
                        means=Means.DIRECT,
                        chosen_at=stamp(now),
                        looked_at=stamp(now.replace(year=now.year - 1)),
                    )
                )


def _digests(library: Library) -> None:
    """Begin all that are due, as the bot does each tick, then look once more when none is."""
    now = stamp(utc_now())
    kinds, cutoffs = {Means.DIRECT: "digest.direct"}, {Frequency.WEEKLY: stamp(utc_now() - timedelta(days=7))}
    taken, some = [], 1
    while some:
        began = time.perf_counter()
        some = library.digests.begin(Means.DIRECT, kinds, now, cutoffs)
        taken.append(1000 * (time.perf_counter() - began))
    begun = f"{library.outbox.waiting()} digests begun, 500 at a time"
    print(f"  {begun}: {_spread(taken[:-1])}; none due: {taken[-1]:.1f} ms")
    taken = [_ms(lambda: library.outbox.take(["digest.direct"], utc_now())) for _ in range(20)]
    print(f"  taking 20 of them: {_spread(taken)}", flush=True)
    with library.questions._connections.write() as connection:
        connection.execute("DELETE FROM outbox")
        connection.execute("UPDATE digest_choices SET looked_at = '2025'")


def _sizes(settings: Settings) -> None:
    if settings.database_url is None:
        print(f"  the file: {settings.database_path.stat().st_size / 1e6:.0f} MB")
        return
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as connection:
        connection.execute("ANALYZE")
        rows = connection.execute(_ROWS).fetchall()
    print("  bytes a row: " + ", ".join(f"{table} {whole / count:.0f}" for table, count, whole in rows))


def _in_a_process(what: str, folder: Path, address: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.scale", what, str(folder), *filter(None, [address])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {done.stderr[-300:]: done.returncode}


def _settings(folder: str, address: str) -> Settings:
    settings = Settings(data_dir=Path(folder), starter_library=Switch.OFF)
    return settings.model_copy(update={"database_url": SecretStr(address)}) if address else settings


def first_match(folder: str, address: str = "") -> dict[str, float]:
    """Return what a process's first match takes in ms, and the memory it leaves in MB."""
    settings = _settings(folder, address)
    with closing(_library(settings)) as library:
        peers = Peers(library, utc_now)
        peers.directory.space()
        before = _resident()
        first = _ms(lambda: peers.match(str(_FIRST + 3)))
        second = _ms(lambda: peers.match(str(_FIRST + 4)))
        return {"first match, ms": round(first), "second": round(second), "MB": round(_resident() - before)}


def _resident() -> float:
    """Return how much memory this process has, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _ms(work) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _spread(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):.1f} ms (95 of 100 within {ordered[int(0.95 * (len(ordered) - 1))]:.1f})"


def _profile(member: int, extra: str = "") -> dict[str, object]:
    topic = f"topic{member % 89} with part{member // 89 % 53}"
    return {
        "id": str(_FIRST + member),
        "display_name": f"Sample {member}",
        "organisation": f"House {member // 3}",
        "role": f"Role {member % 300}",
        "sector": ("nhs_trust", "council", "university")[member % 3],
        "nation": ("wales", "england", "scotland")[member % 3],
        "pillars": ["estates", "employment"][: 1 + member % 2],
        "working_on": f"Work on {topic} in town{member % 997} for group{member % 211}. {extra}",
        "can_offer": f"Advice about {topic} and what it cost in year{member % 13}.",
        "looking_for": f"Others with topic{member // 7 % 89} or place{member % 401}.",
        "findable": True,
        "consent": True,
    }


if __name__ == "__main__":
    main()
