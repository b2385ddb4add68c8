"""Where two members meet who both agreed to: a private thread where the request was made, else direct messages."""

import logging
from typing import Literal

import discord
from discord import ui

from bot.discord.browse.views import page_view
from bot.discord.peers import texts
from bot.discord.peers.notice_views import opening_lines
from bot.discord.peers.notices import queue_introduced
from bot.discord.peers.service import PeerService
from bot.discord.runtime.markdown import fitting
from bot.discord.runtime.retry import lasts
from knowledge.domain.members import Opening, Place
from knowledge.domain.outbox import QueuedMessage
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers

_log = logging.getLogger(__name__)
_WEEK_MINUTES: Literal[10080] = 10080
_MOST_TEXT = 3600


class IntroductionThreads:
    """Delivers an introduction into a private thread; what cannot be done there goes by direct message."""

    def __init__(self, client: discord.Client, service: PeerService) -> None:
        self._client = client
        self._service = service

    async def deliver(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Bring the two together. There is nothing left to send into the channel that the request came from."""
        introduction_id = str(queued.message.data["introduction_id"])
        place, opening = await self._found(introduction_id)
        if opening is None or place is None:
            return None
        try:
            thread = await self._thread(place, opening)
            if thread is not None:
                await thread.send(view=_welcome(opening), nonce=queued.nonce)
                return None
        except discord.HTTPException as error:
            # The channel may hold too many threads already, say, or the thread be gone again.
            if not lasts(error):
                raise
            _log.info("an introduction goes by direct message: no thread could be opened (%s)", error)
        now = self._service.worker.now()

        def instead(_: Peers, library: Library, __: Examples) -> None:
            # In one: both hear of it by direct message, once.
            queue_introduced(library, introduction_id, opening.members, now)
            library.outbox.delivered(queued, now)

        await self._service.act(instead)
        return None

    async def _found(self, introduction_id: str) -> tuple[Place | None, Opening | None]:
        def look(library: Library) -> tuple[Place | None, str | None]:
            found = library.members.introduction(introduction_id)
            return library.members.place(introduction_id), found.seeker if found else None

        place, seeker = await self._service.worker.read(look)
        if seeker is None:
            return place, None
        return place, await self._service.see(lambda sight: sight.opening(seeker, introduction_id))

    async def _thread(self, place: Place, opening: Opening) -> discord.Thread | None:
        """The thread with both in it; `None` where it cannot be, or one of them would not see it."""
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
            await self._service.worker.read(lambda library: library.members.save_place(kept))
        for member in people:
            await thread.add_user(member)
        return thread


def _welcome(opening: Opening) -> ui.LayoutView:
    names = " ".join(f"<@{member_id}>" for member_id in opening.members)
    return page_view(fitting([names, *opening_lines(opening), f"-# {texts.THREAD_NOTE}"], _MOST_TEXT))
