"""Members, servers and networks in numbers, on SQLite and on PostgreSQL.

python -m tests.benchmarks.scale members NUMBER ... [--on sqlite]    see `tests.benchmarks.scale_members`
python -m tests.benchmarks.scale servers NUMBER ... [--on postgres]  what a tick of the bot reads
python -m tests.benchmarks.scale networks NUMBER ...                 start, memory, files, connections, a round of loops

Vectors are random ones of 768 dimensions and reading is by words: the models are measured elsewhere. A server of its
own is started for each run. Numbers must grow: each is added to those before.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg

from bot.networks import OpenNetworks
from knowledge.dates import utc_now
from knowledge.networks.directory import add_network
from knowledge.servers.types import Forum, RegisteredBy, Server
from knowledge.settings import Settings
from tests.benchmarks import scale_members
from tests.benchmarks.scale_filling import FIRST
from tests.benchmarks.scale_installation import installation, open_library, resident, settings_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["members", "servers", "networks", "first", "rounds"])
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--on", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--kept", type=Path, help="a folder in which the members that were made stay for the next time")
    options = parser.parse_args()
    if options.what in (own := {"first": scale_members.first_match, "rounds": rounds}):
        print(json.dumps(own[options.what](*options.numbers)))
        return
    stores, numbers = options.on or ["sqlite", "postgres"], [int(number) for number in options.numbers]
    if options.what == "members":
        scale_members.measure(stores, numbers, options.kept)
        return
    for store in stores:
        with installation(store) as settings:
            {"servers": servers, "networks": networks}[options.what](settings, numbers)


def servers(settings: Settings, numbers: list[int]) -> None:
    """Print what a bot reads with so many servers, each with a channel for digests, that are due for all at once."""
    there, now = 0, utc_now()
    with closing(open_library(settings)) as library:
        own = library.servers
        for number in numbers:
            for one in range(there, number):
                with library.members.atomically():
                    own.register.add(FIRST + one, RegisteredBy.COMMAND, now)
                    own.settings.save_server(Server(id=FIRST + one, digest_channel=one + 1, review_channel=one + 2))
                    own.settings.save_forum(Forum(server_id=FIRST + one, channel_id=one + 1, searchable=True))
            there = number
            print(f"{number} servers")
            some = [FIRST + one * max(1, number // 50) for one in range(50)]
            print(
                f"  all ids, for each person who is looked for: {_spread([_ms(own.register.ids) for _ in range(20)])}"
            )
            print(f"  whether one is registered: {_spread([_ms(partial(own.register.has, one)) for one in some])}")
            print(f"  its settings: {_spread([_ms(partial(own.settings.server, one)) for one in some])}")
            week = timedelta(days=7)
            print(f"  digests that are due: {_ms(partial(own.digests.due, now, week)):.1f} ms")
            begun = [
                _ms(partial(own.digests.begin, FIRST + one, "digest.channel", {}, now, week)) for one in range(number)
            ]
            print(f"  one begun: {_spread(begun)}, all {sum(begun):.0f} ms")
            print(f"  none due: {_ms(partial(own.digests.due, now, week)):.1f} ms")
            print(f"  channels for review: {_ms(own.reviews.review_channels):.1f} ms")
            with library.questions._connections.write() as connection:
                connection.execute("DELETE FROM digests")


def networks(settings: Settings, numbers: list[int]) -> None:
    """Print what so many networks cost a bot: opening it, and the rounds of a loop that looks into every one."""
    there = 1
    for number in numbers:
        began = time.perf_counter()
        for one in range(there, number):
            add_network(settings, f"n{one}", f"Network {one}", utc_now())
        print(f"{number} networks: made in {time.perf_counter() - began:.1f} s", flush=True)
        there = number
        address = settings.database_url.get_secret_value() if settings.database_url else ""
        print(f"  {_in_a_process('rounds', settings.data_dir, address)}", flush=True)


def rounds(folder: str, address: str = "") -> dict[str, float]:
    """Return what a process that serves all networks takes: ms to begin and for rounds, MB, files, connections."""
    settings = settings_of(folder, address)
    before, found = resident(), {}
    opened = OpenNetworks(settings, open_library, utc_now)
    found["begin"] = _ms(opened.first)
    for name in ("first round", "second round", "third round"):
        found[name] = _ms(partial(_round, opened))
    names = list(opened.directory().networks)
    found["files"] = len(list(Path("/proc/self/fd").iterdir()))
    found["threads"] = len(list(Path("/proc/self/task").iterdir()))
    found["MB"] = resident() - before
    if address:
        with psycopg.connect(address) as connection:
            asked = connection.execute("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()")
            found["connections"] = asked.fetchone()[0]
    found["one of them"] = statistics.median(_ms(partial(_look, opened, name)) for name in names[-20:])
    opened.close()
    return {key: round(value, 1) for key, value in found.items()}


def _round(opened: OpenNetworks) -> None:
    for name in opened.directory().networks:
        _look(opened, name)


def _look(opened: OpenNetworks, name: str) -> None:
    """Do what the shortest of a bot's loops does in a network: take what waits to be sent."""
    with opened.lent(name) as backend:
        backend.library.outbox.take(["digest.direct"], utc_now())


def _in_a_process(what: str, folder: Path, address: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.scale", what, str(folder), *filter(None, [address])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {done.stderr[-300:]: done.returncode}


def _ms(work) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _spread(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):.1f} ms (95 of 100 within {ordered[int(0.95 * (len(ordered) - 1))]:.1f})"


if __name__ == "__main__":
    main()
