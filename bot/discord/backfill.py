"""Makes good at the next start what happened while the bot was away: posts made, edited and deleted, places gone."""

import asyncio
import json
import logging
from datetime import datetime
from typing import NamedTuple

import aiohttp
import discord
from discord.ext import commands, tasks

from bot.discord.forums.posts import ForumPosts, post_of, threads_of
from bot.discord.runtime.networks import for_each_network
from bot.discord.runtime.retry import going_on
from bot.discord.runtime.worker import Worker
from knowledge.errors import HalnError
from knowledge.servers.types import Forum, Post

_log = logging.getLogger(__name__)
# Noted in the database: until when everything that happened was seen.
_FLAG = "discord_seen_until"
# The forums that could not be read the last time, as a JSON object of channel ids and until when they were seen.
_BEHIND = "discord_forums_behind"
_PASSING = (discord.HTTPException, aiohttp.ClientError, OSError)
# What happened since the last note is looked at twice after a stop, which does no harm: each post is taken on once.
_NOTING_SECONDS = 300


class _Read(NamedTuple):
    """The outcome of reading a forum: how many replies were queued, and whether every post could be read."""

    queued: int
    whole: bool


class Backfill:
    """Compares what is stored with what is there now."""

    def __init__(self, client: discord.Client, worker: Worker, posts: ForumPosts) -> None:
        self._client = client
        self._worker = worker
        self._posts = posts
        self._running = asyncio.Lock()
        self._shards = worker.settings.shards
        # Each process notes what it has seen itself.
        alone = self._shards.count == 1
        self._part = "" if alone else f":{','.join(map(str, self._shards.ids))}/{self._shards.count}"
        self._apart = set[int]()
        self._caught_up: set[str] = set()  # the networks for which it is

    async def run(self) -> int:
        """Catch up with every server; how many replies to new posts were queued."""
        async with self._running:
            now, (seen, behind) = self._worker.now(), await self._seen()
            await self._forget_servers()
            left, queued = dict[str, str](), 0
            for guild in self._client.guilds:
                if guild.unavailable:
                    left |= await self._unseen_since(guild, seen or now, behind)
                    continue
                await self._forget_places(guild)
                queued += await self._server(guild, seen, behind, left)
            await self._note(now, left)
            self._apart.clear()
            self._caught_up.add(await self._worker.network())
            return queued

    async def run_for(self, guild: discord.Guild) -> int:
        """Catch up with one server that is back; how many replies to new posts were queued. An error is logged."""
        try:
            async with self._running:
                # At a start each server is told of, and then comes the run over all.
                return await self._again(guild) if await self._worker.network() in self._caught_up else 0
        except HalnError as error:
            _log.error("what happened while server %s was away could not be caught up with: %s", guild.id, error)
            return 0

    async def note(self) -> None:
        """Note that everything up to now was seen: while connected, and once caught up."""
        if self._apart or await self._worker.network() not in self._caught_up or self._running.locked():
            return
        async with self._running:
            now, (seen, behind) = self._worker.now(), await self._seen()
            for guild in self._client.guilds:
                if guild.unavailable:
                    behind |= await self._unseen_since(guild, seen or now, behind)
            await self._note(now, behind)

    def disconnected(self, shard_id: int) -> None:
        """Note that a shard's connection dropped: what happens from now on may have to be caught up with."""
        self._apart.add(shard_id)

    def resumed(self, shard_id: int) -> None:
        """Note that a shard's connection was resumed: Discord has sent what was missed."""
        self._apart.discard(shard_id)

    async def _again(self, guild: discord.Guild) -> int:
        seen, behind = await self._seen()
        await self._forget_places(guild)
        left: dict[str, str] = {}
        queued = await self._server(guild, seen, behind, left)
        here = {str(channel_id) for channel_id in await self._forums_of(guild)}
        await self._note(None, {forum: moment for forum, moment in behind.items() if forum not in here} | left)
        return queued

    async def _seen(self) -> tuple[datetime | None, dict[str, str]]:
        """Return until when everything was seen, and the forums that were not seen for longer."""
        seen, behind = await self._worker.db(
            lambda backend: (
                backend.library.store.flag(_FLAG + self._part) or backend.library.store.flag(_FLAG),
                backend.library.store.flag(_BEHIND + self._part),
            )
        )
        return datetime.fromisoformat(seen) if seen else None, json.loads(behind or "{}")

    async def _note(self, now: datetime | None, behind: dict[str, str]) -> None:
        """Note which forums are behind, and only then until when the others were seen."""
        await self._worker.db(lambda backend: backend.library.store.set_flag(_BEHIND + self._part, json.dumps(behind)))
        if now is not None:
            await self._worker.db(lambda backend: backend.library.store.set_flag(_FLAG + self._part, now.isoformat()))

    async def _forums_of(self, guild: discord.Guild) -> dict[int, Forum]:
        forums = await self._worker.db(lambda backend: backend.servers.settings.forums(guild.id))
        return {forum.channel_id: forum for forum in forums}

    async def _unseen_since(self, guild: discord.Guild, seen: datetime, behind: dict[str, str]) -> dict[str, str]:
        """Return since when the forums of a server have not been seen that Discord has lost for the time being."""
        return {
            str(channel_id): behind.get(str(channel_id), seen.isoformat())
            for channel_id in await self._forums_of(guild)
        }

    async def _server(
        self, guild: discord.Guild, seen: datetime | None, behind: dict[str, str], left: dict[str, str]
    ) -> int:
        """Read a server's forums, and put those into `left` that could not be read; how many replies were queued."""
        queued = 0
        if not await self._worker.db(lambda backend: backend.servers.register.has(guild.id)):
            return queued
        for channel_id, forum in (await self._forums_of(guild)).items():
            channel = guild.get_channel(channel_id)
            if not isinstance(channel, discord.ForumChannel) or not (forum.replies or forum.searchable):
                continue
            since = datetime.fromisoformat(behind[str(channel_id)]) if str(channel_id) in behind else seen
            read = await self._forum(channel, forum, since)
            queued += read.queued
            if not read.whole:
                left[str(channel_id)] = (since or self._worker.now()).isoformat()
        return queued

    async def _forum(self, channel: discord.ForumChannel, forum: Forum, since: datetime | None) -> _Read:
        stored = await self._worker.db(lambda backend: backend.servers.posts.of_forum(forum.server_id, channel.id))
        known = {post.thread_id: post for post in stored}
        there, queued, whole = set[int](), 0, True
        try:
            async for thread in threads_of(channel):
                there.add(thread.id)
                try:
                    queued += await self._thread(thread, forum, known.get(thread.id), since)
                except _PASSING as error:
                    _log.warning("the post %s could not be caught up with (%s)", thread.id, error)
                    whole = False
        except _PASSING as error:
            _log.warning("the posts of forum %s could not be caught up with (%s)", forum.channel_id, error)
            return _Read(queued, whole=False)
        for thread_id in known.keys() - there:
            if await self._is_gone(thread_id):
                await self._remove(thread_id)
        return _Read(queued, whole)

    async def _thread(self, thread: discord.Thread, forum: Forum, post: Post | None, since: datetime | None) -> int:
        # Posts from before the bot was here at all, or from before it was switched on, are answered by nobody.
        if since is not None and discord.utils.snowflake_time(thread.id) > since:
            return int(await self._posts.arrived(thread))
        if forum.searchable:
            await self._compare(thread, post, since)
        return 0

    async def _compare(self, thread: discord.Thread, post: Post | None, since: datetime | None) -> None:
        if post is None and await self._worker.db(lambda backend: backend.servers.posts.opted_out(thread.owner_id)):
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
        await self._worker.db(lambda backend: backend.servers.posts.remove(thread_id))

    async def _forget_places(self, guild: discord.Guild) -> None:
        """Take channels and roles that were deleted out of a server's settings."""
        server, forums = await self._worker.db(
            lambda backend: (backend.servers.settings.server(guild.id), backend.servers.settings.forums(guild.id))
        )
        chosen = [server.review_channel, server.digest_channel, *(forum.channel_id for forum in forums)]
        for channel_id in chosen:
            if channel_id is not None and guild.get_channel(channel_id) is None and await self._is_gone(channel_id):
                await self._forget_channel(guild.id, channel_id)
        role_id = server.moderator_role
        if role_id is not None and guild.get_role(role_id) is None:
            await self._forget_role(guild.id, role_id)

    async def _forget_channel(self, server_id: int, channel_id: int) -> None:
        await self._worker.db(lambda backend: backend.servers.settings.forget_channel(server_id, channel_id))

    async def _forget_role(self, server_id: int, role_id: int) -> None:
        await self._worker.db(lambda backend: backend.servers.settings.forget_role(server_id, role_id))

    async def _forget_servers(self) -> None:
        """Forget servers that removed the bot."""
        for server_id in await self._worker.db(lambda backend: backend.servers.settings.servers()):
            mine = self._shards.serve(server_id)
            if mine and self._client.get_guild(server_id) is None and await self._has_left(server_id):
                await self._forget_server(server_id)

    async def _forget_server(self, server_id: int) -> None:
        await self._worker.db(lambda backend: backend.servers.settings.forget_server(server_id))

    async def _has_left(self, server_id: int) -> bool:
        try:
            await self._client.fetch_guild(server_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        except _PASSING as error:
            _log.warning("server %s could not be looked for (%s)", server_id, error)
        return False

    async def _is_gone(self, channel_id: int) -> bool:
        """Return whether Discord says that there is no such channel; one that is only hidden is not gone."""
        try:
            await self._client.fetch_channel(channel_id)
        except discord.NotFound:
            return True
        except (*_PASSING, discord.InvalidData) as error:
            _log.info("channel %s could not be looked for (%s)", channel_id, error)
        return False


class BackfillCog(commands.Cog):
    """Back at work: catch up."""

    def __init__(self, bot: commands.Bot, worker: Worker, backfill: Backfill) -> None:
        self._bot = bot
        self._worker = worker
        self._backfill = backfill

    async def cog_load(self) -> None:
        """Start noting."""
        self._note.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self._note.cancel()

    @commands.Cog.listener()
    @for_each_network
    async def on_ready(self) -> None:
        """Catch up with what happened before the bot was connected anew."""
        with going_on("what happened while the bot was away could not be caught up with"):
            if await self._backfill.run():
                self._bot.dispatch("outgoing")

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that a connection dropped."""
        self._backfill.disconnected(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a connection is back, and nothing was missed."""
        self._backfill.resumed(shard_id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up with a server that Discord had lost and that is back."""
        if await self._backfill.run_for(guild):
            self._bot.dispatch("outgoing")

    @tasks.loop(seconds=_NOTING_SECONDS)
    @for_each_network
    async def _note(self) -> None:
        with going_on("it could not be noted until when everything was seen"):
            await self._backfill.note()
