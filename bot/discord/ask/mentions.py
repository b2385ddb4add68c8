"""Reads a message: whether it is meant for the assistant, and what it asks, itself or by pointing at another one."""

import re

import discord

# A message of nothing but such words asks about the message that it replies to: "can you look this up, please?".
_REQUESTS_TEXT = (
    "answer answers advice chip help find ideas idea know knows look over reckon reply resource resources respond say "
    "says search suggestion suggestions take takes tell think thoughts view views turn"
)
_REFERENCES_TEXT = "this that it these those above question questions post message same"
_AROUND_TEXT = (
    "a able about an and any anybody anyone anything are around at be can colleague could do does for from get give "
    "got had has have hello her here hey hi him i in into is kindly library like me of on one ones or our out please "
    "pls possibly possible see so some somebody someone something talk thank thanks the their them then they there to "
    "too u up us we will with would you your"
)
_REQUESTS, _REFERENCES = frozenset(_REQUESTS_TEXT.split()), frozenset(_REFERENCES_TEXT.split())
_AROUND = frozenset(_AROUND_TEXT.split())
_MENTION = re.compile(r"<[@#][!&]?\d+>")
_POINTERS = frozenset("^☝👆⬆")
_ASKING_WORDS = re.compile(r"what(?:'s)?|how about")
_SOMEBODYS = re.compile(r"\b\w+'s (?=question|post|message)")


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
    said = _SOMEBODYS.sub("this ", _MENTION.sub(" ", text.casefold().replace("’", "'")))
    found = set(re.findall(r"[\w']+", _ASKING_WORDS.sub(" ", said)))
    if not found:
        return not any(map(str.isalnum, said))
    if found - _REQUESTS - _REFERENCES - _AROUND:
        return False
    # "What is this?" asks something, "What do you think?" and "What about this?" do not.
    asked = found & _REQUESTS or (_ASKING_WORDS.search(said) and "about" in found)
    points = found & _REFERENCES or _POINTERS & set(said)
    return bool(asked or (points and not _ASKING_WORDS.search(said)))


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
