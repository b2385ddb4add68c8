"""`python -m tests.benchmarks.web`: how long pages and answers take when many members are signed in at once.

The web page runs as `haln web` runs it, over the starter library, in a process of its own. Every member has an address
and a session of their own, and all do the same at the same moment: they open pages, and each asks a question. With
`--data FOLDER` an assistant's folder is used and kept (the first start embeds the library, which takes a minute).
"""

import argparse
import asyncio
import itertools
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import aiohttp

from knowledge.accounts.accounts import Accounts
from knowledge.dates import utc_now
from knowledge.library import Library
from knowledge.settings import Settings

PAGES = ("/", "/browse", "/search?q=apprenticeships", "/events", "/my-data", "/peers")
QUESTIONS = (
    "How do we get started?",
    "How long until we see results?",
    "How do we get our board on board?",
    "What did others do about apprenticeships?",
    "How do we buy from local suppliers?",
    "What can a hospital do with its empty land?",
    "How do we measure social value?",
    "What went wrong elsewhere?",
)
_SERVE = "import sys; from bot.cli import main; sys.argv = ['haln', 'web']; main()"
_PATIENCE = aiohttp.ClientTimeout(total=600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--over", type=float, default=0, help="seconds within which they come; 0: all at once")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        measure(options.data or Path(made), options.members, options.over)


def measure(folder: Path, members: int, over: float) -> None:
    """Serve, sign everybody in, let them go, and print what they waited for."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "HALN_DATA_DIR": str(folder),
        "HALN_WEB_PORT": str(port),
        "HALN_WEB_MEMBERS": "*",
        "HALN_MAIL_SERVER": "127.0.0.1:1",
        "HALN_MAIL_FROM": "assistant@example.org",
        "HALN_MAIL_SECURITY": "none",
    }
    served = subprocess.Popen([sys.executable, "-c", _SERVE], env=os.environ | environment)
    address = f"http://127.0.0.1:{port}"
    try:
        asyncio.run(warm(address))
        keys = sessions(Settings.from_environment(environment), members)
        waited = asyncio.run(everybody(address, keys, over))
    finally:
        served.terminate()
        served.wait()
    print(f"{members} members within {over:.0f} s, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for what, times in waited.items():
        # Who is told at once to come later has waited for nothing.
        ordered = sorted(seconds for seconds, status in times if status == 200) or [0.0]
        later = sum(status == 503 for _, status in times)
        failed = sum(status not in (200, 503) for _, status in times)
        p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        waits = f"median {statistics.median(ordered):6.2f} s  p95 {p95:6.2f} s"
        print(f"{what:28} {len(ordered):4} {waits}  told to come later {later}  failed {failed}")


async def warm(address: str) -> None:
    """Wait until the page answers questions."""
    async with aiohttp.ClientSession(timeout=_PATIENCE, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        for _ in range(600):
            try:
                async with client.get(address) as page:
                    token = token_in(await page.text())
                async with client.post(f"{address}/ask", data={"csrf": token, "question": QUESTIONS[0]}) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(1)
    raise SystemExit("the web page does not answer")


def sessions(settings: Settings, members: int) -> list[str]:
    """Sign so many members in, and return the keys of their cookies."""
    library = Library.open(settings)
    accounts, now, keys = Accounts(library.accounts, settings), utc_now(), []
    for number in range(members):
        key = secrets.token_urlsafe(24)
        token = accounts.make_link(f"member-{number}@example.org", now)
        assert token
        assert accounts.sign_in(token, accounts.hashed(f"visitor:{key}"), now)
        keys.append(key)
    library.close()
    return keys


async def everybody(address: str, keys: list[str], over: float) -> dict[str, list[tuple[float, int]]]:
    """Let all of them go within so many seconds; how long each request took and its status, by what it was."""
    waited: dict[str, list[tuple[float, int]]] = defaultdict(list)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        timeout=_PATIENCE, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as client:
        apart = over / len(keys)
        await asyncio.gather(
            *(member(client, address, key, number, number * apart, waited) for number, key in enumerate(keys))
        )
    return waited


async def member(
    client: aiohttp.ClientSession,
    address: str,
    key: str,
    number: int,
    after: float,
    waited: dict[str, list[tuple[float, int]]],
) -> None:
    """Do what one member does, from an address of their own."""
    headers = {"Cookie": f"haln={key}", "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}
    await asyncio.sleep(after)
    token = ""
    for path in PAGES:
        begun = time.perf_counter()
        async with client.get(address + path, headers=headers) as page:
            text = await page.text()
            waited[path].append((time.perf_counter() - begun, page.status))
        token = token or token_in(text)
    question = next(itertools.islice(itertools.cycle(QUESTIONS), number, None))
    begun = time.perf_counter()
    async with client.post(f"{address}/ask", headers=headers, data={"csrf": token, "question": question}) as answer:
        await answer.text()
        waited["a question, to its answer"].append((time.perf_counter() - begun, answer.status))


def token_in(page: str) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf" value="(\w+)"', page)
    return found[1] if found else ""


if __name__ == "__main__":
    main()
