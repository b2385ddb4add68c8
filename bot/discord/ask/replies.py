"""Sends answers: to the member alone, into the channel, or into a thread when they are long."""

import logging
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

import aiohttp
import discord
from discord import ui

from bot.discord.ask import texts
from bot.discord.ask.answer_card import is_long, point_card
from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime.errors import answered
from bot.discord.runtime.interactions import begin, showing_typing, showing_work
from bot.discord.runtime.markdown import cut
from knowledge.domain.library import Answer

_log = logging.getLogger(__name__)
_MOST_THREAD_NAME = 90
_THREAD_MINUTES: Literal[1440] = 1440


class Destination(NamedTuple):
    """The place that an answer goes to: `send` sends its message, and `shared` says whether everybody there sees it.

    `note` stands below the answer in small print. `asked_in` is the message that it replies to, if it replies to one.
    """

    send: Callable[[ui.LayoutView], Awaitable[discord.Message]]
    server_id: int | None
    channel_id: int
    shared: bool
    note: str | None = None
    asked_in: int | None = None


async def deliver(answers: AnswerCards, answer: Answer, asker_id: int, to: Destination) -> discord.Message:
    """Send an answer, remember on which message it is, and put what is known later in its place.

    Returns:
        The message that shows it.
    """
    view, card = await answers.card(answer, asker_id, to.server_id, to.channel_id, shared=to.shared, note=to.note)
    sent = await to.send(view)
    # Nobody can delete a message that only its reader sees, so there is no need to know which it was.
    if card is not None and not sent.flags.ephemeral:
        await answers.keep(card.model_copy(update={"question_message_id": to.asked_in}), asker_id, sent.id)
    if better := await answers.with_more(answer, card, asker_id, note=to.note):
        await sent.edit(view=better)
    return sent


async def answer_privately(
    answers: AnswerCards,
    interaction: discord.Interaction,
    question: str,
    *,
    follows: bool = True,
    quietly: bool = False,
) -> None:
    """Answer an interaction for its member's eyes only.

    `follows`: the question may follow on from the one before. `quietly`: it is somebody else's, and is not kept.
    """
    if not await begin(answers.worker, interaction):
        return
    channel_id, user_id = interaction.channel_id or 0, interaction.user.id
    conversation = f"discord:{channel_id}:{user_id}" if follows else None
    async with showing_work(interaction):
        answer = await answers.answer(user_id, question, conversation, quietly=quietly)
    await deliver(answers, answer, user_id, _reply_to(interaction, shared=False))


async def answer_openly(answers: AnswerCards, interaction: discord.Interaction, question: str, note: str) -> None:
    """Answer an interaction for everybody in the channel. `note` says how to ask on in a thread."""
    if not await begin(answers.worker, interaction, private=False):
        return
    message, user_id = await interaction.original_response(), interaction.user.id
    async with showing_work(interaction):
        # A thread that starts from a message has that message's id, so the conversation goes on in it.
        answer = await answers.answer(user_id, question, f"discord:{message.id}")
    if is_long(answer) and may_start_thread(interaction.channel, interaction.app_permissions):
        await interaction.edit_original_response(view=point_card(answer))
        answered(interaction)
        if await answer_in_thread(answers, message, answer, user_id, note) is not None:
            return
    await deliver(answers, answer, user_id, _reply_to(interaction, shared=True))


async def reply(
    answers: AnswerCards, message: discord.Message, question: str, note: str, *, quietly: bool = False
) -> discord.Message:
    """Answer a message in its channel, its thread, or its direct messages; return the answer's message.

    `quietly`: the question is somebody else's, and is not kept.
    """
    channel, user_id, server = message.channel, message.author.id, message.guild
    async with showing_typing(channel):
        answer = await answers.answer(user_id, question, None if quietly else conversation_of(message), quietly=quietly)
    threads = server is not None and may_start_thread(channel, channel.permissions_for(server.me))
    if threads and is_long(answer):
        sent = await answer_in_thread(answers, message, answer, user_id, note, asked_in=message.id)
        if sent is not None:
            return sent

    async def send(view: ui.LayoutView) -> discord.Message:
        return await channel.send(
            view=view,
            reference=message.to_reference(fail_if_not_exists=False),
            mention_author=False,
            # With a nonce, Discord itself drops a second one should a failure of the network make us send it again.
            nonce=f"a{message.id}",
        )

    to = Destination(send, server.id if server else None, channel.id, server is not None, asked_in=message.id)
    return await deliver(answers, answer, user_id, to)


async def answer_anew(
    answers: AnswerCards,
    message: discord.Message,
    question: str,
    shown: discord.PartialMessage,
    note: str | None,
    *,
    quietly: bool = False,
) -> discord.Message:
    """Put the answer to what a message asks by now in the place of the one before, which `shown` is."""
    server, user_id = message.guild, message.author.id
    conversation = None if quietly else conversation_of(message)
    answer = await answers.answer(user_id, question, conversation, quietly=quietly)

    async def send(view: ui.LayoutView) -> discord.Message:
        return await shown.edit(view=view)

    to = Destination(
        send, server.id if server else None, shown.channel.id, server is not None, note=note, asked_in=message.id
    )
    return await deliver(answers, answer, user_id, to)


def conversation_of(message: discord.Message) -> str:
    """Return the key of the conversation that a message is part of: its thread's, or its own, where one may begin."""
    same_place = message.guild is None or isinstance(message.channel, discord.Thread)
    return f"discord:{message.channel.id if same_place else message.id}"


async def answer_in_thread(
    answers: AnswerCards,
    message: discord.Message,
    answer: Answer,
    user_id: int,
    note: str,
    *,
    asked_in: int | None = None,
) -> discord.Message | None:
    """Start a thread from a message and answer in it; return the answer's message, `None` where that cannot be done."""
    try:
        name = cut(" ".join(answer.question.split()), _MOST_THREAD_NAME)
        thread = await message.create_thread(name=name, auto_archive_duration=_THREAD_MINUTES)
    except (discord.HTTPException, aiohttp.ClientError, ValueError) as error:
        _log.warning("no thread could be started: %s", error)
        return None

    async def send(view: ui.LayoutView) -> discord.Message:
        return await thread.send(view=view, nonce=f"t{message.id}")

    to = Destination(send, thread.guild.id, thread.id, shared=True, note=note, asked_in=asked_in)
    return await deliver(answers, answer, user_id, to)


def may_start_thread(channel: object, permissions: discord.Permissions) -> bool:
    """Return whether there can be a public thread in this channel, and the bot may start it and write in it."""
    return isinstance(channel, discord.TextChannel) and (
        permissions.create_public_threads and permissions.send_messages_in_threads
    )


def note_for(*, reads_messages: bool) -> str:
    """Return how to ask on in a thread."""
    return texts.IN_THREAD_READING if reads_messages else texts.IN_THREAD


def _reply_to(interaction: discord.Interaction, *, shared: bool) -> Destination:
    async def send(view: ui.LayoutView) -> discord.Message:
        sent = await interaction.edit_original_response(view=view)
        answered(interaction)
        return sent

    return Destination(send, interaction.guild_id, interaction.channel_id or 0, shared)
