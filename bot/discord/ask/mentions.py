"""Reads a message: whether it is meant for the assistant, and what it asks, itself or by pointing at another one."""

import re

import discord

# A message that says nothing but this asks about the message that it replies to.
_POINTS = re.compile(
    r"(?:(?:hi|hello|hey|please|pls|so|and)[ ,!]+)*"
    r"(?:(?:can|could|would|will) (?:you|u|anyone|anybody|someone|somebody)(?: please| kindly| possibly)* "
    r"(?:answer|help(?: (?:us|me|them|him|her|out))?|look (?:at|into)|reply(?: to)?|respond(?: to)?|take)"
    r"(?: with| on)?|"
    r"(?:please |pls )?(?:answer|help(?: (?:us|me|them|him|her|out))?|look (?:at|into)|reply to|respond to)(?: with)?|"
    r"(?:do you know|any(?:body|one)? (?:know|ideas?|thoughts|advice|help|answers?|suggestions?)|thoughts|ideas|"
    r"what do you (?:think|say|know)|what about|how about|your (?:view|thoughts|take))(?: on| about| of| to| for)?)?"
    r"(?: the answer(?: to)?)?(?: ?(?:this|that|it|these|those|the above|above)"
    r"(?: (?:one|question|post|message|please|too|then))*)?[ ?!.^☝👆⬆️🙏]*",
    re.IGNORECASE,
)


def question_in(message: discord.Message, me: int) -> str | None:
    """Return what a message asks: an empty text for a mention alone, `None` when it is not meant for the assistant.

    Meant for it are direct messages, messages that mention it or its own role, and messages in a thread that it
    started, unless they are meant for somebody else there. What two members say where they were introduced never is.
    """
    if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    if is_introduction(message.channel, me):
        return None
    text = re.sub(rf"<@!?{me}>", " ", message.content)
    mentioned = text != message.content or mentions_role(message)
    if mentions_role(message):
        text = re.sub(rf"<@&{_own_role(message)}>", " ", text)
    if message.guild is None or mentioned:
        return " ".join(text.split())
    channel = message.channel
    if isinstance(channel, discord.Thread) and channel.owner_id == me and not _meant_for_others(message, me):
        # Without the intent for message content there is no text in it: then it is not ours to answer.
        return " ".join(text.split()) or None
    return None


def is_introduction(channel: object, me: int) -> bool:
    """Return whether a channel is a thread in which members were introduced: no other private thread is the bot's own.

    That holds also when the introduction is over and nothing is kept of it any more.
    """
    return isinstance(channel, discord.Thread) and channel.is_private() and channel.owner_id == me


def mentions_role(message: discord.Message) -> bool:
    """Return whether a message mentions the role that Discord made for the assistant, which looks just like it."""
    own = _own_role(message)
    return own is not None and any(role.id == own for role in message.role_mentions)


def points_at_reply(text: str) -> bool:
    """Return whether a text asks nothing of its own, but about what it replies to: "can you answer this?"."""
    return _POINTS.fullmatch(text.strip()) is not None


async def replied_to(message: discord.Message) -> discord.Message | None:
    """Return the message that a message replies to; `None` where it replies to none, or that one is gone."""
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    try:
        return await message.channel.fetch_message(reference.message_id)
    except (discord.NotFound, discord.Forbidden):
        return None


def _own_role(message: discord.Message) -> int | None:
    role = message.guild.self_role if message.guild else None
    return role.id if role else None


def _meant_for_others(message: discord.Message, me: int) -> bool:
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id != me
