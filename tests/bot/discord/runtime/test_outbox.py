"""The outbox over a simulated Discord: one of two bots sends each message, and nobody waits behind review cards."""

import asyncio

import pytest

from bot.discord.background import BackgroundCog
from bot.discord.runtime.components import notice
from bot.discord.runtime.outbox import Lane, MessageKind, Outbox
from bot.discord.runtime.worker import Worker
from knowledge.domain.outbox import MODERATORS, Message
from knowledge.library import Library
from tests.bot.conftest import text_in


@pytest.fixture
def outbox(simcord_env):
    return simcord_env.bot.get_cog(BackgroundCog.__name__).outbox


@pytest.fixture
async def second(simcord_env, filled, clock):
    """The outbox of another process on the same data, as that of a bot that was started twice."""
    worker = Worker(filled.settings, lambda settings: Library.open(settings, lambda _: filled.embedder), clock)
    yield Outbox(simcord_env.bot, worker)
    await worker.close()


def queue(filled, clock, recipient, kind, number=0):
    filled.outbox.add(Message(recipient=str(recipient), kind=kind, data={"n": number}), clock())


async def test_of_two_bots_one_sends_each_message_and_the_order_holds(
    member, other, filled, clock, simcord_env, outbox, second
):
    at_work = set()

    def by(name):
        async def render(queued):
            at_work.add(name)
            await asyncio.sleep(0.01)
            return notice(f"Message {queued.message.data['n']}")

        return MessageKind(render)

    outbox.kinds["test"], second.kinds["test"] = by("first"), by("second")
    for number in range(10):
        for who in (member, other):
            queue(filled, clock, who.id, "test", number)

    async def sends(one):
        while filled.outbox.waiting():
            await one.flush(Lane.PEOPLE)
            await asyncio.sleep(0.001)

    await asyncio.gather(sends(outbox), sends(second))
    assert at_work == {"first", "second"}
    for who in (member, other):
        assert [text_in(message) for message in who.user.dm_channel.history()] == [f"Message {n}" for n in range(10)]


async def test_people_do_not_wait_until_the_last_card_is_there(member, filled, clock, simcord_env, outbox):
    goes_on = asyncio.Event()

    async def slow(_):
        await goes_on.wait()

    async def quick(_):
        return notice("Hello")

    outbox.kinds |= {"card": MessageKind(slow, lane=Lane.CHANNELS), "hello": MessageKind(quick)}
    queue(filled, clock, MODERATORS, "card")
    cards = asyncio.create_task(outbox.flush(Lane.CHANNELS))
    queue(filled, clock, member.id, "hello")
    await outbox.flush(Lane.PEOPLE)
    assert [text_in(message) for message in member.user.dm_channel.history()] == ["Hello"]
    assert filled.outbox.waiting() == 1
    goes_on.set()
    await cards
    assert filled.outbox.waiting() == 0


async def test_what_only_another_face_can_say_stays_and_holds_up_nothing(member, filled, clock, simcord_env, outbox):
    async def hello(_):
        return notice("Hello")

    outbox.kinds["hello"] = MessageKind(hello)
    queue(filled, clock, member.id, "of another face")
    queue(filled, clock, member.id, "hello")
    await outbox.flush()
    assert [text_in(message) for message in member.user.dm_channel.history()] == ["Hello"]
    assert [message.kind for message in filled.outbox.waiting_for(str(member.id))] == ["of another face"]


async def test_who_is_not_on_discord_is_sent_nothing_and_the_rest_goes_on(member, filled, clock, outbox):
    async def hello(_):
        return notice("Hello")

    outbox.kinds["hello"] = MessageKind(hello)
    queue(filled, clock, "sample-author", "hello")
    queue(filled, clock, member.id, "hello")
    await outbox.flush()
    assert filled.outbox.waiting() == 0
    assert len(member.user.dm_channel.history()) == 1


async def test_a_bot_that_was_killed_while_sending_holds_up_a_message_for_two_minutes(
    member, filled, clock, simcord_env, outbox
):
    async def hello(queued):
        return notice(f"Message {queued.message.data['n']}")

    for number in range(2):
        queue(filled, clock, member.id, "hello", number)
    assert filled.outbox.take(["hello"], clock())  # by a process that says no more
    outbox.kinds["hello"] = MessageKind(hello)
    await outbox.flush()
    assert member.user.dm_channel is None or member.user.dm_channel.history() == []
    clock.pass_(minutes=3)
    await outbox.flush()
    assert [text_in(message) for message in member.user.dm_channel.history()] == ["Message 0", "Message 1"]


async def test_what_waits_for_the_morning_does_so_when_it_is_tried_again_too(
    member, filled, clock, simcord_env, outbox
):
    failing = [True]

    async def render(queued):
        if failing:
            failing.pop()
            raise OSError("Discord is away")
        return notice(f"Message {queued.message.data['n']}")

    outbox.kinds["by_day"] = MessageKind(render, hours=simcord_env.bot.worker.outside_quiet_hours)
    outbox.kinds["at_once"] = MessageKind(render)
    clock.pass_(hours=4, minutes=59)  # a minute before six in the evening, UK time
    queue(filled, clock, member.id, "by_day", 1)
    await outbox.flush()
    clock.pass_(hours=2)
    queue(filled, clock, member.id, "at_once", 2)
    queue(filled, clock, member.id, "by_day", 3)
    await outbox.flush()
    # At night it neither goes out nor keeps others back.
    assert [text_in(message) for message in member.user.dm_channel.history()] == ["Message 2"]
    clock.pass_(hours=13)
    await outbox.flush()
    told = [text_in(message) for message in member.user.dm_channel.history()]
    assert told == ["Message 2", "Message 1", "Message 3"]
