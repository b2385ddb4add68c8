"""The loops that run by themselves: waiting messages are sent, members are told, and what has expired is deleted."""

from datetime import timedelta

import aiohttp
import discord
from discord import ui
from discord.ext import commands, tasks

from bot.discord.ask.follow_requests import FollowRequestWatcher
from bot.discord.forums import posts as forum_posts
from bot.discord.forums.posts import ForumPosts
from bot.discord.insights.feedback import FeedbackNotices
from bot.discord.peers.setup import PeersFeature
from bot.discord.runtime.networks import for_each_network, for_each_network_with_messages
from bot.discord.runtime.outbox import Lane, MessageKind, Outbox
from bot.discord.runtime.retry import going_on
from bot.discord.runtime.worker import Worker
from indexer.shared_documents import follow_shares, holds_shared
from knowledge.answering.follow_requests import KIND
from knowledge.backup.schedule import back_up
from knowledge.domain.outbox import QueuedMessage
from knowledge.storage.claims import ASK_SECONDS

_SENDING_SECONDS = 15
_LOOKING_SECONDS = 60
# An interaction's token lives for a quarter of an hour; it cannot come again after that.
_INTERACTIONS_KEPT = timedelta(days=1)

# Their limits are for a day.
_SAVE_REQUESTS_COUNTED = timedelta(days=1)


class BackgroundCog(commands.Cog):
    """The loops. One that fails says so in the log and goes on the next time."""

    def __init__(
        self,
        bot: commands.Bot,
        worker: Worker,
        outbox: Outbox,
        posts: ForumPosts,
        members: FollowRequestWatcher,
        peers: PeersFeature,
        feedback: FeedbackNotices,
    ) -> None:
        self._bot = bot
        self._worker = worker
        self._posts = posts
        self._members = members
        self._peers = peers
        self._feedback = feedback
        self.outbox = outbox
        peers.deliver_through(outbox)
        feedback.deliver_through(outbox)
        outbox.kinds |= {
            KIND: MessageKind(members.message, members.undeliverable, hours=worker.outside_quiet_hours),
            forum_posts.KIND: MessageKind(self._forum_reply, lane=Lane.CHANNELS),
        }

    async def cog_load(self) -> None:
        """Start the loops."""
        self._send_to_people.start()
        self._send_into_channels.start()
        self._look.start()

    async def cog_unload(self) -> None:
        """Stop them."""
        self._send_to_people.cancel()
        self._send_into_channels.cancel()
        self._look.cancel()

    @commands.Cog.listener()
    @for_each_network_with_messages
    async def on_outgoing(self) -> None:
        """Send what was queued now rather than with the next round."""
        await self._flush()

    @commands.Cog.listener()
    @for_each_network
    async def on_peers_due(self) -> None:
        """Say now what is to be said after a change between members; who fits somebody is looked for in each round."""
        await self._look_at_peers(fits=False)

    # A loop a lane: people do not wait until the last card is in its channel.
    @tasks.loop(seconds=_SENDING_SECONDS)
    @for_each_network_with_messages
    async def _send_to_people(self) -> None:
        await self._flush(Lane.PEOPLE)

    @tasks.loop(seconds=_SENDING_SECONDS)
    @for_each_network_with_messages
    async def _send_into_channels(self) -> None:
        await self._flush(Lane.CHANNELS)

    @tasks.loop(seconds=ASK_SECONDS)
    @for_each_network
    async def _look(self) -> None:
        with going_on("it could not be found out which process looks after everything"):
            if await self._worker.turn("upkeep", _LOOKING_SECONDS):
                await self._look_after()

    async def _look_after(self) -> None:
        with going_on("what has expired could not be removed"):
            await self._expire()
        with going_on("what was deleted could not be overwritten"):
            await self._worker.db(lambda backend: backend.privacy.finish_erasure())
        with going_on("a backup could not be made"):
            await self._worker.slow(lambda backend: back_up(backend.library.settings, self._worker.now()))
        with going_on("what other networks show could not be followed"):
            # Also where the last other one was removed: what it showed goes.
            several = (await self._worker.directory()).several
            if several or await self._worker.db(lambda backend: holds_shared(backend.library)):
                await self._worker.slow(lambda backend: follow_shares(backend.library))
        with going_on("members who wait could not be told"):
            if await self._worker.claim("follow requests") and await self._members.look():
                self._bot.dispatch("outgoing")
        with going_on("moderators could not be told of what did not help"):
            if await self._feedback.look():
                self._bot.dispatch("outgoing")
        await self._look_at_peers()

    @_send_to_people.before_loop
    @_send_into_channels.before_loop
    @_look.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _look_at_peers(self, *, fits: bool = True) -> None:
        with going_on("what is due between members could not be worked out"):
            if await self._peers.look(fits=fits):
                self._bot.dispatch("outgoing")

    async def _flush(self, *lanes: Lane) -> None:
        with going_on("waiting messages could not be sent"):
            await self.outbox.flush(*lanes)

    async def _expire(self) -> None:
        now = self._worker.now()
        days = self._worker.settings.question_days
        await self._worker.db(lambda backend: backend.servers.interactions.expire(now - _INTERACTIONS_KEPT))
        await self._worker.db(lambda backend: backend.servers.follow_requests.expire(now))
        await self._worker.db(lambda backend: backend.servers.save_limits.expire(now - _SAVE_REQUESTS_COUNTED))
        await self._worker.db(lambda backend: backend.servers.cards.expire(now - timedelta(days=days)))

    async def _forum_reply(self, queued: QueuedMessage) -> ui.LayoutView | None:
        channel_id = queued.message.channel_id or 0
        try:
            thread = self._bot.get_channel(channel_id) or await self._bot.fetch_channel(channel_id)
        except aiohttp.ClientError as error:
            raise OSError(str(error)) from error
        return await self._posts.message(queued, thread) if isinstance(thread, discord.Thread) else None
