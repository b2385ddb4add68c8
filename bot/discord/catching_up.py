"""What happened while the bot was away is made good at its next start: posts made, edited and deleted, places gone."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import discord

from bot.discord.desk import Desk
from bot.discord.forum_posts import ForumPosts, post_of
from knowledge.servers import Forum, Post

_log = logging.getLogger(__name__)
# Noted in the database: until when everything that happened was seen.
_FLAG = "discord_seen_until"
# Enough for years of a busy forum; the older ones are seldom what somebody looks for.
ARCHIVED_POSTS = 500
_PASSING = (discord.HTTPException, aiohttp.ClientError)


class CatchingUp:
    """Compares what is stored with what is there now."""

    def __init__(self, client: discord.Client, desk: Desk, posts: ForumPosts) -> None:
        self._client = client
        self._desk = desk
        self._posts = posts
        self._running = asyncio.Lock()
        self._caught_up, self._connected = False, True

    async def run(self) -> int:
        """Catch up with every server; how many replies to new posts were queued."""
        async with self._running:
            now = self._desk.now()
            seen = await self._desk.read(lambda library: library.store.flag(_FLAG))
            since = datetime.fromisoformat(seen) if seen else None
            await self._forget_servers()
            queued = 0
            for guild in self._client.guilds:
                if not guild.unavailable:
                    await self._forget_places(guild)
                    queued += await self._server(guild, since)
            await self._note(now)
            self._caught_up = self._connected = True
            return queued

    async def note(self) -> None:
        """Note that everything up to now was seen: while connected, and once caught up."""
        if self._caught_up and self._connected and not self._running.locked():
            await self._note(self._desk.now())

    def lost_sight(self) -> None:
        """The connection dropped: what happens from now on may have to be caught up with."""
        self._connected = False

    def sees_again(self) -> None:
        """The connection was resumed: Discord has sent what was missed."""
        self._connected = True

    async def _note(self, now: datetime) -> None:
        await self._desk.read(lambda library: library.store.set_flag(_FLAG, now.isoformat()))

    async def _server(self, guild: discord.Guild, since: datetime | None) -> int:
        queued = 0
        for forum in await self._desk.read(lambda library: library.servers.settings.forums(guild.id)):
            channel = guild.get_channel(forum.channel_id)
            if not isinstance(channel, discord.ForumChannel) or not (forum.replies or forum.searchable):
                continue
            try:
                queued += await self._forum(channel, forum, since)
            except _PASSING as error:
                _log.warning("the posts of forum %s could not be caught up with (%s)", forum.channel_id, error)
        return queued

    async def _forum(self, channel: discord.ForumChannel, forum: Forum, since: datetime | None) -> int:
        stored = await self._desk.read(lambda library: library.servers.posts.of_forum(forum.server_id, channel.id))
        known = {post.thread_id: post for post in stored}
        there, queued = set[int](), 0
        async for thread in threads_of(channel):
            there.add(thread.id)
            # Posts from before the bot was here at all, or from before it was switched on, are answered by nobody.
            if since is not None and discord.utils.snowflake_time(thread.id) > since:
                queued += await self._posts.arrived(thread)
            elif forum.searchable:
                await self._compare(thread, known.get(thread.id), since)
        for thread_id in known.keys() - there:
            if await self._is_gone(thread_id):
                await self._remove(thread_id)
        return queued

    async def _compare(self, thread: discord.Thread, post: Post | None, since: datetime | None) -> None:
        if post is None and await self._desk.read(lambda lib: lib.servers.posts.opted_out(thread.owner_id)):
            return
        try:
            starter = await thread.fetch_message(thread.id)
        except discord.NotFound:
            await self._remove(thread.id)
            return
        edited = since is not None and starter.edited_at is not None and starter.edited_at > since
        if not starter.author.bot and (post is None or post.title != post_of(thread).title or edited):
            await self._posts.index(thread, starter)

    async def _remove(self, thread_id: int) -> None:
        await self._desk.read(lambda library: library.servers.posts.remove(thread_id))

    async def _forget_places(self, guild: discord.Guild) -> None:
        """Take channels and roles that were deleted out of a server's settings."""
        server, forums = await self._desk.read(
            lambda library: (library.servers.settings.server(guild.id), library.servers.settings.forums(guild.id))
        )
        chosen = [server.review_channel, server.digest_channel, *(forum.channel_id for forum in forums)]
        for channel_id in chosen:
            if channel_id is not None and guild.get_channel(channel_id) is None and await self._is_gone(channel_id):
                await self._forget_channel(guild.id, channel_id)
        role_id = server.moderator_role
        if role_id is not None and guild.get_role(role_id) is None:
            await self._forget_role(guild.id, role_id)

    async def _forget_channel(self, server_id: int, channel_id: int) -> None:
        await self._desk.read(lambda library: library.servers.settings.forget_channel(server_id, channel_id))

    async def _forget_role(self, server_id: int, role_id: int) -> None:
        await self._desk.read(lambda library: library.servers.settings.forget_role(server_id, role_id))

    async def _forget_servers(self) -> None:
        """Forget servers that removed the bot."""
        for server_id in await self._desk.read(lambda library: library.servers.settings.servers()):
            if self._client.get_guild(server_id) is None and await self._has_left(server_id):
                await self._forget_server(server_id)

    async def _forget_server(self, server_id: int) -> None:
        await self._desk.read(lambda library: library.servers.settings.forget_server(server_id))

    async def _has_left(self, server_id: int) -> bool:
        try:
            await self._client.fetch_guild(server_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        except _PASSING as error:
            _log.warning("server %s could not be looked for (%s)", server_id, error)
        return False

    async def _is_gone(self, channel_id: int) -> bool:
        """Whether Discord says that there is no such channel; one that is only hidden is not gone."""
        try:
            await self._client.fetch_channel(channel_id)
        except discord.NotFound:
            return True
        except (*_PASSING, discord.InvalidData) as error:
            _log.info("channel %s could not be looked for (%s)", channel_id, error)
        return False


async def threads_of(channel: discord.ForumChannel) -> AsyncIterator[discord.Thread]:
    """The posts of a forum: those that are open, then the latest of those that are archived."""
    for thread in list(channel.threads):
        yield thread
    async for thread in channel.archived_threads(limit=ARCHIVED_POSTS):
        yield thread
