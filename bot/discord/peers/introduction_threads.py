"""Brings together two members who both agreed to meet: in a private thread where one asked, or by direct message."""

import logging
from typing import Literal

import discord
from discord import ui

from bot.discord.peers import texts
from bot.discord.peers.notice_views import opening_lines
from bot.discord.peers.notices import queue_introduced
from bot.discord.runtime.components import page_view, within
from bot.discord.runtime.retry import lasts
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.members import Opening, Place
from knowledge.domain.outbox import QueuedMessage

_log = logging.getLogger(__name__)
_WEEK_MINUTES: Literal[10080] = 10080
_MOST_TEXT = 3600


class IntroductionThreads:
    """Delivers an introduction into a private thread; what cannot be done there goes by direct message."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker

    async def deliver(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Bring the two together. There is nothing left to send into the channel that the request came from."""
        introduction_id = str(queued.message.data["introduction_id"])
        place, opening = await self._found(introduction_id)
        if opening is None or place is None:
            return None
        try:
            thread = await self._thread(place, opening)
            if thread is not None:
                # The one message of ours that pings: without it, neither would notice a thread that they are in.
                both = [discord.Object(int(member_id), type=discord.User) for member_id in opening.members]
                pings = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=both)
                await thread.send(view=_welcome(opening), nonce=queued.nonce, allowed_mentions=pings)
                return None
        except discord.HTTPException as error:
            # The channel may hold too many threads already, say, or the thread be gone again.
            if not lasts(error):
                raise
            _log.info("an introduction goes by direct message: no thread could be opened (%s)", error)
        now = self._worker.now()

        def instead(backend: Backend) -> None:
            # In one: both hear of it by direct message, once.
            queue_introduced(backend.library, introduction_id, opening.members, now)
            backend.library.outbox.delivered(queued, now)

        await self._worker.db(instead, atomic=True)
        return None

    async def _found(self, introduction_id: str) -> tuple[Place | None, Opening | None]:
        def look(backend: Backend) -> tuple[Place | None, str | None]:
            members = backend.library.members
            found = members.introduction(introduction_id)
            return members.place(introduction_id), found.seeker if found else None

        place, seeker = await self._worker.db(look)
        if seeker is None:
            return place, None
        return place, await self._worker.model(lambda backend: backend.access.opening(seeker, introduction_id))

    async def _thread(self, place: Place, opening: Opening) -> discord.Thread | None:
        """Return the thread with both in it; `None` where it cannot be, or one of them would not see it."""
        guild = self._client.get_guild(place.server_id)
        channel = guild.get_channel(place.channel_id) if guild else None
        if guild is None or not isinstance(channel, discord.TextChannel):
            return None
        mine = channel.permissions_for(guild.me)
        if not (mine.view_channel and mine.create_private_threads and mine.send_messages_in_threads):
            return None
        people = [await guild.fetch_member(int(member_id)) for member_id in opening.members]
        if not all(channel.permissions_for(member).view_channel for member in people):
            return None
        thread = guild.get_thread(place.thread_id) if place.thread_id else None
        if thread is None:
            thread = await channel.create_thread(
                name=texts.THREAD_NAME,
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=_WEEK_MINUTES,
            )
            # Kept at once: should the rest fail, the next attempt goes on in the same thread.
            kept = place.model_copy(update={"thread_id": thread.id})
            await self._worker.db(lambda backend: backend.library.members.save_place(kept))
        for member in people:
            await thread.add_user(member)
        return thread


def _welcome(opening: Opening) -> ui.LayoutView:
    names = " ".join(f"<@{member_id}>" for member_id in opening.members)
    return page_view("\n".join(within([names, *opening_lines(opening), f"-# {texts.THREAD_NOTE}"], _MOST_TEXT)))
