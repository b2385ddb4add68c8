"""A whole run at debug level, in both forms of the log: bot, page, mail and commands, in work and in failure.

Nothing that was asked, typed or given, nobody's id or address and no secret is in what was written.
"""

import asyncio
import io
import json
import logging

import pytest
from pydantic import SecretStr

from bot.cli import run_command
from bot.logging_setup import set_up_logging
from bot.web.app import create_app
from bot.web.notifications import Notifications
from bot.web.peer_mails import PeerMails
from tests.bot.discord.test_wire import until
from tests.bot.test_hostile_text import compares_words  # noqa: F401 - a fixture
from tests.bot.web.conftest import (  # noqa: F401 - some are fixtures
    ADDRESS,
    FORM,
    Browser,
    backend,
    helper,
    id_of,
    make_site,
    members,
    seeker,
    sign_in,
)
from tests.bot.web.test_peers import introduce
from tests.bot.web.test_share import handed_in
from tests.bot.wire.server import CHANNEL, GUILD, wire_discord
from tests.fakes import WordEmbedder

MEMBER, OTHER = 923456789012345678, 923456789012345679
WORD, LETTER, REASON = "Zanzibarjobs", "Quixoticletter", "Perplexingreason"
QUESTION = f"How many entry jobs for local residents were kept in {WORD}?"
SECRETS = {
    "web_api_token": "sample-token-of-the-interface",
    "mail_password": "sample-password-of-mail",
    "discord_client_secret": "sample-secret-of-discord",
    "llm_api_key": "sample-key-of-a-model",
}
# What these need beside them. Nobody listens at the model's address: each answer in words fails.
BESIDE = {"discord_client_id": "100000000000000007", "llm_base_url": "http://127.0.0.1:1/v1", "llm_model": "sample"}


@pytest.fixture
def log():
    """All that is written at debug level, as text and as JSON, as the program itself sets it up."""
    root, written, handlers = logging.getLogger(), io.StringIO(), []
    kept, level, discord = root.handlers[:], root.level, logging.getLogger("discord").level
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr("sys.stderr", written)
        for form in ("text", "json"):
            root.handlers = []
            set_up_logging("debug", form)
            handlers += root.handlers
    for handler in handlers:
        # The Discord, the mail server and the browser of this test say what they do, too.
        handler.addFilter(lambda record: not record.name.startswith(("aiohttp.access", "mail", "httpx2")))
    root.handlers = handlers
    yield written
    root.handlers = kept
    root.setLevel(level)
    logging.getLogger("discord").setLevel(discord)


async def on_discord(bot, monkeypatch):
    """A member asks, presses, mentions, is refused, and everything fails around them."""
    tokens = []
    async with wire_discord(bot, monkeypatch) as server:
        for failing in (False, True):
            if failing:
                server.api.fail("POST", "/interactions/", 503)
                server.api.limit("PATCH", "/webhooks/", 0.05)
            asked = await server.ask(MEMBER, QUESTION)
            await asyncio.wait_for(asked.done.wait(), 30)
            tokens.append(asked.token)
        shown = json.dumps(asked.message)
        card = shown.partition("haln:helpful:")[2].partition('"')[0]
        pressed = await server.press(OTHER, asked.message, f"haln:helpful:{card}")
        tokens.append(pressed.token)
        await asyncio.wait_for(pressed.done.wait(), 30)
        await server.mention(OTHER, QUESTION)
        await until(lambda: server.api.messages[CHANNEL])
        with monkeypatch.context() as broken:
            broken.setattr("knowledge.answering.pipeline.AnswerPipeline.answer", lambda *_: 1 / 0)
            failed = await server.ask(MEMBER, f"{QUESTION} Really?")
            await asyncio.wait_for(failed.done.wait(), 30)
            tokens.append(failed.token)
    return tokens


