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
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bot.backend import Backend
from knowledge.dates import stamp, utc_now
from knowledge.digest.storage.protocols import DigestChoice, Frequency, Means
from knowledge.domain.ids import MAIL_MEMBER, new_id
from knowledge.domain.members import Introduction, PeerQuestion, Route, Search
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.errors import MemberError
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.settings import Settings
from knowledge.storage.engines import open_connections, open_library_store
from knowledge.storage.transfer import transfer
from tests.benchmarks import scale_installation
from tests.benchmarks.scale_installation import Took, open_library, resident, settings_of, timed

_MATCHES = 60
_FEW = 10
FIRST = 10**17  # a number as Discord gives them
_NEW = 10**9  # after the last of those who are there
_SAVED_AT_ONCE = 1000
_SIZES = """
    SELECT pg_database_size(current_database()), string_agg(relname || ' ' || round(size / n_live_tup), ', ')
    FROM (
        SELECT relname, n_live_tup, pg_total_relation_size(relid) AS size FROM pg_stat_user_tables
        WHERE relname IN ('members', 'member_embeddings', 'member_offers', 'digest_choices') AND n_live_tup > 0
    ) AS sizes
"""
_SAID = {
    IntroductionState.ACCEPTED: (DueKind.INTRODUCED, DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE),
    IntroductionState.ASKED: (DueKind.REQUEST, DueKind.LAPSED),
    IntroductionState.DECLINED: (DueKind.REQUEST, DueKind.LAPSED),
    IntroductionState.WITHDRAWN: (DueKind.REQUEST,),
}
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
            folder = _filled(home, before, number)
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


# -- filling


def _filled(home: Path, before: int, number: int) -> Path:
    """Return a data directory with so many members, made of the one before."""
    folder = home / f"members-{number}"
    if folder.exists():
        return folder
    began = time.perf_counter()
    making = home / "making"
    shutil.rmtree(making, ignore_errors=True)
    if before:
        shutil.copytree(home / f"members-{before}", making)
    with closing(open_library(settings_of(making))) as library:
        for start in range(before, number, _SAVED_AT_ONCE):
            _fill(library, start, min(start + _SAVED_AT_ONCE, number))
        filled = time.perf_counter()
        Peers(library, utc_now).match(member_id(0))
    making.rename(folder)
    print(f"{number:,}: stored in {filled - began:.0f} s, embedded in {time.perf_counter() - filled:.0f} s", flush=True)
    return folder


def member_id(member: int) -> str:
    """Return the id of a member by their number: one of ten signs in by mail, the others are on Discord."""
    return f"{MAIL_MEMBER}{member:013}" if member % 10 == 9 else str(FIRST + member)


def _fill(library: Library, first: int, last: int) -> None:
    """Store members with what they leave behind; they were here on one of the last 240 days."""
    today = utc_now()
    day = [today]
    peers, store = Peers(library, lambda: day[0]), library.members
    with store.atomically():
        for member in range(first, last):
            day[0] = today - timedelta(days=member * 37 % 240)
            me = member_id(member)
            peers.save(profile(member))
            library.digests.choose(
                DigestChoice(
                    member_id=me,
                    frequency=Frequency.WEEKLY,
                    means=Means.DIRECT,
                    chosen_at=stamp(day[0]),
                    looked_at=stamp(today - timedelta(days=366)),
                )
            )
            if me.startswith(MAIL_MEMBER):
                library.accounts.account_for(f"sample{member}@example.org", me, stamp(day[0]))
            if member % 20 == 1:
                peers.join_coffee(me)
            if member % 100 == 2:
                peers.tell_me(me)
        for member in range(first, last):
            others = [place for place in (member * 7919 % last, member * 104729 % last, last - 1) if place != member]
            if member % 5 == 0:
                _introduce(library, member, others[0], today)
            if member % 10 == 3:
                store.save_search(Search(id=new_id(), member_id=member_id(member), topic="", made_at=stamp(today)))
            if member % 50 == 4:
                _ask(library, member, others, today)
            if member % 200 == 5:
                store.block(member_id(member), member_id(others[0]), stamp(today))


def _introduce(library: Library, seeker: int, other: int, today: datetime) -> None:
    """Store an introduction of the last 300 days that went its way, and that all was said about it that there was."""
    states = tuple(_SAID)
    state = states[seeker // 5 % len(states)]
    asked = today - timedelta(days=seeker * 13 % 300)
    made = Introduction(
        id=new_id(),
        seeker=member_id(seeker),
        other=member_id(other),
        topic=f"topic{seeker % 89}",
        state=state,
        asked_at=stamp(asked),
        answered_at=None if state is IntroductionState.ASKED else stamp(asked + timedelta(days=2)),
    )
    library.members.add_introduction(made)
    for kind in _SAID[state]:
        for one in (made.seeker, made.other):
            library.members.save_said(one, f"{kind}:{made.id}", stamp(asked))


def _ask(library: Library, asker: int, others: Sequence[int], today: datetime) -> None:
    """Store a question to members, to which all replied but the last, as it mostly is."""
    asked = today - timedelta(days=asker * 11 % 300)
    question = PeerQuestion(
        id=new_id(), asker=member_id(asker), question=f"topic{asker % 89}?", named=True, asked_at=stamp(asked)
    )
    routes = [
        Route(
            question_id=question.id,
            member_id=one,
            sent_at=stamp(asked),
            reply=None if place else "Yes, we did.",
            replied_at=None if place else stamp(asked),
            told=not place,
        )
        for place, one in enumerate(dict.fromkeys(map(member_id, others)))
    ]
    library.members.add_question(question, routes)
    for route in routes:
        library.members.save_said(route.member_id, f"{DueKind.QUESTION}:{question.id}", stamp(asked))


def profile(member: int, extra: str = "") -> dict[str, object]:
    """Return what a sample member says of themselves."""
    topic = f"topic{member % 89} with part{member // 89 % 53}"
    return {
        "id": member_id(member),
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


# -- measuring


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
    yield "notices that are due", [peers.due] * 3
    yield "the same, a moment later", [peers.due] * 3
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
