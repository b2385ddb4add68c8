"""The services of `compose.scale.yaml` without containers: the same commands, environment and files, as processes.

A database set up by the file's own script, two bots at a small Discord, two web workers and the refresher, with the
models that come along and the starter library. Each is asked, an example that is approved beside them is looked for in
all, and all are asked to end. What the container alone does is not tried: its user, its read-only root, its limits;
ports that containers have twice are others here.
"""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpcore2
import yaml

from bot.cli import main as haln
from tests import postgres_server
from tests.bot.discord.test_wire import answered
from tests.bot.wire.gateway import ShardedGateway
from tests.bot.wire.server import GUILD, OTHER_GUILD, WireDiscord, places_of, served
from tests.conftest import ROOT

QUESTION = "What is an anchor institution?"
STOP_SECONDS = 10.0
FOUND_SECONDS = 1.0
# Their models are loaded and the starter library is embedded meanwhile, on a machine that may have other work.
_PATIENCE = 600.0
_TOKEN = "a-token-of-this-campaign-alone"
_WRITTEN = {
    "database_password": "sample",
    "database_admin": "sample-admin",
    "discord_token": "MTAw.wire.test",
}
_SAID = {"HALN_OPERATOR": "Sample host", "HALN_CONTACT": "host@example.org", "HALN_WEB_URL": "https://haln.example.org"}
_EXAMPLE = {
    "title": "Quokkaphone lending (sample)",
    "what": "We lent a quokkaphone to every ward, and apprentices repaired them twice a week.",
    "for_whom": "Night staff who could not reach the porters.",
    "what_happened": "Forty quokkaphones are in use. The batteries ran out in winter.",
    "differently": "Order batteries in summer.",
    "pillars": ["environment"],
    "outcome": "worked",
    "level": "local",
    "nation": "wales",
    "organisation": "Sample Hospital Trust",
    "credit": "organisation",
    "clearance": True,
    "author": "sample-author",
}
_ABOUT_IT = "What happened to the quokkaphones?"


class Stack:
    """The services, each as its container would be started."""

    def __init__(self, folder, home, discord_port):
        self.file = yaml.safe_load((ROOT / "compose.scale.yaml").read_text(encoding="utf-8"))
        self.folder, self.home = folder, home
        self.secrets, self.data = folder / "secrets", folder / "data"
        for made in (self.secrets, self.data):
            made.mkdir()
        address = f"postgresql://haln:{_WRITTEN['database_password']}@/haln?host={home}"
        for name, text in {**_WRITTEN, "database_url": address}.items():
            (self.secrets / name).write_text(text)
            (self.secrets / name).chmod(0o600)
        # Of the image, which every service has.
        image = re.findall(r"(HALN_\w+)=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
        self._image = {**dict(image), "HALN_DATA_DIR": str(self.data)}
        self._discord_port = discord_port
        self.ports, self.running, self.said = {}, {}, {}

    def set_up_database(self, programs):
        """Run the script that the database's container runs when it starts first, and ask whether it is well."""
        script = self.file["configs"]["database_setup"]["content"].replace("$$", "$")
        environment = {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": str(self.home)}
        script = script.replace("/run/secrets", str(self.secrets))
        subprocess.run(["bash", "-e", "-c", script], env=environment, check=True, capture_output=True)
        asked = self.file["services"]["database"]["healthcheck"]["test"]
        assert asked[0] == "CMD"
        subprocess.run(asked[1:], env=environment, check=True, capture_output=True)

    @property
    def names(self):
        return [name for name in self.file["services"] if name != "database"]

    def environment(self, name):
        """Return the environment of a service, with what the host is asked for filled in."""
        said = dict(self.file["services"][name]["environment"])
        for key, value in said.items():
            value = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: _SAID[found[1]], value)
            said[key] = value.replace("/run/secrets", str(self.secrets))
        said = self._image | said
        if name not in self.ports:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.ports[name] = free.getsockname()[1]
        said["HALN_WEB_PORT" if name.startswith("web") else "HALN_HEALTH_PORT"] = str(self.ports[name])
        plain = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        threads = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
        return {**plain, **threads, **said, "HALN_WEB_API_TOKEN": _TOKEN, "PYTHONPATH": str(ROOT)}

    def start(self, name):
        """Start a service's own command, with its Discord on the loopback."""
        program, *arguments = self.file["services"][name]["command"]
        assert program == "haln"
        command = [sys.executable, "-m", "tests.chaos.compose", str(self._discord_port), *arguments]
        self.said[name] = self.folder / f"{name}.log"
        with self.said[name].open("w") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=self.folder, env=self.environment(name), stdout=log, stderr=subprocess.STDOUT
            )

    def run(self, name, *arguments):
        """Run a command in a service's container, as `docker compose exec` does; what it prints."""
        command = [sys.executable, "-m", "tests.chaos.compose", str(self._discord_port), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment(name), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def require_alive(self):
        for name, process in self.running.items():
            assert process.poll() is None, f"{name} ended: {self.said[name].read_text()[-2000:]}"

    def stop(self):
        """Ask all to end, as `docker compose stop` does; how long the last one took, and with what each ended."""
        began = time.monotonic()
        for process in self.running.values():
            process.terminate()
        ended = {name: process.wait(2 * STOP_SECONDS) for name, process in self.running.items()}
        return time.monotonic() - began, ended

    def kill(self):
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
                process.wait()


@contextmanager
def _database():
    programs = postgres_server.programs()
    assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
    with postgres_server.running(programs, owner="postgres") as address:
        yield programs, Path(address.partition("host=")[2])


def _asked_web(port, path, body=None):
    headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}
    with httpcore2.ConnectionPool() as browser:
        reply = browser.request(
            "GET" if body is None else "POST",
            f"http://127.0.0.1:{port}{path}",
            headers=headers,
            content=json.dumps(body).encode() if body else None,
            extensions={"timeout": {"read": 60, "connect": 5}},
        )
    assert reply.status == 200, reply.content[:500]
    return reply.content.decode()


