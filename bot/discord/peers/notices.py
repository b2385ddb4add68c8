"""Messages that members get by themselves: put into the outbox as it becomes due, and looked up anew when it is sent.

A payload names introductions and questions by their random ids, and no member but the one it goes to: who is gone,
paused or blocked by then is not named, and what is over is not said.
"""

import asyncio
from datetime import datetime

from bot.discord.peers.letters import LetterViews
from bot.discord.peers.members import LEFT_SERVERS, known, on_discord
from bot.discord.peers.notice_views import NoticeViews, ProfileNotices
from bot.discord.runtime.outbox import MessageKind
from bot.discord.runtime.worker import Backend, Worker
from bot.peer_actions import HELPED
from knowledge.domain.members import Due
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient
from knowledge.domain.vocabulary import DueKind
from knowledge.library import Library
from knowledge.matching.coffee_rota import NOBODY
from knowledge.matching.letters import LETTER, LETTER_LOST
from knowledge.matching.peers import Peers

MEET = "peers.meet"
UNREACHABLE = "peers.unreachable"
# What nobody is waiting for at night: it waits for the morning.
_REMINDERS = frozenset(
    {
        DueKind.LAPSED,
        DueKind.DID_YOU_SPEAK,
        DueKind.DID_IT_CHANGE,
        DueKind.SOMEONE_FITS,
        DueKind.PROFILE_EXPIRES,
        DueKind.RENEW_CONSENT,
    }
)


class MemberNotices:
    """Queues what is due, and knows what to do about what cannot be delivered."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._views = NoticeViews(worker)
        self._profile_views = ProfileNotices(worker)
        self._looking = asyncio.Lock()

    @property
    def kinds(self) -> dict[str, MessageKind]:
        """Return how each kind of direct message is made, and what is done where one can never be delivered."""
        views, own, by_day = self._views, self._profile_views, self._worker.outside_quiet_hours
        letters = LetterViews(self._worker)
        return {
            kind_of(DueKind.REQUEST): MessageKind(views.request),
            kind_of(DueKind.INTRODUCED): MessageKind(views.introduced, self._tell_the_other),
            kind_of(DueKind.LAPSED): MessageKind(views.lapsed, hours=by_day),
            kind_of(DueKind.DID_YOU_SPEAK): MessageKind(views.how_it_went, hours=by_day),
            kind_of(DueKind.DID_IT_CHANGE): MessageKind(views.how_it_went, hours=by_day),
            kind_of(DueKind.SOMEONE_FITS): MessageKind(views.someone_fits, hours=by_day),
            kind_of(DueKind.PROFILE_EXPIRES): MessageKind(own.expires, hours=by_day),
            kind_of(DueKind.RENEW_CONSENT): MessageKind(own.renew_consent, hours=by_day),
            LEFT_SERVERS: MessageKind(own.left_servers, hours=by_day),
            kind_of(DueKind.QUESTION): MessageKind(views.question),
            kind_of(DueKind.REPLY): MessageKind(views.reply),
            HELPED: MessageKind(views.helped),
            NOBODY: MessageKind(views.no_coffee, hours=by_day),
            UNREACHABLE: MessageKind(views.unreachable),
            LETTER: MessageKind(letters.letter, self._letter_lost),
            LETTER_LOST: MessageKind(letters.lost),
        }

    async def look(self, *, fits: bool = True) -> int:
        """Queue what is due, with `fits` that somebody fits, too; how many messages. Each is noted as said with it."""
        async with self._looking:
            quiet = not self._worker.outside_quiet_hours(self._worker.now())
            queued = 0
            for one in await self._worker.model(lambda backend: backend.peers.due(fits=fits)):
                if not (quiet and one.kind in _REMINDERS):
                    queued += await self._queue(one)
            return queued

    async def _queue(self, due: Due) -> bool:
        now = self._worker.now()
        return await self._worker.db(lambda backend: _queued(backend.peers, backend.library, due, now), atomic=True)

    async def pause_unreachable(self, user_id: int) -> None:
        """Pause whom no message reaches, until they come back and end it: nobody is sent to them."""

        def pause(backend: Backend) -> None:
            if known(backend.peers, user_id) is not None:
                backend.peers.set_aside(str(user_id))

        await self._worker.db(pause)

    async def meet_by_message(self, queued: QueuedMessage, _: Exception) -> None:
        """Tell the two of each other by direct message: there is no thread for them, and there will be none."""
        introduction_id, now = str(queued.message.data["introduction_id"]), self._worker.now()

        def instead(backend: Backend) -> None:
            found = backend.library.members.introduction(introduction_id)
            if found is not None:
                queue_introduced(backend.library, introduction_id, (found.seeker, found.other), now)
            backend.library.outbox.delivered(queued, now)

        await self._worker.db(instead, atomic=True)

    async def _tell_the_other(self, queued: QueuedMessage, _: Exception) -> None:
        """Tell one of the two that the other could not be told that they are introduced."""
        me, introduction_id = queued.message.recipient, str(queued.message.data["introduction_id"])
        other = await self._worker.db(lambda backend: backend.access.agreed(me, introduction_id))
        if other is None or not on_discord(other.id):
            return
        message = Message(recipient=other.id, kind=UNREACHABLE, data={"introduction_id": introduction_id})
        now = self._worker.now()
        await self._worker.db(lambda backend: backend.library.outbox.add(message, now), atomic=True)

    async def _letter_lost(self, queued: QueuedMessage, _: Exception) -> None:
        """Tell whoever wrote a message that it did not arrive."""
        await self._worker.db(lambda backend: backend.peers.letter_lost(queued.message), atomic=True)


def kind_of(kind: DueKind) -> str:
    """Return the kind of message, as the outbox knows it."""
    return f"peers.{kind}"


def queue_introduced(library: Library, introduction_id: str, member_ids: tuple[str, ...], now: datetime) -> None:
    """Tell each of them by direct message that they are introduced."""
    kind, data = kind_of(DueKind.INTRODUCED), {"introduction_id": introduction_id}
    for member_id in member_ids:
        if on_discord(member_id):
            library.outbox.add(Message(recipient=member_id, kind=kind, data=data), now)


def _queued(peers: Peers, library: Library, due: Due, now: datetime) -> bool:
    """Queue one message and note that it was said; false where it was said meanwhile, or Discord does not know them."""
    members = library.members
    if not on_discord(due.member_id) or (due.key and due.key in members.said(due.member_id)):
        return False
    if due.kind is DueKind.INTRODUCED and due.introduction_id and due.counterpart:
        place = members.place(due.introduction_id)
        if place is not None and on_discord(due.counterpart) and due.key not in members.said(due.counterpart):
            there = channel_recipient(place.channel_id)
            data = {"introduction_id": due.introduction_id, "server_id": place.server_id}
            library.outbox.add(Message(recipient=there, kind=MEET, data=data), now)
            peers.said(due)
            peers.said(due.model_copy(update={"member_id": due.counterpart}))
            return True
    said: dict[str, str | None] = {}
    if due.introduction_id:
        said["introduction_id"] = due.introduction_id
    if due.question_id:
        said["question_id"] = due.question_id
    if due.kind is DueKind.REPLY:
        # The moment tells the reply; its author is looked up by it when this is sent.
        routes = members.routes(due.question_id or "")
        said["replied_at"] = next((one.replied_at for one in routes if one.member_id == due.counterpart), None)
    library.outbox.add(Message(recipient=due.member_id, kind=kind_of(due.kind), data=said), now)
    peers.said(due)
    return True
