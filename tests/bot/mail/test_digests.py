"""Digests over a real mail server: each once in its period, whatever fails, and nothing lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.backend import Backend
from bot.mail.bounces import Handled, handle
from bot.mail.digests import DigestMails
from bot.mail.server import MailServer
from indexer.parsing.bounces import read_bounces
from indexer.pipeline import Indexer
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.library import Library
from knowledge.storage.sqlite import documents
from tests.bot.postbox import free_port
from tests.fakes import Clock, WordEmbedder

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ADDRESS = "https://haln.example.org"


class Face:
    """What sending needs of a face."""

    def __init__(self, library, clock, seconds):
        self.backend = Backend(library, clock)
        self.mail = MailServer(library.settings, seconds)
        self.now = clock
        self._thread = ThreadPoolExecutor(1)

    async def db(self, work):
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self.backend)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(MONDAY)
    monkeypatch.setattr(documents, "utc_now", clock)
    return clock


@pytest.fixture
def library(settings, postbox):
    mail = {"mail_server": f"127.0.0.1:{postbox.port}", "mail_from": "haln@example.org", "mail_security": "none"}
    chosen = settings.model_validate({**settings.model_dump(), **mail, "web_url": ADDRESS})
    opened = Library.open(chosen, lambda _: WordEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def face(library, clock):
    return Face(library, clock, seconds=1)


@pytest.fixture
def mails(face):
    """Three members' weekly digests, a week after they chose it."""
    for name in ("kim", "sam", "ali"):
        account = face.backend.library.accounts.account_for(f"{name}@example.org", f"web-{name}", MONDAY.isoformat())
        face.backend.digests.choose(account.member_id, Frequency.WEEKLY, Means.EMAIL)
    face.now.later(days=7)
    return DigestMails(face)


@pytest.fixture
def add(library, tmp_path):
    def write(title):
        path = tmp_path / f"{title}.md"
        path.write_text(f"---\ntitle: {title}\norganisation: Sample Trust\n---\n\nSample Trust planted {title}.\n")
        Indexer(library).add([str(path)])

    return write


def to(postbox):
    return sorted(address for addresses, _ in postbox.mails for address in addresses)


EVERYBODY = ["ali@example.org", "kim@example.org", "sam@example.org"]


async def test_a_digest_says_what_is_new_and_how_to_stop_it(mails, add, postbox, face):
    add("roofs")
    assert await mails.flush() == 3
    assert to(postbox) == EVERYBODY
    mail = next(mail for [address], mail in postbox.mails if address == "sam@example.org")
    assert mail["subject"] == "New: roofs"
    stop = f"{ADDRESS}/digest/stop/{face.backend.digests.stop_token('web-sam')}"
    assert mail["list-unsubscribe"] == f"<{stop}>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    text, page = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for form in (text, page):
        assert "roofs" in form
        assert "Sample Trust · resource" in form
        assert stop in form
        assert f"{ADDRESS}/documents/" in form
    assert await mails.flush() == 0


async def test_nothing_is_sent_when_there_is_nothing_to_say(mails, postbox, add, clock):
    assert await mails.flush() == 0
    assert postbox.mails == []
    clock.later(days=7)
    add("roofs")
    assert await mails.flush() == 3


async def test_a_server_that_is_down_is_left_alone_and_nothing_is_lost(mails, add, postbox, caplog, clock):
    add("roofs")
    postbox.down = True
    await mails.flush()
    assert postbox.mails == []
    assert len(caplog.messages) == 1
    assert "asks to try again later (451)" in caplog.text
    await mails.flush()  # it was asked just now
    assert len(caplog.messages) == 1
    postbox.down = False
    clock.later(minutes=5)
    assert await mails.flush() == 3
    assert to(postbox) == EVERYBODY


async def test_a_server_that_is_not_there_is_one_line(mails, add, face, caplog, clock, postbox):
    add("roofs")
    there, gone = (
        face.mail,
        MailServer(face.backend.library.settings.model_copy(update={"mail_server": f"127.0.0.1:{free_port()}"})),
    )
    face.mail = gone
    assert await mails.flush() == 0
    assert len(caplog.messages) == 1
    assert "cannot be reached: check HALN_MAIL_SERVER" in caplog.text
    face.mail = there
    clock.later(minutes=5)
    assert await mails.flush() == 3


