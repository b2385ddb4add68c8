"""What two introduced members say to each other is theirs: the bot is in their thread, and hears nothing."""

import pytest

from bot.discord.peers import texts
from knowledge.settings import Switch
from tests.bot.discord.peers.conftest import dms
from tests.bot.discord.peers.test_introductions import asked, threads_of


@pytest.mark.bot_settings(discord_read_messages=Switch.ON)
async def test_what_the_two_say_to_each_other_is_neither_answered_nor_kept(
    channel, seeker, helper, peers, simcord_env, filled
):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    (thread,) = threads_of(channel)
    secret = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"

    async def nothing_comes_of_it():
        before = len(thread.history())
        await seeker.send(thread, secret)
        await helper.send(thread, f"<@{simcord_env.bot.user.id}> {secret}")
        await helper.send(thread, secret, reply_to=thread.history()[0])
        assert len(thread.history()) == before + 3
        with filled.questions._connections.read() as connection:
            for table in ("questions", "turns", "cards", "conversation_people"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0

    await nothing_comes_of_it()
    # Also when nothing is kept of the introduction any more: the thread is still there.
    filled.members.remove_introductions_before("9999")
    await nothing_comes_of_it()
