"""Members in numbers: `python -m tests.benchmarks.scale members 1000 10000 100000 [--on sqlite]`.

The product itself writes them into SQLite, a thousand in a transaction, with what members leave behind: introductions
and what was said of them, searches, blocks, questions to peers, the coffee rota, digests, accounts. For PostgreSQL all
of it is moved as `haln migrate sqlite-to-postgres` does, which compares every row: a server is filled in a part of the
time that a statement for each row would take. Then each act is timed, by the clock and by processors.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bot.backend import Backend
from knowledge.dates import stamp, utc_now
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.domain.ids import new_id
from knowledge.errors import MemberError
from knowledge.matching.peers import Peers
from knowledge.settings import Settings
from knowledge.storage.engines import open_connections, open_library_store
from knowledge.storage.transfer import transfer
from tests.benchmarks import scale_installation
from tests.benchmarks.scale_filling import filled, member_id, profile
from tests.benchmarks.scale_installation import Took, open_library, resident, settings_of, timed

_MATCHES = 60
_FEW = 10
_NEW = 10**9  # after the last of those who are there
_SIZES = """
    SELECT pg_database_size(current_database()), string_agg(relname || ' ' || round(size / n_live_tup), ', ')
    FROM (
        SELECT relname, n_live_tup, pg_total_relation_size(relid) AS size FROM pg_stat_user_tables
        WHERE relname IN ('members', 'member_embeddings', 'member_offers', 'digest_choices') AND n_live_tup > 0
    ) AS sizes
"""
Found = dict[str, Took]


def measure(stores: Collection[str], numbers: Sequence[int], kept: Path | None) -> None:
    """Print what so many members cost on each store; with `kept`, the filled folder stays for the next time."""
    columns = dict[str, Found]()
    with ExitStack() as stack:
        home = kept or Path(stack.enter_context(TemporaryDirectory()))
        server = (
            stack.enter_context(scale_installation.server(**scale_installation.KEPT_SAFE))
            if "postgres" in stores
            else ""
        )
        for before, number in zip([0, *numbers], numbers, strict=False):
            folder = filled(home, before, number)
            if server:
                data = Path(stack.enter_context(TemporaryDirectory()))
                columns[f"PostgreSQL: {number:,}"] = _measured(_moved(folder, data, server, number), number)
            if "sqlite" in stores:
                data = Path(stack.enter_context(TemporaryDirectory())) / "data"
                shutil.copytree(folder, data)
                columns[f"SQLite: {number:,}"] = _measured(settings_of(data), number)
                shutil.rmtree(data)
    _print_table(dict(sorted(columns.items(), key=lambda column: column[0][0] != "S")))


def _print_table(columns: dict[str, Found]) -> None:
    names = dict.fromkeys(name for found in columns.values() for name in found)
    print("\n| ms (of processors) | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for name in names:
        cells = [found[name].short() if name in found else "" for found in columns.values()]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _moved(folder: Path, data: Path, server: str, number: int) -> Settings:
    """Return an installation on a server that has all that a folder has, each row compared."""
    began = time.perf_counter()
    shutil.copy(folder / "haln.key", data)
    settings = settings_of(data, scale_installation.database(server, f"members{number}"))
    with closing(open_connections(settings_of(folder))) as one, closing(open_connections(settings)) as other:
        tables = transfer(one, other)
        with other.read() as connection:
            connection.execute("VACUUM ANALYZE")  # as the server itself does, sooner or later
    rows = sum(table.rows for table in tables)
    print(f"{rows:,} rows moved to PostgreSQL and compared in {time.perf_counter() - began:.0f} s", flush=True)
    return settings


def _measured(settings: Settings, number: int) -> Found:
    """Return how long each act takes, with what it is as a key; each is printed when it is there."""
    print(f"{number:,} members on {'SQLite' if settings.database_url is None else 'PostgreSQL'}", flush=True)
    found = Found()
    _first_match(settings, found)
    with closing(open_library(settings)) as library:
        backend = Backend(library, utc_now)
        try:
            for name, works in _acts(backend, settings, number):
                found[name] = timed(works, settings)
                print(f"  {name}: {found[name]}", flush=True)
        finally:
            backend.check.close()
    megabytes = _megabytes(settings)
    found["the database, MB"] = Took([megabytes], [megabytes])
    return found


def _first_match(settings: Settings, found: Found) -> None:
    """Add what a process's first match takes, and the memory that it leaves."""
    address = settings.database_url.get_secret_value() if settings.database_url else ""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.scale",
        "first",
        str(settings.data_dir),
        *filter(None, [address]),
    ]
    tries = []
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        tries.append(json.loads(done.stdout.splitlines()[-1]))
    found["first match in a process"] = Took([one["clock"] for one in tries], [one["processor"] for one in tries])
    found["memory that it takes, MB"] = Took([one["MB"] for one in tries], [one["MB"] for one in tries])
    print(f"  first match in a process: {found['first match in a process']}; {tries[-1]['MB']:.0f} MB", flush=True)


