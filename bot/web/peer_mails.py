"""Mails to members without Discord about introductions and questions: queued as it becomes due, looked up when sent.

A payload names introductions and questions by their random ids, and no member but the one it goes to: who is gone,
paused or blocked by then is not named, and what is over is not said.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.backend import Backend
from bot.background_rounds import going_on
from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.peer_actions import HELPED
from bot.web import peer_texts
from bot.web.errors import CrowdedError
from bot.web.site import Site
from knowledge.dates import UK, spoken
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.domain.members import Due, Member, Profile
from knowledge.domain.outbox import Message, QueuedMessage
from knowledge.domain.vocabulary import DueKind
from knowledge.matching.coffee_rota import NOBODY
from knowledge.matching.learning_set_life import DATE, OVER, STARTED, UNDECIDED
from knowledge.matching.letters import LETTER, LETTER_LOST
from knowledge.matching.profiles import RENEWAL, notice_before_deletion, renewal_due
from knowledge.storage.claims import ASK_SECONDS

SECONDS = 30
# Three days of trying, as with direct messages.
_MOST_ATTEMPTS = 80
_LONGEST_NAME = 80
_log = logging.getLogger(__name__)
# What is said in a mail, by the name of its place in the text, and where it is answered; `None`: nothing any more.
Said = tuple[dict[str, str], str] | None


class PeerMails:
    """Queues what is due to members who sign in by mail, and sends it; what fails is tried again, in its turn."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def run(self) -> None:
        """Look and send, again and again, until it is cancelled."""
        while True:
            with going_on("mails that are due to members could not be queued", CrowdedError):
                if await self._site.turn("peers by mail", SECONDS):
                    await self.look()
            with going_on("mails to members could not be sent"):
                await self.flush()
            await asyncio.sleep(ASK_SECONDS)

    async def look(self) -> int:
        """Queue everything that is due to members without Discord; how many mails."""
        if not self._site.mail.ready:
            return 0
        if not await self._site.db(lambda backend: backend.library.members.has_ids_of(MAIL_MEMBER)):
            return 0
        await self._site.model(_begun)
        due = await self._site.model(lambda backend: backend.peers.due())
        now = self._site.now()
        mine = [one for one in due if one.member_id.startswith(MAIL_MEMBER)]
        return sum([await self._site.db(partial(_queued, due=one, now=now)) for one in mine])

    async def flush(self) -> None:
        """Send everything that waits."""
        if not self._site.mail.ready:
            return
        outbox, kinds = self._site.backend.library.outbox, tuple(_MADE)
        while taken := await self._site.db(lambda _: outbox.take(kinds, self._site.now(), by_mail=True)):
            for queued in taken:
                await self._send(queued)

    async def _send(self, queued: QueuedMessage) -> None:
        outbox, now, member_id = self._site.backend.library.outbox, self._site.now(), queued.message.recipient
        account = await self._site.db(lambda backend: backend.library.accounts.account(member_id))
        try:
            said = await self._site.model(lambda backend: _MADE[queued.message.kind](backend, queued, now))
            if account is not None and account.email and said is not None:
                await self._site.mail.send(self._mail(account.email, queued, *said))
        except AddressRefusedError:
            # Nobody is sent to whom no mail reaches, until they come back and end the pause.
            await self._site.db(lambda backend: _set_aside(backend, member_id))
            await self._site.db(lambda backend: _given_up(backend, queued, now, "refused"))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others go on
            cause, last = type(error).__name__, queued.attempts >= _MOST_ATTEMPTS
            if not isinstance(error, MailError):
                _log.error("mail %s could not be made", queued.id, exc_info=error)
            if last:
                await self._site.db(lambda backend: _given_up(backend, queued, now, cause))
            else:
                await self._site.db(lambda _: outbox.failed(queued, now, cause))
        else:
            await self._site.db(lambda _: outbox.delivered(queued, now))

    def _mail(self, to: str, queued: QueuedMessage, said: dict[str, str], path: str) -> Mail:
        subject, text = peer_texts.MAILS[queued.message.kind.removeprefix(_PREFIX)]
        own = (self._site.settings.web_url or "").rstrip("/")
        where = peer_texts.WHERE.format(address=own + path) if own else peer_texts.WHERE_HERE
        body = f"{peer_texts.GREETING}{text.format(**said)}\n\n{where}{peer_texts.FAREWELL}"
        return Mail(to, subject.format(**said), body, mark=queued.nonce)