async def on_the_page(site, sign_in, seeker, helper, postbox):  # noqa: F811
    """Members sign in, ask, meet, write, share, choose, are refused; a mail server fails; somebody is forgotten."""
    browser, secrets = Browser(create_app(site), base_url=ADDRESS), []
    browser.answer(QUESTION)
    browser.get("/search", params={"q": QUESTION})
    browser.get("/sign-in/link", params={"token": "wrongtokenofalink"})
    headers = {"Authorization": f"Bearer {SECRETS['web_api_token']}"}
    browser.post("/api/ask", json={"question": QUESTION}, headers=headers)
    browser.post("/api/ask", json={"question": QUESTION}, headers={"Authorization": "Bearer wrongtokenofaprogram"})
    place = introduce(seeker, helper, site.backend)
    seeker.submit(f"{place}/write", page=place, text=LETTER)
    seeker.submit(place, page=place, action="write", text=LETTER)
    example = handed_in(seeker, title=f"{LETTER} potatoes")
    moderator = sign_in("mo@example.net")
    moderator.submit(f"/review/{example}", page=f"/review/{example}", action="decline", reason=REASON)
    seeker.submit("/my-data/digest", page="/my-data", digest="weekly:email")
    postbox.refused.add("kim@example.org")
    for answer in ("550 <kim@example.org> unknown", "451 kim@example.org later"):
        postbox.answer = answer
        for mails in (PeerMails(site), Notifications(site)):
            await mails.look()
            await mails.flush()
    secrets += [postbox.link().partition("token=")[2]] if "sign-in/link" in str(postbox.mails[-1][1]) else []
    secrets += [one.cookies["haln"] for one in (browser, seeker, helper, moderator)]
    secrets += [id_of(site.backend, f"{name}@example.org") for name in ("sam", "kim")]
    helper.submit("/my-data/forget", page="/my-data", sure="yes")
    return secrets


def at_the_command_line(data_dir, sources):
    """An operator asks, searches, exports, indexes, and gets things wrong."""
    said = []
    for command in (
        ["ask", QUESTION],
        ["search", WORD],
        ["member", "export", str(MEMBER)],
        ["member", "export", "zz@nobody"],
        ["index", "add", str(sources)],
        ["index", "verify"],
        ["insights"],
        ["mail", "check", "--to", "kim@example.org"],
        ["ask", ""],
        ["doctor"],
        ["member", "forget", str(MEMBER), "--yes"],
    ):
        said.append(run_command([*command, "--data-dir", str(data_dir)]))
    return said


async def test_nothing_of_anybody_and_no_secret_is_in_the_log_of_a_whole_run(
    log, compares_words, make_bot, members, sign_in, seeker, helper, postbox, sources, monkeypatch  # noqa: F811
):  # fmt: skip
    members.settings = members.settings.model_validate({**members.settings.model_dump(), **SECRETS, **BESIDE})
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    for name, value in {**SECRETS, **BESIDE, "mail_server": f"127.0.0.1:{postbox.port}", "log_level": "debug"}.items():
        monkeypatch.setenv(f"HALN_{name.upper()}", value)
    monkeypatch.setenv("HALN_MAIL_FROM", "assistant@example.org")
    monkeypatch.setenv("HALN_MAIL_SECURITY", "none")
    monkeypatch.setenv("HALN_CHUNK_TOKENS", "60")
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    bot = make_bot(discord_servers=str(GUILD), discord_token=SecretStr("MTAw.wire.test"))
    secrets = await on_discord(bot, monkeypatch)
    secrets += await on_the_page(members, sign_in, seeker, helper, postbox)
    postbox.refused.clear()
    statuses = await asyncio.to_thread(at_the_command_line, members.settings.data_dir, sources)
    assert statuses == [0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0]
    written = log.getvalue()
    assert "a question was" in written
    for failure in ("ZeroDivisionError", "is rate limited", "the mail server refused an address", '"exception"'):
        assert failure in written
    told = [WORD, LETTER, REASON, "Sam Sample", "Kim Sample", "@example.", str(MEMBER), str(OTHER), "MTAw.wire.test"]
    for secret in [*told, "wrongtokenofalink", "wrongtokenofaprogram", *SECRETS.values(), *secrets]:
        assert secret not in written, [line for line in written.splitlines() if secret in line][:3]
