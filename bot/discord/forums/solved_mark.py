"""Shows in a forum that a post is solved: ✅ on the post and on the message that solved it, and the forum's tag."""

import logging

import aiohttp
import discord

from bot.discord.forums import texts
from bot.discord.forums.post_purpose import sorted_tags

_log = logging.getLogger(__name__)
MARK = "✅"
# https://discord.com/developers/docs/resources/channel: the most tags that a post can have.
_MOST_TAGS = 5


async def show_solved(thread: discord.Thread, solved: int | None, before: int | None) -> str | None:
    """Show which message solves a post, `None` for none any more; `before` was shown so far.

    Returns:
        What could not be shown, in words for whoever marked it, or `None`.
    """
    lost = False
    if before is not None and before != solved:
        lost |= not await _react(thread, before, marked=False)
    for message_id in dict.fromkeys((thread.id, solved if solved is not None else thread.id)):
        lost |= not await _react(thread, message_id, marked=solved is not None)
    tag = _tag_of(thread)
    if lost and solved is not None:
        return texts.NO_MARK.format(mark=MARK)
    if tag is not None and not await _set_tag(thread, tag, wanted=solved is not None):
        return texts.NO_TAG.format(tag=tag.name)
    return None


async def follow_tag(thread: discord.Thread, *, solved: bool) -> None:
    """Show on a post what somebody has said by the forum's tag: that it is solved, or no longer."""
    await _react(thread, thread.id, marked=solved)


def _tag_of(thread: discord.Thread) -> discord.ForumTag | None:
    """Return the forum's own tag for solved posts, whatever it is called exactly."""
    forum = thread.parent
    tags = forum.available_tags if isinstance(forum, discord.ForumChannel) else []
    return next((tag for tag in tags if sorted_tags([tag.name]).solved), None)


async def _react(thread: discord.Thread, message_id: int, *, marked: bool) -> bool:
    message = thread.get_partial_message(message_id)
    try:
        if marked:
            await message.add_reaction(MARK)
        else:
            await message.remove_reaction(MARK, thread.guild.me)
    except discord.NotFound:  # the message is gone, or the mark is
        return True
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.warning("the mark on post %s could not be changed (%s)", thread.id, error)
        return False
    return True


async def _set_tag(thread: discord.Thread, tag: discord.ForumTag, *, wanted: bool) -> bool:
    has = any(applied.id == tag.id for applied in thread.applied_tags)
    if has == wanted:
        return True
    if wanted and len(thread.applied_tags) >= _MOST_TAGS:
        return False
    try:
        if wanted:
            await thread.add_tags(tag)
        else:
            await thread.remove_tags(tag)
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.warning("the tag of post %s could not be changed (%s)", thread.id, error)
        return False
    return True