def _begun(backend: Backend) -> None:
    """Draw the month's coffees, and fix the days of learning sets that go by mail alone."""
    backend.peers.draw_coffee()
    for one in backend.peers.sets_to_fix():
        if one.thread_id is None:
            backend.peers.fix_day(one.id)
    backend.peers.ask_for_notes()


_PREFIX = "peers."


def _queued(backend: Backend, due: Due, now: datetime) -> bool:
    """Queue one mail and note that it was said, in one transaction; false where it was said meanwhile."""
    members = backend.library.members
    with members.atomically():
        if due.key and due.key in members.said(due.member_id):
            return False
        said: dict[str, str | None] = {}
        if due.introduction_id:
            said["introduction_id"] = due.introduction_id
        if due.question_id:
            said["question_id"] = due.question_id
        if due.kind is DueKind.REPLY:
            routes = members.routes(due.question_id or "")
            said["replied_at"] = next((one.replied_at for one in routes if one.member_id == due.counterpart), None)
        backend.library.outbox.add(Message(recipient=due.member_id, kind=f"{_PREFIX}{due.kind}", data=said), now)
        backend.peers.said(due)
    return True


def _given_up(backend: Backend, queued: QueuedMessage, now: datetime, cause: str) -> None:
    """Give a mail up; whoever wrote one to somebody whom they were introduced to hears that it did not arrive."""
    with backend.library.members.atomically():
        if queued.message.kind == LETTER:
            backend.peers.letter_lost(queued.message)
        backend.library.outbox.failed(queued, now, cause, permanent=True)


def _set_aside(backend: Backend, member_id: str) -> None:
    if backend.library.members.member(member_id) is not None:
        backend.peers.set_aside(member_id)