def first_match(folder: str, address: str = "") -> dict[str, float]:
    """Return what this process's first match takes in ms, and the memory that it leaves in MB."""
    settings = settings_of(folder, address)
    with closing(open_library(settings)) as library:
        peers = Peers(library, utc_now)
        peers.directory.space()
        before = resident()
        took = timed([partial(peers.match, member_id(3))], settings)
        return {"clock": took.clock[0], "processor": took.processor[0], "MB": resident() - before}


Works = list[Callable[[], object]]


def _acts(backend: Backend, settings: Settings, number: int) -> Iterator[tuple[str, Works]]:
    """Yield what is done at that size, a name and the act, some times over."""
    library, peers = backend.library, backend.peers
    store = library.members
    some = [member_id(one * (number // _MATCHES)) for one in range(_MATCHES)]
    few = some[:_FEW]
    peers.match(some[0])  # the members are in memory
    yield "a match", [partial(peers.match, one) for one in some]
    yield (
        "how many can help with a question",
        [partial(peers.count_on, f"topic{one} in town") for one in range(_MATCHES)],
    )
    changes = [partial(_changed, peers, one, some[20 + one]) for one in range(20)]
    yield "a profile is changed, and a match after it", changes
    handles = [(one, store.handle("list", one)) for one in some[::6]]
    yield "who is behind a button", [partial(store.behind, "list", handle) for _, handle in handles]
    yield "who takes part, for the check of departures", [store.unpaused_ids] * 3
    yield "notices that are due, ten searches with them", [peers.due] * 3
    yield "the same after an act of a member's", [partial(peers.due, fits=False)] * 3
    yield from _ticks(backend, number)
    # What a member does.
    new = [member_id(_NEW + one) for one in range(10)]
    yield "signing up", [partial(peers.save, {**profile(_NEW + one), "id": key}) for one, key in enumerate(new)]
    yield "the first match of each of them", [partial(peers.match, one) for one in new]
    yield "a pause and its end", [partial(_paused, peers, one) for one in few]
    yield "asking to be introduced", [partial(_asked, peers, one) for one in some[30:50]]
    yield "one's introductions", [partial(peers.standings, one) for one in few]
    yield "taking a copy of one's data", [partial(backend.privacy.export, one) for one in few]
    yield "erasing oneself", [partial(backend.privacy.forget, one) for one in some[-3:]]
    yield (
        "a match after somebody has left",
        [partial(_left, peers, *pair) for pair in zip(some[-8:-3], few, strict=False)],
    )
    peers.block(few[1], some[-9])
    peers.forget(some[-9])
    yield "one's introductions, where one has blocked somebody who left", [partial(peers.standings, few[1])] * 3
    yield "`haln status`", [partial(_status, settings)] * 3


def _ticks(backend: Backend, number: int) -> Iterator[tuple[str, Works]]:
    """Yield what the loops of a bot do: digests, messages, what is kept no longer."""
    library, now = backend.library, utc_now()
    moment = stamp(now)
    kinds, cutoffs = {Means.DIRECT: "digest.direct"}, {Frequency.WEEKLY: stamp(now - timedelta(days=7))}
    begin = partial(library.digests.begin, Means.DIRECT, kinds, moment, cutoffs)
    begun: Works = [begin] * min(10, number // 500)
    yield "500 digests begun", begun
    while begin():
        pass
    yield "digests that are due, when none is", [begin] * 5
    print(f"  {library.outbox.waiting():,} messages wait")
    yield "the next 20 messages", [partial(library.outbox.take, ["digest.direct"], now)] * 20
    yield "how many wait, for the figures", [library.outbox.waiting] * 3
    with library.questions._connections.write() as connection:
        connection.execute("DELETE FROM outbox")
    yield "what is kept no longer", [backend.peers.expire] * 3
    yield "consent that nobody renewed", [backend.peers.end_consents] * 3
    yield "accounts that nobody uses", [partial(backend.accounts.unused, now)] * 3
    yield "deleted text is overwritten, when there is none", [backend.privacy.finish_erasure] * 3


def _changed(peers: Peers, member: int, seeker: str) -> None:
    peers.save(profile(member, extra=new_id()))
    peers.match(seeker)


def _left(peers: Peers, gone: str, seeker: str) -> None:
    peers.forget(gone)
    peers.match(seeker)


def _paused(peers: Peers, one: str) -> None:
    peers.pause(one)
    peers.resume(one)


def _asked(peers: Peers, one: str) -> None:
    """Ask the first who may be asked, of those who fit; searching is timed by itself."""
    for match in peers.match(one, k=1).matches:
        try:
            peers.ask(one, match.member_id, "topic")
        except MemberError as error:
            print(f"  not asked: {error}")


def _status(settings: Settings) -> None:
    with closing(open_library_store(settings)) as store:
        store.counts()
        store.identity()


def _megabytes(settings: Settings) -> float:
    if settings.database_url is None:
        return settings.database_path.stat().st_size / 1e6
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as connection:
        connection.execute("ANALYZE")
        size, rows = connection.execute(_SIZES).fetchone()
    print(f"  bytes a row: {rows}")
    return size / 1e6
