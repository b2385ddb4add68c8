"""A member's own digest on Discord: chosen with /digest, as a direct message, or by mail once that is confirmed."""

import pytest

from bot.discord.digest import texts
from indexer.pipeline import Indexer
from knowledge.matching.peers import Peers
from knowledge.storage.sqlite import documents
from tests.bot.conftest import said, text_in
from tests.bot.discord_rules.components import walk
from tests.bot.postbox import Postbox, serving

SECONDS = 330
SELECT = "haln:digest_own:"
_SELECT = 3


@pytest.fixture(autouse=True)
def one_clock(monkeypatch, clock):
    """What comes into the library comes in at the time of the test."""
    monkeypatch.setattr(documents, "utc_now", clock)


@pytest.fixture
def later(simcord_env, clock):
    async def pass_(**amount):
        clock.pass_(**amount)
        await simcord_env.advance_time(SECONDS)

    return pass_


@pytest.fixture
def add(filled, tmp_path):
    def write(title, **front):
        lines = "".join(f"{key}: {value}\n" for key, value in {"title": title, **front}.items())
        path = tmp_path / f"{title}.md"
        path.write_text(f"---\n{lines}---\n\nSample Trust did {title}.\n")
        assert Indexer(filled).add([str(path)]).added == 1

    return write


@pytest.fixture
def choose(channel, member):
    async def chosen(value):
        panel = await member.slash(channel, "digest")
        return await member.select(panel.response, [value], custom_id=SELECT)

    return chosen


def letters(member):
    return [message for message in member.user.dm_channel.history() if message.author.bot]


async def test_it_comes_a_week_later_once_and_on_ones_own_pillars(choose, member, later, add, filled, clock):
    Peers(filled, clock).save({"id": str(member.id), "pillars": ["employment"], "consent": True})
    done = await choose("weekly:direct")
    assert "once a week, as a direct message" in said(done)
    add("Jobs", pillars="[employment]")
    add("Roofs", pillars="[environment]")
    await later(days=6)
    assert letters(member) == []
    await later(days=1)
    [letter] = letters(member)
    assert "Jobs" in text_in(letter)
    assert "Roofs" not in text_in(letter)
    assert texts.OWN_FOOTER.format(period="week") in text_in(letter)
    await later(days=1)
    assert len(letters(member)) == 1
    # Nothing is new in the week after.
    await later(days=7)
    assert len(letters(member)) == 1


async def test_it_is_stopped_where_it_was_chosen(choose, later, add, member, filled):
    await choose("weekly:direct")
    add("Jobs")
    done = await choose("none")
    assert texts.STOPPED in said(done)
    await later(days=7)
    assert letters(member) == []


async def test_mail_is_not_offered_where_none_can_be_sent(channel, member):
    panel = await member.slash(channel, "digest")
    [select] = [one for one in walk(panel.response.components) if one["type"] == _SELECT]
    assert [option["value"] for option in select["options"]] == ["weekly:direct", "monthly:direct"]


@pytest.fixture(scope="module")
def mailbox():
    with serving(Postbox()) as box:
        yield box


@pytest.fixture
def with_mail(filled, mailbox, monkeypatch):
    """The mail server's settings, for the bot that is made next."""
    mailbox.mails.clear()
    mail = {"mail_server": f"127.0.0.1:{mailbox.port}", "mail_from": "haln@example.org", "mail_security": "none"}
    changed = filled.settings.model_validate(
        {**filled.settings.model_dump(), **mail, "web_url": "https://haln.example.org"}
    )
    monkeypatch.setattr(filled, "settings", changed)
    return mailbox


async def test_an_address_is_confirmed_by_a_mail(with_mail, simcord_env, make_bot, choose, member, filled):
    await simcord_env.restart_bot(make_bot())
    form = await choose("weekly:email")
    done = await member.submit_modal(form, {"address": "Kim@Example.com"})
    assert "A mail is on its way" in said(done)
    [(to, mail)] = with_mail.mails
    assert to == ["kim@example.com"]
    assert "https://haln.example.org/digest/confirm/" in mail.get_body(["plain"]).get_content()
    assert filled.digests.choice(str(member.id)) is None
    wrong = await member.submit_modal(await choose("weekly:email"), {"address": "not one"})
    assert texts.EMAIL_WRONG in said(wrong)


async def test_whether_an_address_exists_is_told_to_nobody(with_mail, simcord_env, make_bot, choose, member):
    await simcord_env.restart_bot(make_bot())
    with_mail.refused.add("kim@example.com")
    done = await member.submit_modal(await choose("weekly:email"), {"address": "kim@example.com"})
    with_mail.refused.clear()
    assert "A mail is on its way" in said(done)
