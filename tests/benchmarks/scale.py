"""Members, servers and networks in numbers, on SQLite and on PostgreSQL.

python -m tests.benchmarks.scale members NUMBER ... [--on sqlite]    see `tests.benchmarks.scale_members`
python -m tests.benchmarks.scale servers NUMBER ... [--on postgres]  what a tick of the bot reads
python -m tests.benchmarks.scale networks NUMBER ... [--minute]      start, memory, files, connections, a round of loops

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

from knowledge.dates import utc_now
from knowledge.servers.types import Forum, RegisteredBy, Server
from knowledge.settings import Settings
from tests.benchmarks import scale_members
from tests.benchmarks.scale_filling import FIRST
from tests.benchmarks.scale_installation import installation, open_library


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["members", "servers", "networks", "first", "rounds", "minute"])
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--on", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--minute", action="store_true", help="of networks: also what a bot takes that nobody asks")
    parser.add_argument("--kept", type=Path, help="a folder in which the members that were made stay for the next time")
    options = parser.parse_args()
    from tests.benchmarks import scale_networks

    own = {
        "first": scale_members.first_match,
        "rounds": scale_networks.rounds,
        "minute": scale_networks.minute,
    }
    if options.what in own:
        print(json.dumps(own[options.what](*options.numbers)))
        return
    stores, numbers = options.on or ["sqlite", "postgres"], [int(number) for number in options.numbers]
    if options.what == "members":
        scale_members.measure(stores, numbers, options.kept)
        return
    many = partial(scale_networks.networks, minute=options.minute)
    for store in stores:
        with installation(store) as settings:
            {"servers": servers, "networks": many}[options.what](settings, numbers)


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