async def _until(stack, work):
    """Return what some work returns once it does not fail any more."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        stack.require_alive()
        try:
            return await asyncio.to_thread(work)
        except (OSError, AssertionError, httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            if time.monotonic() > give_up:
                raise AssertionError(f"{error}: {[log.read_text()[-500:] for log in stack.said.values()]}") from error
            await asyncio.sleep(0.5)


async def campaign(folder, say=lambda _: None):
    """Start everything, ask, approve, look and end; figures about it. What is wrong is an assertion that fails."""
    server = WireDiscord(shards=2)
    with _database() as (programs, home):
        async with served(server, ShardedGateway(server.gateways).handle) as port:
            stack = Stack(folder, home, port)
            stack.set_up_database(programs)
            try:
                return await _tried(stack, server, say)
            finally:
                stack.kill()


async def _tried(stack, server, say):
    began = time.monotonic()
    for name in stack.names:
        stack.start(name)
    for gateway in server.gateways:
        await asyncio.wait_for(gateway.connected.wait(), _PATIENCE)
    say("both bots are connected")
    bots, workers = (_named(stack, kind) for kind in ("bot", "web"))
    for name in workers:
        await _until(stack, lambda name=name: _asked_web(stack.ports[name], "/api/documents"))
    for name in bots:
        said = await _until(stack, lambda name=name: stack.run(name, "health"))
        assert said == "The bot is well.\n"
    for name in workers:
        asked = stack.file["services"][name]["healthcheck"]["test"]
        assert await asyncio.to_thread(stack.run, name, *asked[2:]) == "The page is well.\n"
    figures = {"all well after, s": round(time.monotonic() - began, 1)}
    say("all are well")
    for guild in (GUILD, OTHER_GUILD):
        await asyncio.to_thread(stack.run, "bot-0", "servers", "allow", str(guild))
        shown = await answered(await server.ask(51, QUESTION, guild=guild), 120)
        assert "anchor" in shown, shown
    for name in workers:
        found = await asyncio.to_thread(_asked_web, stack.ports[name], "/api/ask", {"question": QUESTION})
        assert json.loads(found)["answered"], found
    say("all have answered")
    form = stack.folder / "example.json"
    form.write_text(json.dumps(_EXAMPLE))
    given = json.loads(await asyncio.to_thread(stack.run, "bot-0", "examples", "submit", str(form), "--json"))["id"]
    await asyncio.to_thread(stack.run, "bot-1", "examples", "review", given, "approve", "--moderator", "sample-m")
    approved = time.monotonic()
    for name in workers:
        found = await asyncio.to_thread(_asked_web, stack.ports[name], "/api/search?q=quokkaphone&k=1")
        assert json.loads(found)["results"][0]["document_id"] == given
    figures["found in both web workers after, s"] = round(time.monotonic() - approved, 2)
    for guild in (GUILD, OTHER_GUILD):
        # Found by the first that asks, whenever that is.
        shown = await answered(await server.ask(52, _ABOUT_IT, guild=guild), 120)
        assert "quokkaphone" in shown, shown
    say("all have found what was approved")
    figures["memory, MB"] = {name: _memory(process.pid) for name, process in stack.running.items()}
    figures["threads"] = {name: _threads(process.pid) for name, process in stack.running.items()}
    assert max(figures["threads"].values()) < min(stack.file["services"][name]["pids_limit"] for name in stack.names)
    assert max(figures["memory, MB"].values()) < 3000  # mem_limit
    stack.require_alive()
    took, ended = await asyncio.to_thread(stack.stop)
    figures |= {"all ended within, s": round(took, 2), "ended with": ended}
    assert took < STOP_SECONDS, figures
    return figures


def _named(stack, kind):
    return [name for name in stack.names if name.startswith(kind)]


def _memory(process):
    """The most that a process held, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1000


def _threads(process):
    return int(re.search(r"Threads:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1])


if __name__ == "__main__":
    for place in places_of(int(sys.argv.pop(1))):
        setattr(*place)
    haln()