async def test_an_address_that_is_refused_is_off_and_the_others_get_theirs(mails, add, postbox, face, clock):
    add("roofs")
    postbox.refused.add("kim@example.org")
    assert await mails.flush() == 2
    assert face.backend.digests.is_off("kim@example.org")
    postbox.refused.clear()
    add("trees")
    clock.later(days=7)
    assert await mails.flush() == 2
    face.backend.digests.choose("web-kim", Frequency.WEEKLY, Means.EMAIL)
    add("ponds")
    clock.later(days=7)
    postbox.mails.clear()
    assert await mails.flush() == 3
    mail = next(mail for [address], mail in postbox.mails if address == "kim@example.org")
    assert all(title in mail.get_body(["plain"]).get_content() for title in ("roofs", "ponds"))


async def test_a_server_that_relays_for_nobody_switches_nobody_off(mails, add, postbox, face, clock):
    add("roofs")
    postbox.refused.update(EVERYBODY)
    postbox.answer = "554 5.7.1 relay access denied"
    assert await mails.flush() == 0
    assert not any(face.backend.digests.is_off(address) for address in EVERYBODY)
    postbox.refused.clear()
    clock.later(hours=2)
    assert await mails.flush() == 3


async def test_a_process_that_ends_while_a_mail_is_taken_sends_no_second(mails, add, postbox, face, clock, monkeypatch):
    add("roofs")
    outbox = face.backend.library.outbox

    def killed(queued, now):
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "delivered", killed)
    with pytest.raises(KeyboardInterrupt):
        await mails.flush()
    assert len(postbox.mails) == 1
    monkeypatch.undo()
    monkeypatch.setattr(documents, "utc_now", clock)
    clock.later(minutes=5)  # what it had taken is free again
    assert await DigestMails(face).flush() == 2
    assert to(postbox) == EVERYBODY
    # It may not have arrived: what it told comes once more, with what is new then.
    [[first], _], *_ = postbox.mails
    postbox.mails.clear()
    add("trees")
    clock.later(days=7)
    assert await mails.flush() == 3
    again = [address for [address], mail in postbox.mails if "roofs" in mail.get_body(["plain"]).get_content()]
    assert again == [first]


async def test_a_server_that_does_not_say_whether_it_took_a_mail_gets_no_second(mails, add, postbox, clock):
    add("roofs")
    postbox.seconds = 3
    assert await mails.flush() == 0
    postbox.seconds = 0
    clock.later(minutes=5)
    await mails.flush()
    await asyncio.sleep(0)
    assert len(to(postbox)) == len(set(to(postbox)))


async def test_two_processes_send_each_once(mails, add, postbox, face):
    add("roofs")
    other = DigestMails(face)
    await asyncio.gather(mails.flush(), other.flush())
    assert to(postbox) == EVERYBODY


def report(mail, recipient, status="5.1.1", action="failed"):
    return (
        "From: MAILER-DAEMON@example.org\nTo: haln@example.org\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: message/rfc822\n\nTo: {mail['to']}\nMessage-ID: {mail['message-id']}\n\nBody\n\n--b--\n"
    ).encode()


async def test_mail_that_comes_back_switches_its_address_off(mails, add, postbox, face):
    add("roofs")
    await mails.flush()
    digests = face.backend.digests
    mail = {address: mail for [address], mail in postbox.mails}
    late = report(mail["sam@example.org"], "sam@example.org", "4.4.1", "delayed")
    full = report(mail["sam@example.org"], "sam@example.org", "5.2.2")
    ours_at_fault = report(mail["sam@example.org"], "sam@example.org", "5.7.1")
    gone = report(mail["kim@example.org"], "kim@example.org")
    forged = report(mail["kim@example.org"], "ali@example.org").replace(b"To: kim@example.org\n", b"")
    no_report = b"Subject: I am away\n\nUntil Monday.\n"
    box = b"".join(b"From x Mon Mar  9 10:00:00 2026\n" + one for one in (late, full, ours_at_fault, gone, forged))
    assert handle(digests, *read_bounces(box)) == Handled(off=1, counted=1, ignored=1)
    assert [digests.is_off(address) for address in EVERYBODY] == [False, True, False]
    assert handle(digests, *read_bounces(no_report)) == Handled(ignored=1)
    assert handle(digests, *read_bounces(b"")) == Handled()
    # A mailbox that it was sent on to has another name: the mail itself says whose it was.
    forwarded = report(mail["ali@example.org"], "somebody@elsewhere.example.org")
    assert handle(digests, *read_bounces(forwarded)).off == 1
    assert digests.is_off("ali@example.org")


def test_hostile_reports_are_read_quickly_and_change_nothing(face):
    for content in (
        b"\x00" * 1000,
        b"From " * 1000,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n" * 20_000,
    ):
        messages, found = read_bounces(content)
        assert handle(face.backend.digests, messages, found).off == 0
