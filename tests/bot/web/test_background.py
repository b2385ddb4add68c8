"""What goes on beside the pages, for as long as they are served: nothing that fails once ends it."""

import asyncio
import sqlite3
import threading

import pytest

from bot.mail.digests import DigestMails
from bot.web import notifications
from bot.web.app import expire_accounts
from bot.web.notifications import Notifications
from bot.web.peer_mails import PeerMails
from tests.bot.web.test_notifications import decided


@pytest.fixture
def author(sign_in):
    return sign_in("sam@example.org")


async def test_a_mail_goes_out_while_many_ask(sign_in, author, members, postbox, monkeypatch):
    await decided(sign_in, author)
    requests = members.backend.servers.follow_requests
    requests.wait(notifications.FollowRequest(question_id="gone", recipient="web-somebody"), members.now())
    postbox.mails.clear()
    monkeypatch.setattr(notifications, "SECONDS", 0.01)
    gate = threading.Event()
    waiting = [asyncio.create_task(members.model(lambda _: gate.wait())) for _ in range(60)]
    await asyncio.sleep(0)
    running = asyncio.create_task(Notifications(members).run())
    try:
        for _ in range(1000):
            if postbox.mails or running.done():
                break
            await asyncio.sleep(0.01)
        assert postbox.mails
        assert not running.done()
    finally:
        running.cancel()
        gate.set()
        await asyncio.gather(*waiting)


@pytest.mark.parametrize("work", ["notifications", "digests", "peers", "accounts"])
async def test_whatever_fails_once_is_tried_again(members, monkeypatch, caplog, work):
    rounds = []

    async def broken(_):
        rounds.append(work)
        raise sqlite3.InternalError("something that nobody thought of")

    monkeypatch.setattr(members, "db", broken)
    monkeypatch.setattr(notifications, "SECONDS", 0)
    for module in ("bot.web.peer_mails", "bot.web.app", "bot.mail.digests"):
        monkeypatch.setattr(f"{module}.ASK_SECONDS", 0)
    digests = DigestMails(members)
    monkeypatch.setattr(digests, "flush", lambda: broken(None))
    works = {
        "notifications": Notifications(members).run,
        "digests": digests.run,
        "peers": PeerMails(members).run,
        "accounts": lambda: expire_accounts(members),
    }
    running = asyncio.create_task(works[work]())
    for _ in range(1000):
        if len(rounds) >= 5 or running.done():
            break
        await asyncio.sleep(0.001)
    assert len(rounds) >= 5
    assert not running.done()
    running.cancel()
    assert "something that nobody thought of" in caplog.text