def _request(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    introduction_id = _introduction(queued)
    found = backend.access.request(queued.message.recipient, introduction_id)
    if found is None:
        return None
    topic = peer_texts.ABOUT.format(topic=_line(found.standing.topic)) if found.standing.topic else ""
    said = {"name": _name(found.seeker), "topic": topic, "person": _person(found.seeker)}
    return said, _page(introduction_id)


def _introduced(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    me, introduction_id = queued.message.recipient, _introduction(queued)
    opening, other = backend.access.opening(me, introduction_id), backend.access.met(me, introduction_id)
    if opening is None or other is None:
        return None
    shared = "".join(f"\n- {line}" for line in opening.in_common)
    first = peer_texts.YOU_WRITE_FIRST if opening.writes_first == me else peer_texts.THEY_WRITE_FIRST
    known = backend.library.members.introduction(introduction_id)
    topic = peer_texts.ABOUT.format(topic=_line(known.topic)) if known is not None and known.topic else ""
    said = {"name": _name(other), "topic": topic, "person": _person(other), "writes": first}
    return {**said, "shared": f"\n{shared}" if shared else ""}, _page(introduction_id)


def _how_it_went(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    introduction_id = _introduction(queued)
    other = backend.access.met(queued.message.recipient, introduction_id)
    return None if other is None else ({"name": _name(other)}, _page(introduction_id))


def _letter(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    introduction_id = _introduction(queued)
    writer = backend.access.met(queued.message.recipient, introduction_id)
    if writer is None:
        return None
    text = str(queued.message.data["text"])
    return {"name": _name(writer), "text": _quoted(text)}, _page(introduction_id)


def _letter_lost(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    introduction_id = _introduction(queued)
    known = backend.library.members.introduction(introduction_id)
    if known is None or backend.access.agreed(queued.message.recipient, introduction_id) is None:
        return None
    return {"topic": peer_texts.ABOUT.format(topic=_line(known.topic)) if known.topic else ""}, _page(introduction_id)


def _question(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    found = backend.access.question(queued.message.recipient, str(queued.message.data["question_id"]))
    if found is None:
        return None
    name = _name(found.asker) if found.asker else _CAPITAL_MEMBER
    return {"name": name, "question": _quoted(found.question.question)}, "/peers/questions"


def _reply(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    question_id, moment = str(queued.message.data["question_id"]), queued.message.data.get("replied_at")
    routes = backend.library.members.routes(question_id)
    author = next((route.member_id for route in routes if route.replied_at == moment), "")
    found = backend.access.reply(queued.message.recipient, question_id, author)
    if found is None:
        return None
    said = {"name": _name(found.author), "question": _quoted(found.reply.question), "reply": _quoted(found.reply.reply)}
    return said, "/peers/questions"


def _expires(backend: Backend, queued: QueuedMessage, now: datetime) -> Said:
    member, settings = _member(backend, queued), backend.library.settings
    if member is None:
        return None
    on = datetime.fromisoformat(member.active_at) + timedelta(days=settings.member_days)
    if on - now > notice_before_deletion(settings):  # they have been here since it was queued
        return None
    return {"date": spoken(on.astimezone(UK).date(), None)}, "/peers/profile"


def _renew(backend: Backend, queued: QueuedMessage, now: datetime) -> Said:
    member = _member(backend, queued)
    return None if member is None or not renewal_due(member, now) else ({"days": str(RENEWAL.days)}, "/peers")


def _plain(path: str) -> Callable[[Backend, QueuedMessage, datetime], Said]:
    return lambda backend, queued, _: None if _member(backend, queued) is None else ({}, path)


def _set(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    running = backend.library.members.learning_set(str(queued.message.data["set"]))
    if running is None or running.closed_at is not None:
        return None
    agenda = "\n".join(f"{number}. {line}" for number, line in enumerate(backend.peers.agenda(running), start=1))
    size, day = len(backend.library.members.set_members(running.id)), running.meets_on
    said = {"topic": running.topic, "agenda": agenda, "size": str(size)}
    label = spoken(datetime.fromisoformat(day), None) if day else ""
    return {**said, "day": label}, f"/peers/sets/{running.id}"


def _undecided(backend: Backend, queued: QueuedMessage, now: datetime) -> Said:
    said = _set(backend, queued, now)
    return None if said is None or said[0]["day"] else said


def _no_coffee(backend: Backend, queued: QueuedMessage, _: datetime) -> Said:
    return None if backend.peers.coffee(queued.message.recipient) is None else ({}, "/peers/coffee")


def _helped(_: Backend, queued: QueuedMessage, __: datetime) -> Said:
    return {}, f"/share/{queued.message.data['draft']}"


_MADE: dict[str, Callable[[Backend, QueuedMessage, datetime], Said]] = {
    f"{_PREFIX}{DueKind.REQUEST}": _request,
    f"{_PREFIX}{DueKind.INTRODUCED}": _introduced,
    f"{_PREFIX}{DueKind.LAPSED}": _plain("/peers"),
    f"{_PREFIX}{DueKind.DID_YOU_SPEAK}": _how_it_went,
    f"{_PREFIX}{DueKind.DID_IT_CHANGE}": _how_it_went,
    f"{_PREFIX}{DueKind.SOMEONE_FITS}": _plain("/peers"),
    f"{_PREFIX}{DueKind.QUESTION}": _question,
    f"{_PREFIX}{DueKind.REPLY}": _reply,
    f"{_PREFIX}{DueKind.PROFILE_EXPIRES}": _expires,
    f"{_PREFIX}{DueKind.RENEW_CONSENT}": _renew,
    LETTER: _letter,
    LETTER_LOST: _letter_lost,
    NOBODY: _no_coffee,
    STARTED: _set,
    DATE: _set,
    OVER: _set,
    UNDECIDED: _undecided,
    HELPED: _helped,
}
_CAPITAL_MEMBER = "A member"


def _member(backend: Backend, queued: QueuedMessage) -> Member | None:
    return backend.library.members.member(queued.message.recipient)


def _introduction(queued: QueuedMessage) -> str:
    return str(queued.message.data["introduction_id"])


def _page(introduction_id: str) -> str:
    return f"/peers/introductions/{introduction_id}"


def _name(profile: Profile) -> str:
    return _line(profile.display_name or profile.role or _CAPITAL_MEMBER)[:_LONGEST_NAME]


def _person(profile: Profile) -> str:
    """Return who somebody is, in lines."""
    parts = [profile.display_name, profile.role, profile.organisation]
    parts += [term.label for term in (profile.sector, profile.nation) if term]
    words = (
        ("They are looking for: ", profile.looking_for),
        ("They work on: ", profile.working_on),
        ("They can offer: ", profile.can_offer),
    )
    said = [f"{name}{_line(text)}" for name, text in words if text]
    return "\n".join([" · ".join(_line(part) for part in parts if part) or _CAPITAL_MEMBER, *said])


def _quoted(text: str) -> str:
    """Return what somebody wrote, set apart from what we say."""
    return "\n".join(f"> {line}" for line in text.splitlines())


def _line(text: str) -> str:
    return " ".join(text.split())
