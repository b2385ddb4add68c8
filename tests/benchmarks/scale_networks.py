"""What many networks cost a bot: opening them, the rounds of its loops, connections, memory, an idle minute.

Run it as `python -m tests.benchmarks.scale networks NUMBER ... [--minute]`.
"""

import asyncio
import os
import resource
import statistics
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
from pydantic import SecretStr

from bot.discord.client import HalnBot
from bot.networks import OpenNetworks
from knowledge.dates import utc_now
from knowledge.networks.directory import add_network
from knowledge.settings import Settings
from tests.benchmarks.scale import _in_a_process, _ms
from tests.benchmarks.scale_installation import open_library, resident, settings_of
from tests.bot.wire.server import WireDiscord, places_of, served

# After a start everything is looked at once; then the minute is like any other.
_WARM_SECONDS, _SECONDS = 120, 60
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def networks(settings: Settings, numbers: list[int], *, minute: bool) -> None:
    """Print what so many networks cost a bot: opening them, and the rounds of a loop that looks into every one."""
    there = 1
    for number in numbers:
        began = time.perf_counter()
        for one in range(there, number):
            add_network(settings, f"n{one}", f"Network {one}", utc_now())
        print(f"{number} networks: made in {time.perf_counter() - began:.1f} s", flush=True)
        there = number
        address = settings.database_url.get_secret_value() if settings.database_url else ""
        for what in ("rounds", "minute") if minute else ("rounds",):
            print(f"  {_in_a_process(what, settings.data_dir, address)}", flush=True)


def rounds(folder: str, address: str = "") -> dict[str, float]:
    """Return what a process that serves all networks takes: ms to begin and for rounds, MB, files, connections."""
    settings = settings_of(folder, address)
    before, found = resident(), {}
    opened = OpenNetworks(settings, open_library, utc_now)
    found["begin"] = _ms(opened.first)
    found["each opened and looked into"] = _ms(partial(_look_into_each, opened))
    found["each looked into"] = statistics.median(_ms(partial(_look_into_each, opened)) for _ in range(3))
    found["a round"] = statistics.median(_ms(partial(_round, opened)) for _ in range(5))
    names = list(opened.directory().networks)
    found["one of them"] = statistics.median(_ms(partial(_look, opened, name)) for name in names[-20:])
    found["files"] = len(list(Path("/proc/self/fd").iterdir()))
    found["threads"] = len(list(Path("/proc/self/task").iterdir()))
    found["MB"] = resident() - before
    if address:
        backends = _backends(address)
        found |= {"connections": len(backends), "the server's MB": _private(backends)}
    opened.close()
    return {key: round(value, 1) for key, value in found.items()}


def _round(opened: OpenNetworks) -> None:
    """Do what a bot does every 15 seconds to send what waits: where nothing is due, nothing is opened."""
    names = list(opened.directory().networks)
    for name in opened.first().library.outbox.networks_with_due(names, utc_now()):
        _look(opened, name)


def _look_into_each(opened: OpenNetworks) -> None:
    for name in opened.directory().networks:
        _look(opened, name)


def _look(opened: OpenNetworks, name: str) -> None:
    with opened.lent(name) as backend:
        backend.library.outbox.take(["digest.direct"], utc_now())


def minute(folder: str, address: str = "") -> dict[str, float]:
    """Return how much of a processor a bot and the server take by themselves, in per cent, while nobody asks."""
    settings = settings_of(folder, address).model_copy(update={"discord_token": SecretStr("MTAw.wire.test")})
    return asyncio.run(_minute(settings, address))


async def _minute(settings: Settings, address: str) -> dict[str, float]:
    server = WireDiscord()
    bot = HalnBot(settings, open_library, utc_now)
    async with served(server, server.gateway.handle) as port:
        for place in places_of(port):
            setattr(*place)
        running = asyncio.create_task(bot.start("MTAw.wire.test"))
        await asyncio.sleep(_WARM_SECONDS)
        backends = _backends(address) if address else []
        own, theirs, held_up = time.process_time(), _processor(backends), 0.0
        end = time.perf_counter() + _SECONDS
        while (now := time.perf_counter()) < end:
            await asyncio.sleep(0.05)
            held_up = max(held_up, time.perf_counter() - now - 0.05)
        found = {
            "the bot's part of a processor, %": 100 * (time.process_time() - own) / _SECONDS,
            "the event loop held up at most, ms": 1000 * held_up,
            "most MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
        if address:
            taken = [seconds - theirs[one] for one, seconds in _processor(backends).items()]
            found |= {
                "the server's, %": 100 * sum(taken) / _SECONDS,
                "connections": len(backends),
                "the server's MB": _private(backends),
            }
        await bot.close()
        with suppress(asyncio.CancelledError):
            running.cancel()
            await running
    return {key: round(value, 1) for key, value in found.items()}


def _backends(address: str) -> list[int]:
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute(_BACKENDS)]


def _processor(processes: list[int]) -> dict[int, float]:
    """Return the seconds that processes have had a processor for."""
    found = {}
    for process in processes:
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            found[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _private(processes: list[int]) -> float:
    """Return the memory that processes have each for themselves, in MB."""
    found = 0
    for process in processes:
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            found += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return found / 1000
