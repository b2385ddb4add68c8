"""A question that a member asked the library is theirs until it is erased, whatever becomes of the answer's message."""

import discord
import pytest

from bot.discord.ask import texts as ask_texts
from bot.discord.privacy import texts
from bot.discord.runtime import texts as runtime_texts
from indexer.pipeline import Indexer
from tests.bot.conftest import said
from tests.bot.discord.peers.conftest import dms
from tests.bot.discord.privacy.test_privacy import MARK, YES, data_of, places_that_hold

OWN = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"


def kept_questions(filled):
    with filled.questions._connections.read() as connection:
        return [row[0] for row in connection.execute("SELECT question FROM questions ORDER BY asked_at")]


@pytest.fixture
def team(guild, filled, simcord_env):
    """Somebody who may delete what others wrote."""
    role = guild.create_role("team", permissions=discord.Permissions(manage_messages=True, view_channel=True))
    return guild.add_member(simcord_env.create_user("team"), roles=[role])


async def gone(how, channel, member, team, simcord_env):
    """An answer of the member's whose message is gone again."""
    if how == "shared privately":
        card = (await member.slash(channel, "ask", question=OWN)).response
        await member.click(card, label=ask_texts.SHARE)
        await member.click(channel.last_message, label=runtime_texts.DISMISS)
        return
    if how == "mention":
        await member.send(channel, f"<@{simcord_env.bot.user.id}> {OWN}")
    else:
        await member.slash(channel, "ask", question=OWN, share=True)
    if how in ("dismissed", "mention"):
        await member.click(channel.last_message, label=runtime_texts.DISMISS)
    elif how == "dismissed by a moderator":
        await team.click(channel.last_message, label=runtime_texts.DISMISS)
    else:
        simcord_env.backend.delete_message(channel.id, channel.last_message.id)
        await simcord_env.settle()


@pytest.mark.parametrize(
    "how", ["dismissed", "dismissed by a moderator", "deleted", "mention", "shared privately", "channel", "server"]
)
async def test_a_question_stays_ones_own_when_its_answer_is_gone(
    how, channel, member, team, filled, simcord_env, guild
):
    if how in ("channel", "server"):
        await member.slash(channel, "ask", question=OWN, share=True)
        forget = filled.servers.settings.forget_server
        forget(guild.id) if how == "server" else filled.servers.settings.forget_channel(guild.id, channel.id)
    else:
        await gone(how, channel, member, team, simcord_env)
    place = guild.create_text_channel("elsewhere")
    held = await data_of(place, member)
    assert [one["question"] for one in held["library_questions"]] == [OWN]
    done = said(await member.submit_modal(await member.slash(place, "forget-me"), YES))
    assert texts.NOTHING_LEFT in done
    assert places_that_hold(filled, "entry jobs for local residents did", str(member.id)) == []


async def test_what_somebody_else_wrote_is_looked_for_and_not_kept(channel, member, other, filled):
    message = await other.send(channel, OWN)
    found = await member.context_menu(channel, ask_texts.FIND_RESOURCES, message)
    assert "40" in said(found)
    assert kept_questions(filled) == []
    own = await member.send(channel, OWN)
    await member.context_menu(channel, ask_texts.FIND_RESOURCES, own)
    assert kept_questions(filled) == [OWN]
    assert len((await data_of(channel, member))["library_questions"]) == 1


async def test_whom_a_question_mentions_is_not_kept(channel, member, other, filled):
    await member.slash(channel, "ask", question=f"Did <@{other.id}> or <@!{other.id}> keep entry jobs?")
    assert kept_questions(filled) == ["Did a member or a member keep entry jobs?"]
    assert places_that_hold(filled, str(other.id)) == []


async def test_who_shared_an_answer_is_in_their_file_and_goes_with_it(channel, member, filled):
    card = (await member.slash(channel, "ask", question=OWN)).response
    await member.click(card, label=ask_texts.SHARE)
    (shared,) = (await data_of(channel, member))["answers_shared"]
    assert shared["channel_id"] == channel.id
    await member.submit_modal(await member.slash(channel, "forget-me"), YES)
    assert places_that_hold(filled, str(member.id)) == []


async def test_the_answer_to_a_question_that_waited_is_its_askers_and_whose_words_it_has(
    channel, member, other, filled, sources, simcord_env
):
    asked = f"Where does the {MARK} trust keep bees?"
    await member.slash(channel, "ask", question=asked, share=True)
    await other.click(channel.last_message, label=ask_texts.TELL_ME)
    (sources / "bees.md").write_text(f"# Bees\n\nThe {MARK.title()} Trust keeps bees on the roof of its kitchen.\n")
    Indexer(filled).add([str(sources)])
    await simcord_env.advance_time(120)
    assert len(dms(other)) == 1
    assert len(kept_questions(filled)) == 2
    await member.submit_modal(await member.slash(channel, "forget-me"), YES)
    assert kept_questions(filled) == []
