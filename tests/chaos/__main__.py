"""The campaigns, as long as they are meant to be: `python -m tests.chaos crash 500`, `processes 50`, `soak 100000`.

`compose` starts the services of `compose.scale.yaml` as processes.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

import pytest

from bot.discord.client import HalnBot
from knowledge.library import Library
from tests import postgres_server
from tests.bot.wire.server import GUILD, wire_discord
from tests.chaos import compose, crash, processes, workers
from tests.chaos.discord import Campaign
from tests.chaos.soak import soak
from tests.fakes import WordEmbedder

# What Discord says to the commands: it takes them, bans for an hour, or has had too many of them today.
_REFUSALS = (None, "ban", "too many today")
_NUMBERS = {"compose": 1, "crash": 500, "discord": 10_000, "processes": 50, "soak": 100_000}
# Of the questions of a soak, so many go to the model that comes along.
_WITH_MODEL = 0.01


def run_discord(folder, number):
    """A bot after the other: of the second and the third Discord takes no commands."""
    # Of what is broken on purpose the log would be full.
    logging.disable(logging.CRITICAL)
    return {
        str(refusal): asyncio.run(_discord(folder / f"data{part}", number // len(_REFUSALS), refusal))
        for part, refusal in enumerate(_REFUSALS)
    }


async def _discord(data, number, refusal):
    workers.prepare(data)
    settings = workers.settings_of(data).model_copy(update={"discord_servers": str(GUILD)})
    opened = []

    def open_library(chosen):
        opened.append(Library.open(chosen, WordEmbedder))
        return opened[0]

    with pytest.MonkeyPatch.context() as patched:
        async with wire_discord(HalnBot(settings, open_library), patched, refuse_commands=refusal) as server:
            running = Campaign(server, seed=(seed := int(time.time())))
            await running.run(number, print)
            found = {"seed": seed, "done": dict(running.done), "faults": running.faults(opened[0])}
    assert found["faults"] == [], found
    return found


def run_soak(folder, number):
    results = {"stand-in": soak(folder / "stand-in", number, say=print)}
    if with_model := int(number * _WITH_MODEL):
        results["model that comes along"] = soak(folder / "model", with_model, None, print)
    for result in results.values():
        assert result["memory grew by"] < 0.05, result
        assert result["at the end"]["files"] <= result["after a tenth"]["files"] + 2, result
        assert result["at the end"]["threads"] <= result["after a tenth"]["threads"] + 1, result
        assert result["database"]["at the end"] <= 1.5 * result["database"]["after three days"], result
    return results


def run_processes(folder, number):
    programs = postgres_server.programs()
    assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
    with postgres_server.running(programs) as address:
        return processes.campaign(folder, address, number, say=print)


def run_compose(folder, _):
    return asyncio.run(compose.campaign(folder, print))


def main(kind, number):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        if kind == "crash":
            found = crash.campaign(folder, number, say=print)
        else:
            found = {
                "compose": run_compose,
                "discord": run_discord,
                "processes": run_processes,
                "soak": run_soak,
            }[kind](folder, number)
        print(json.dumps({kind: found, "seconds": round(time.monotonic() - began)}, indent=2))


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "crash"
    main(chosen, int(sys.argv[2]) if len(sys.argv) > 2 else _NUMBERS[chosen])
