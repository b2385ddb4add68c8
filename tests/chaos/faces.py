"""Roles of workers that a face plays: the web page with its sign-in, and digests by mail; and their mail server.

The mail server is the campaign's own and outlives those who are killed. What it has taken stands in a file beside the
library.
"""

import asyncio
import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlencode

import httpcore2

from bot.backend import Backend
from bot.mail.digests import DigestMails
from bot.web import server
from indexer.pipeline import Indexer
from knowledge.dates import utc_now
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.storage.sqlite import documents
from tests.bot.mail.test_digests import Face
from tests.bot.postbox import Postbox, serving
from tests.chaos.library import WEEK, notes_of, opened

_WEB = "https://haln.example.org"
# Later than what any other worker writes, so that nothing else is new to a digest: a Monday within working hours.
_FIRST_MONDAY = datetime(2030, 1, 7, 10, tzinfo=UTC)
_MOST_MEMBERS, _MOST_UNTOLD = 6, 3
_LONGEST_TAKING = 0.15


class Mailbox(Postbox):
    """A mail server that takes its time before a mail is kept and before it says so; `data` is whose mails come now."""

    def __init__(self, choose):
        super().__init__()
        self.data, self._choose = None, choose

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self._choose.uniform(0.0, _LONGEST_TAKING))
        mail = message_from_bytes(envelope.content, policy=policy.default)
        text = mail.get_body(["plain"]).get_content()
        line = {"to": envelope.rcpt_tos[0], "id": mail["Message-ID"], "subject": mail["Subject"], "text": text}
        with mails_of(self.data).open("a") as file:
            file.write(json.dumps(line) + "\n")
        await asyncio.sleep(self._choose.uniform(0.0, _LONGEST_TAKING))
        return "250 OK"


@contextmanager
def mailbox(choose):
    """Serve one."""
    with serving(Mailbox(choose)) as box:
        yield box


def mails_of(data):
    """The file with the mails that came from those who work on a library."""
    return Path(data).parent / f"{Path(data).name}-mails"


def received(data):
    """Return the mails that came, as they were kept."""
    lines = mails_of(data).read_text().splitlines() if mails_of(data).exists() else []
    return [json.loads(line) for line in lines]


class Weeks:
    """A clock that goes on by weeks, over all who send mail from one library."""

    def __init__(self, data):
        self._file = Path(data).parent / f"{Path(data).name}-weeks"

    def __call__(self):
        return _FIRST_MONDAY + WEEK * (self._file.stat().st_size if self._file.exists() else 0)

    def later(self):
        """Let a week go by."""
        with self._file.open("a") as file:
            file.write(".")


def mail(data, choose, say):
    """Have members choose digests by mail, add a note a week, and hand the digests to the mail server."""
    library, clock = opened(data, web_url=_WEB), Weeks(data)
    documents.utc_now = clock
    face, untold = Face(library, clock, seconds=5), 0
    mails, digests = DigestMails(face), face.backend.digests
    folder = notes_of(data).with_name(f"{Path(data).name}-news")
    folder.mkdir(exist_ok=True)
    for _ in range(10_000):
        if (not untold and len(list(folder.iterdir())) < _MOST_MEMBERS) or choose.random() < 0.1:
            name = f"sample{choose.randrange(10**9)}"
            account = library.accounts.account_for(f"{name}@example.org", f"web-{name}", clock().isoformat())
            say(about_to="choose")
            digests.choose(account.member_id, Frequency.WEEKLY, Means.EMAIL)
            say(done="choose", to=account.email)
        if untold < _MOST_UNTOLD:
            title = f"News {choose.randrange(10**12)}"
            (note := folder / f"{title.replace(' ', '-')}.md").write_text(f"# {title}\n\nSample Trust did {title}.\n")
            say(about_to="news", title=title)
            assert not Indexer(library).add([str(note)]).failed
            say(done="news", title=title)
            untold += 1
        clock.later()
        say(about_to="send")
        if asyncio.run(mails.flush()):
            say(done="send")
            untold = 0


def send_the_rest(data):
    """Send what those who were killed had begun, and a week later what may not have arrived."""
    library, clock = opened(data, web_url=_WEB), Weeks(data)
    for _ in range(2):
        clock.later()
        asyncio.run(DigestMails(Face(library, clock, seconds=5)).flush())
    library.close()


class _Browser:
    """A browser of one visitor: keeps the cookie, and sends forms with the token of the page it has seen."""

    def __init__(self, pool, address):
        self._pool, self._address, self._cookie, self._token = pool, address, "", ""

    def see(self, page):
        text = self._sent("GET", page).content.decode()
        self._token = re.search(r'name="csrf" value="(\w+)"', text)[1]

    def submit(self, path, **fields):
        """Send a form; where it leads, or `None` where there was too much of it."""
        reply = self._sent("POST", path, urlencode({"csrf": self._token, **fields}))
        if reply.status == 429:
            time.sleep(0.05)
            return None
        assert reply.status in (200, 303), reply.content
        return dict(reply.headers).get(b"location", b"").decode()

    def _sent(self, method, path, body=""):
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        reply = self._pool.request(method, self._address + path, headers=headers, content=body.encode())
        cookie = dict(reply.headers).get(b"set-cookie")
        if cookie is not None:
            self._cookie = cookie.decode().split(";")[0]
        return reply


def web(data, choose, say):
    """Serve the web page; ask there, vote, sign in by mail and write examples, as a browser does."""
    library = opened(data)
    listening = socket.create_server(("127.0.0.1", 0))
    serving = (server.Site(Backend(library, utc_now)), listening, threading.Event())
    threading.Thread(target=server.serve_site, args=serving, daemon=True).start()
    with httpcore2.ConnectionPool() as pool:
        browser = _Browser(pool, f"http://127.0.0.1:{listening.getsockname()[1]}")
        browser.see("/")
        for turn in range(10_000):
            _ask(browser, library, choose, say)
            if turn == 0 and library.settings.mail_server:
                _sign_in(browser, data, choose, say)
            elif library.settings.mail_server and choose.random() < 0.5:
                _write(browser, choose, say)


def _ask(browser, library, choose, say):
    question = f"How many entry jobs for local residents were kept in town {choose.randrange(10**12)}?"
    say(about_to="ask", question=question)
    place = browser.submit("/ask", question=question)
    if place is None:
        return
    assert library.late_writes.finish()
    say(done="ask", id=place.rpartition("/")[2], question=question)
    if browser.submit(f"{place}/feedback", helpful="yes"):
        say(done="vote", id=place.rpartition("/")[2])


def _sign_in(browser, data, choose, say):
    email = f"visitor{choose.randrange(10**12)}@example.org"
    say(about_to="sign_in", email=email)
    browser.submit("/sign-in", email=email)
    [mail] = [one for one in received(data) if one["to"] == email]
    browser.submit("/sign-in/link", token=re.search(r"token=(\S+)", mail["text"])[1])
    browser.see("/share")  # nobody else sees it
    say(done="sign_in", email=email)


def _write(browser, choose, say):
    word = f"word{choose.randrange(10**12)}"
    what = f"We did {word} there."
    say(about_to="draft", what=what)
    place = browser.submit("/share", what=what, title=f"Sample {word}", organisation="Sample Trust")
    if place is not None:
        say(done="draft", id=place.split("/")[2], what=what)
