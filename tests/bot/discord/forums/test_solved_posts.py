"""A post that is marked as solved is shown to the moderators, and becomes a draft of whoever solved it, who agrees."""

from bot.discord.examples import texts as example_texts
from bot.discord.forums import texts
from knowledge.domain.vocabulary import ExampleState
from knowledge.servers.types import Server
from tests.bot.conftest import labels_in, said, text_in

TITLE = "How did you keep local recruits?"
ANSWER = "We gave each of them a mentor for the first year."


def cards(channel):
    return [message for message in channel.history() if message.author.bot]


async def test_a_solved_post_becomes_a_draft_of_who_solved_it(
    write, switch, member, other, filled, guild, simcord_env, make_bot
):
    review, team = guild.create_text_channel("review"), guild.create_role("Sample team")
    moderator = guild.add_member(simcord_env.create_user("mo"), roles=[team])
    filled.servers.settings.save_server(Server(id=guild.id, review_channel=review.id, moderator_role=team.id))
    switch(searchable=True)
    thread = await write(member, TITLE)
    answer = await other.send(thread, ANSWER)
    await member.context_menu(thread, texts.MARK_SOLVED, answer)
    await simcord_env.advance_time(20)
    (card,) = cards(review)
    assert TITLE in text_in(card)
    assert f"/{thread.id}/{answer.id}" in text_in(card)
    assert ANSWER not in text_in(card)
    # Taken back and marked again: the moderators are told once.
    await member.context_menu(thread, texts.MARK_SOLVED, answer)
    await member.context_menu(thread, texts.MARK_SOLVED, answer)
    await simcord_env.advance_time(20)
    assert len(cards(review)) == 1
    await simcord_env.restart_bot(make_bot())
    assert said(await moderator.click(card, label=example_texts.SOLVED_DRAFT)) == example_texts.ASK_OTHERS
    (asked,) = [message for message in other.user.dm_channel.history() if message.author.bot]
    assert example_texts.AGREE in labels_in(asked)
    assert filled.examples.counts() == {}
    await other.user.click(asked, label=example_texts.AGREE)
    assert filled.examples.counts() == {ExampleState.DRAFT: 1}


async def test_without_a_review_channel_nobody_is_told(write, switch, member, other, filled, simcord_env):
    switch(searchable=True)
    thread = await write(member, TITLE)
    answer = await other.send(thread, ANSWER)
    await member.context_menu(thread, texts.MARK_SOLVED, answer)
    await simcord_env.advance_time(20)
    assert filled.outbox.waiting() == 0
