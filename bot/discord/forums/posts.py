"""Posts in a server's forums, treated as its admins chose: found again, and answered once when it is sure."""

import asyncio
import logging
from collections.abc import AsyncIterator

import discord
from discord import ui

from bot.discord.browse.views import entry
from bot.discord.forums import texts
from bot.discord.forums.discussions import index_post, suggest
from bot.discord.peers.match_counts import MatchCounts
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import button
from bot.discord.runtime.markdown import cut, fitting, link
from bot.discord.runtime.worker import Worker
from knowledge.domain.library import Noun
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient
from knowledge.errors import QuestionError
from knowledge.library import Library
from knowledge.servers.types import Forum, Post

_log = logging.getLogger(__name__)
KIND = "forum_reply"
_LONGEST_TEXT = 1500
_MOST_TEXT = 3500
_MOST_TITLE = 200
# Discord tells of a thread a moment before its first message can be fetched.
_PATIENCE_SECONDS = 1.0
_LOOKED_AT = 20
# Enough for years of a busy forum; the older ones are seldom what somebody looks for.
ARCHIVED_POSTS = 500


class ForumReply(Noun):
    """A reply that waits to be sent: ids of documents and of similar discussions, and what of the post is the question.

    Nothing that the post says: it is read again when the reply is made.
    """

    documents: tuple[str, ...]
    threads: tuple[int, ...]
    by_title: bool = False


class ForumPosts:
    """Takes on new posts, and makes the reply to them."""

    def __init__(self, worker: Worker, match_counts: MatchCounts) -> None:
        self._worker = worker
        self._match_counts = match_counts

    async def forum_of(self, thread: discord.Thread) -> Forum | None:
        """Return the forum of a post, if an admin has switched anything on for it."""
        parent = thread.parent
        if not isinstance(parent, discord.ForumChannel):
            return None
        server_id, parent_id = thread.guild.id, parent.id
        forum = await self._worker.db(
            lambda backend: (
                backend.servers.settings.forum(server_id, parent_id)
                if backend.servers.register.has(server_id)
                else Forum(channel_id=parent_id, server_id=server_id)
            )
        )
        return forum if forum.replies or forum.searchable else None

    async def arrived(self, thread: discord.Thread) -> bool:
        """Take on a new post; whether a reply was queued."""
        forum = await self.forum_of(thread)
        starter = await starter_of(thread) if forum else None
        if forum is None or (starter is not None and starter.author.bot):
            return False
        if forum.searchable:
            await self.index(thread, starter)
        if not forum.replies or not await self._worker.db(
            lambda backend: backend.servers.posts.claim(thread.id, self._worker.now())
        ):
            return False
        text = text_of(thread, starter)
        try:
            found = await self._worker.model(
                lambda backend: suggest(backend.unlogged, backend.library, post_of(thread), text)
            )
        except QuestionError:
            return False
        if found is None:
            return False
        reply = ForumReply.model_validate(found.model_dump()).model_dump(mode="json")
        message = Message(recipient=channel_recipient(thread.id), kind=KIND, data=reply)
        await self._worker.db(lambda backend: backend.library.outbox.add(message, self._worker.now()))
        return True

    async def index(self, thread: discord.Thread, starter: discord.Message | None) -> bool:
        """Make a post findable; false when its author does not want that."""
        text = text_of(thread, starter)
        return await self._worker.model(lambda backend: index_post(backend.library, post_of(thread), text))

    async def message(self, queued: QueuedMessage, thread: discord.Thread) -> ui.LayoutView | None:
        """Return the reply to a post; nothing when a person has answered by now."""
        async for message in thread.history(limit=_LOOKED_AT):
            if message.id != thread.id and not message.author.bot and message.author.id != thread.owner_id:
                return None
        reply = ForumReply.model_validate(queued.message.data)
        text = thread.name if reply.by_title else text_of(thread, await starter_of(thread, 0))
        line = await self._match_counts.under_post(text, thread.owner_id)
        return await self._worker.db(lambda backend: reply_view(backend.library, reply, thread, line))


def reply_view(
    library: Library, reply: ForumReply, thread: discord.Thread, line: str | None = None
) -> ui.LayoutView | None:
    """Return the reply: what it is, the resources, the similar discussions, who works on it, and how to be rid of it.

    Of other forums only those are named that everybody can see: who reads this one need not be let into those.
    """
    documents = [document for name in reply.documents if (document := library.store.document(name))]
    guild = thread.guild
    found = [post for one in reply.threads if (post := library.servers.posts.post(guild.id, one))]
    here = thread.parent_id
    posts = [post for post in found if post.forum_id == here or may_see(guild, guild.default_role, post)]
    if not documents:
        return None
    lines = [f"-# {texts.LABEL}", f"**{texts.RESOURCES}**", *(entry(document) for document in documents)]
    if posts:
        lines += [f"**{texts.SIMILAR}**", *(post_line(post) for post in posts)]
    container: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay(fitting(lines, _MOST_TEXT)))
    if line:
        container.add_item(ui.TextDisplay(f"-# {line}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.add_item(ui.ActionRow(button("post_dismiss", str(thread.id), runtime_texts.DISMISS)))
    return view


def post_line(post: Post) -> str:
    """Return a discussion in one line: its title as a link, to the message that solved it where there is one."""
    url = f"https://discord.com/channels/{post.server_id}/{post.thread_id}"
    if post.solved_message_id is None:
        return f"- {link(post.title, url)}"
    return f"- {link(post.title, f'{url}/{post.solved_message_id}')} ({texts.SOLVED})"


def may_see(guild: discord.Guild, who: discord.Member | discord.Role, post: Post) -> bool:
    """Return whether a member, or all that have a role, can see the forum that a post is in."""
    forum = guild.get_channel(post.forum_id)
    return forum is not None and forum.permissions_for(who).view_channel


def post_of(thread: discord.Thread) -> Post:
    """Return what is kept of a post."""
    return Post(
        thread_id=thread.id,
        server_id=thread.guild.id,
        forum_id=thread.parent_id,
        author_id=thread.owner_id,
        title=cut(thread.name, _MOST_TITLE),
    )


def text_of(thread: discord.Thread, starter: discord.Message | None) -> str:
    """Return what a post says: its title, and its text where the bot may read it."""
    title = thread.name if thread.name.rstrip().endswith((".", "?", "!")) else f"{thread.name}."
    return cut(" ".join(f"{title} {starter.content if starter else ''}".split()), _LONGEST_TEXT)


async def starter_of(thread: discord.Thread, patience: float = _PATIENCE_SECONDS) -> discord.Message | None:
    """Return the first message of a post; `None` when it is deleted or not ours to see."""
    for pause in (0.0, patience):
        await asyncio.sleep(pause)
        try:
            return await thread.fetch_message(thread.id)
        except discord.NotFound:
            continue
        except discord.HTTPException as error:
            _log.warning("the post %s cannot be read (%s)", thread.id, error)
            return None
    return None


async def threads_of(channel: discord.ForumChannel) -> AsyncIterator[discord.Thread]:
    """Yield the posts of a forum: those that are open, then the latest of those that are archived."""
    for thread in list(channel.threads):
        yield thread
    async for thread in channel.archived_threads(limit=ARCHIVED_POSTS):
        yield thread
