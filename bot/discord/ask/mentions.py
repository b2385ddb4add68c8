"""Whether a message is meant for the assistant, and what it asks."""

import re

import discord


def question_in(message: discord.Message, me: int) -> str | None:
    """What a message asks the assistant: an empty text for a mention alone, `None` when it is not meant for it.

    Meant for it are direct messages, messages that mention it, and messages in a thread that it started, unless they
    are meant for somebody else there.
    """
    if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    text = re.sub(rf"<@!?{me}>", " ", message.content)
    mentioned = text != message.content
    if message.guild is None or mentioned:
        return " ".join(text.split())
    channel = message.channel
    if isinstance(channel, discord.Thread) and channel.owner_id == me and not _meant_for_others(message, me):
        # Without the intent for message content there is no text in it: then it is not ours to answer.
        return " ".join(text.split()) or None
    return None


def _meant_for_others(message: discord.Message, me: int) -> bool:
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id != me
