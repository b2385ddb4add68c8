"""Posts in a server's forums, treated as its admins chose: found again, and answered once when it is sure."""

import asyncio
import logging
from collections.abc import AsyncIterator

import discord
from discord import ui

from bot.discord.ask.answer_card import joined
from bot.discord.browse.events import next_event_line
from bot.discord.browse.views import entry
from bot.discord.forums import texts
from bot.discord.forums.discussions import index_post, suggest
from bot.discord.forums.post_purpose import asks, sorted_tags
from bot.discord.peers.match_view import MatchCounts
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import button, left_out, link_rows, within
from bot.discord.runtime.markdown import cut, link
from bot.discord.runtime.worker import Worker
from knowledge.domain.library import Noun
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient
from knowledge.errors import QuestionError
from knowledge.guidance.next_event import next_event
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
_DISMISS = "post_dismiss"
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
        reply = await self._suggested(thread, starter)
        if reply is None:
            return False
        message = Message(recipient=channel_recipient(thread.id), kind=KIND, data=reply.model_dump(mode="json"))
        await self._worker.db(lambda backend: backend.library.outbox.add(message, self._worker.now()))
        return True

    async def follow_edit(self, thread: discord.Thread) -> None:
        """Bring the reply to a post up to date with what the post says now; it goes where nothing helps any more."""
        forum = await self.forum_of(thread)
        shown = await own_reply(thread) if forum is not None and forum.replies else None
        if shown is None:
            return
        starter = await starter_of(thread, 0)
        reply = await self._suggested(thread, starter)
        view = await self._view(reply, thread, starter) if reply is not None else None
        if view is None:
            await shown.delete()
        else:
            await shown.edit(view=view)

    async def take_reply_away(self, thread: discord.Thread) -> None:
        """Delete the reply to a post that is gone."""
        if (shown := await own_reply(thread)) is not None:
            await shown.delete()

    async def index(self, thread: discord.Thread, starter: discord.Message | None) -> bool:
        """Make a post findable; false when its author does not want that."""
        text = text_of(thread, starter)
        return await self._worker.model(lambda backend: index_post(backend.library, post_of(thread), text))

    async def message(self, queued: QueuedMessage, thread: discord.Thread) -> ui.LayoutView | None:
        """Return the reply to a post; nothing when a person has answered by now."""
        async for message in thread.history(limit=_LOOKED_AT):
            if message.id != thread.id and not message.author.bot and message.author.id != thread.owner_id:
                return None
        reply, starter = ForumReply.model_validate(queued.message.data), await starter_of(thread, 0)
        return await self._view(reply, thread, starter)

    async def _suggested(self, thread: discord.Thread, starter: discord.Message | None) -> ForumReply | None:
        """Return what helps with a post; `None` for one that asks nothing, and where the library is not sure."""
        if not asks(thread.name, starter.content if starter else "", [tag.name for tag in thread.applied_tags]):
            return None
        text = text_of(thread, starter)
        try:
            found = await self._worker.model(
                lambda backend: suggest(backend.unlogged, backend.library, post_of(thread), text)
            )
        except QuestionError:
            return None
        return ForumReply.model_validate(found.model_dump()) if found is not None else None

    async def _view(
        self, reply: ForumReply, thread: discord.Thread, starter: discord.Message | None
    ) -> ui.LayoutView | None:
        text = thread.name if reply.by_title else text_of(thread, starter)
        line = joined(await self._match_counts.under_post(text, thread.owner_id), await self._event(text))
        return await self._worker.db(lambda backend: reply_view(backend.library, reply, thread, line))

    async def _event(self, text: str) -> str | None:
        """Return the next event about what a post says, in a line."""
        now = self._worker.now()
        event = await self._worker.slow(lambda backend: next_event(backend.library, now, text))
        return next_event_line(event.metadata) if event is not None else None


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
    shown = within(lines, _MOST_TEXT)
    container: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay("\n".join(shown)), *link_rows(left_out(lines, shown))
    )
    if line:
        container.add_item(ui.TextDisplay(f"-# {line}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.add_item(ui.ActionRow(button(_DISMISS, str(thread.id), runtime_texts.DISMISS)))
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
    """Return what a post says: its title, the topics among its tags, and its text where the bot may read it."""
    title = thread.name if thread.name.rstrip().endswith((".", "?", "!")) else f"{thread.name}."
    topics = sorted_tags([tag.name for tag in thread.applied_tags]).topics
    tagged = f" {', '.join(topics)}." if topics else ""
    return cut(" ".join(f"{title}{tagged} {starter.content if starter else ''}".split()), _LONGEST_TEXT)


async def own_reply(thread: discord.Thread) -> discord.Message | None:
    """Return the assistant's automatic reply in a post, told by its button; `None` where there is none."""
    async for message in thread.history(limit=_LOOKED_AT, oldest_first=True):
        if message.author.id == thread.guild.me.id and f"haln:{_DISMISS}:" in str(
            [component.to_dict() for component in message.components]
        ):
            return message
    return None


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
