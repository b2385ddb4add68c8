"""Notices what happens in forums, and receives "Mark as the answer" and the dismissal of a reply."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.examples.solved_posts import queue_solved
from bot.discord.forums import texts
from bot.discord.forums.post_purpose import sorted_tags
from bot.discord.forums.posts import ForumPosts, starter_of, threads_of
from bot.discord.forums.solved_mark import follow_tag, show_solved
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Handler, notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import safe
from bot.discord.runtime.membership import moderates_channel
from bot.discord.runtime.worker import Worker
from knowledge.servers.types import Forum


class ForumsCog(commands.Cog):
    """Posts in the forums that admins have switched on."""

    def __init__(self, bot: commands.Bot, worker: Worker, posts: ForumPosts) -> None:
        self._bot = bot
        self._worker = worker
        self._posts = posts
        self._menu = app_commands.ContextMenu(name=texts.MARK_SOLVED, callback=self.mark_solved)
        app_commands.guild_only(self._menu)

    async def cog_load(self) -> None:
        """Put the entry into the menu of messages."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {"post_dismiss": self._dismiss}

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Take on a new post."""
        if await self._posts.arrived(thread):
            self._bot.dispatch("outgoing")

    @commands.Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """Index a post anew that has another title or other tags; show that somebody tagged it as solved."""
        if before.name != after.name or set(before.applied_tags) != set(after.applied_tags):
            await self._index_again(after)
        if before.name != after.name:
            await self._posts.follow_edit(after)
        was, is_solved = (sorted_tags([tag.name for tag in post.applied_tags]).solved for post in (before, after))
        if was != is_solved and await self._posts.forum_of(after) is not None:
            await follow_tag(after, solved=is_solved)
            if is_solved:
                await self._tell_moderators(after.guild.id, after.id, None)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Index a post anew that has another text."""
        if event.message_id == event.channel_id and isinstance(event.message.channel, discord.Thread):
            await self._index_again(event.message.channel)
            if event.message.edited_at is not None:
                await self._posts.follow_edit(event.message.channel)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Forget a post that was deleted."""
        await self._worker.db(lambda backend: backend.servers.posts.remove(event.thread_id))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a post whose first message was deleted, with the reply to it; or that what solved a post is gone."""
        thread = self._bot.get_channel(event.channel_id)
        if event.message_id == event.channel_id:
            await self._worker.db(lambda backend: backend.servers.posts.remove(event.channel_id))
            if isinstance(thread, discord.Thread):
                await self._posts.take_reply_away(thread)
            return
        if not isinstance(thread, discord.Thread):
            return
        server_id = thread.guild.id
        post = await self._worker.db(lambda backend: backend.servers.posts.post(server_id, event.channel_id))
        if post is not None and post.solved_message_id == event.message_id:
            await self._worker.db(lambda backend: backend.servers.posts.mark_solved(server_id, event.channel_id, None))
            await show_solved(thread, None, None)

    @commands.Cog.listener()
    async def on_forum_switched(self, forum: Forum) -> None:
        """Index the posts that are there when an admin makes a forum's posts findable."""
        channel = self._bot.get_channel(forum.channel_id)
        if not forum.searchable or not isinstance(channel, discord.ForumChannel):
            return
        async for thread in threads_of(channel):
            await self._posts.index(thread, await starter_of(thread, 0))

    async def mark_solved(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Mark the message that solved a post, or take the mark away; its author and moderators may."""
        if not await begin(self._worker, interaction):
            return
        server_id, thread_id = interaction.guild_id or 0, interaction.channel_id or 0
        post = await self._worker.db(lambda backend: backend.servers.posts.post(server_id, thread_id))
        if post is None:
            raise RefusedError(texts.NOT_A_POST)
        if interaction.user.id != post.author_id and not await moderates_channel(self._worker, interaction):
            raise RefusedError(texts.NOT_YOURS_TO_MARK)
        solved = None if post.solved_message_id == message.id else message.id
        await self._worker.db(lambda backend: backend.servers.posts.mark_solved(server_id, thread_id, solved))
        if solved:
            await self._tell_moderators(server_id, thread_id, solved)
        text = texts.MARKED.format(title=safe(post.title)) if solved else texts.UNMARKED
        if isinstance(interaction.channel, discord.Thread):
            not_shown = await show_solved(interaction.channel, solved, post.solved_message_id)
            text = f"{text} {not_shown}" if not_shown else text
        await interaction.edit_original_response(view=notice(text))

    async def _tell_moderators(self, server_id: int, thread_id: int, message_id: int | None) -> None:
        """Tell the moderators of a solved post: it may become an example."""
        worker = self._worker
        if await worker.db(
            lambda backend: queue_solved(backend, server_id, thread_id, message_id, worker), atomic=True
        ):
            self._bot.dispatch("outgoing")

    async def _dismiss(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        author = interaction.channel.owner_id if isinstance(interaction.channel, discord.Thread) else None
        if interaction.user.id != author and not await moderates_channel(self._worker, interaction):
            raise RefusedError(runtime_texts.NOT_YOURS_TO_DISMISS)
        await interaction.delete_original_response()

    async def _index_again(self, thread: discord.Thread) -> None:
        server_id, thread_id = thread.guild.id, thread.id
        if await self._worker.db(lambda backend: backend.servers.posts.post(server_id, thread_id)):
            await self._posts.index(thread, await starter_of(thread, 0))
