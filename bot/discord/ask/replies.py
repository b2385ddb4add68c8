"""Where an answer goes: to the member alone, into the channel, or into a thread when it is long."""

import logging
from typing import Literal

import aiohttp
import discord

from bot.discord.ask.answer_card import is_long, point_card
from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime import texts
from bot.discord.runtime.interactions import begin, showing_typing, showing_work
from bot.discord.runtime.markdown import cut
from knowledge.domain.library import Answer

_log = logging.getLogger(__name__)
_MOST_THREAD_NAME = 90
_THREAD_MINUTES: Literal[1440] = 1440


async def answer_privately(
    answering: AnswerCards, interaction: discord.Interaction, question: str, *, follows: bool = True
) -> None:
    """Answer an interaction for its member's eyes only. `follows`: the question may follow on from the one before."""
    if not await begin(answering.worker, interaction):
        return
    channel_id, user_id = interaction.channel_id or 0, interaction.user.id
    conversation = f"discord:{channel_id}:{user_id}" if follows else None
    async with showing_work(interaction):
        answer = await answering.answer(user_id, question, conversation)
        view, card = await answering.card(answer, user_id, interaction.guild_id, channel_id, shared=False)
    await interaction.edit_original_response(view=view)
    if better := await answering.with_more(answer, card, user_id):
        await interaction.edit_original_response(view=better)


async def answer_openly(answering: AnswerCards, interaction: discord.Interaction, question: str, note: str) -> None:
    """Answer an interaction for everybody in the channel. `note` says how to ask on in a thread."""
    if not await begin(answering.worker, interaction, private=False):
        return
    message = await interaction.original_response()
    channel_id, user_id = interaction.channel_id or 0, interaction.user.id
    async with showing_work(interaction):
        # A thread that starts from a message has that message's id, so the conversation goes on in it.
        answer = await answering.answer(user_id, question, f"discord:{message.id}")
    if is_long(answer) and may_start_thread(interaction.channel, interaction.app_permissions):
        await interaction.edit_original_response(view=point_card(answer))
        if await answer_in_thread(answering, message, answer, user_id, note):
            return
    view, card = await answering.card(answer, user_id, interaction.guild_id, channel_id, shared=True)
    await interaction.edit_original_response(view=view)
    if card is not None:
        await answering.keep(card, user_id, message.id)
    if better := await answering.with_more(answer, card, user_id):
        await interaction.edit_original_response(view=better)


async def reply(answering: AnswerCards, message: discord.Message, question: str, note: str) -> None:
    """Answer a message in its channel, its thread, or its direct messages."""
    channel, user_id = message.channel, message.author.id
    direct = message.guild is None
    same_place = direct or isinstance(channel, discord.Thread)
    async with showing_typing(channel):
        answer = await answering.answer(user_id, question, f"discord:{channel.id if same_place else message.id}")
    if message.guild is not None and is_long(answer):
        permissions = channel.permissions_for(message.guild.me)
        if may_start_thread(channel, permissions) and await answer_in_thread(answering, message, answer, user_id, note):
            return
    server_id = message.guild.id if message.guild else None
    view, card = await answering.card(answer, user_id, server_id, channel.id, shared=not direct)
    # With a nonce, Discord itself drops a second one should a failure of the network make us send it again.
    sent = await channel.send(
        view=view,
        reference=message.to_reference(fail_if_not_exists=False),
        mention_author=False,
        nonce=f"a{message.id}",
    )
    if card is not None:
        await answering.keep(card, user_id, sent.id)
    if better := await answering.with_more(answer, card, user_id):
        await sent.edit(view=better)


async def answer_in_thread(
    answering: AnswerCards, message: discord.Message, answer: Answer, user_id: int, note: str
) -> bool:
    """Start a thread from a message and answer in it; false where that cannot be done."""
    try:
        name = cut(" ".join(answer.question.split()), _MOST_THREAD_NAME)
        thread = await message.create_thread(name=name, auto_archive_duration=_THREAD_MINUTES)
    except (discord.HTTPException, aiohttp.ClientError, ValueError) as error:
        _log.warning("no thread could be started: %s", error)
        return False
    view, card = await answering.card(answer, user_id, thread.guild.id, thread.id, shared=True, note=note)
    sent = await thread.send(view=view, nonce=f"t{message.id}")
    if card is not None:
        await answering.keep(card, user_id, sent.id)
    if better := await answering.with_more(answer, card, user_id, note=note):
        await sent.edit(view=better)
    return True


def may_start_thread(channel: object, permissions: discord.Permissions) -> bool:
    """Whether there can be a public thread in this channel, and the bot may start it and write in it."""
    return isinstance(channel, discord.TextChannel) and (
        permissions.create_public_threads and permissions.send_messages_in_threads
    )


def note_for(*, reads_messages: bool) -> str:
    """How to ask on in a thread."""
    return texts.IN_THREAD_READING if reads_messages else texts.IN_THREAD
