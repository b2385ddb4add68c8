"""Tells people by mail what became of their examples, and of an answer: what waits for them in the outbox, as mails."""

import asyncio
import logging
from functools import partial

from bot.backend import Backend
from bot.background_rounds import going_on
from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.texts.sources import sources
from bot.web import texts
from bot.web.errors import CrowdedError
from bot.web.site import Site
from knowledge.answering.follow_requests import KIND
from knowledge.domain.outbox import QueuedMessage
from knowledge.servers.types import FollowAddress, FollowRequest

SECONDS = 15
# Three days of trying, as with direct messages.
_MOST_ATTEMPTS = 80
_log = logging.getLogger(__name__)


class Notifications:
    """The part of the outbox that goes by mail. A message that fails is tried again, in its turn."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def run(self) -> None:
        """Send what waits, again and again, until it is cancelled."""
        while True:
            with going_on("what is waited for could not be looked for", CrowdedError):
                if await self._site.turn("follow requests", SECONDS):
                    await self.look()
            with going_on("waiting mails could not be sent"):
                await self.flush()
            await asyncio.sleep(SECONDS)

    async def look(self) -> int:
        """Look, when the library has changed, whether what is waited for is answered by now; how many mails.

        Addresses that nobody confirmed, or that wait for nothing any more, are deleted in each round.
        """
        await self._site.db(lambda backend: backend.servers.follow_requests.expire(self._site.now()))
        version = await self._site.db(lambda backend: backend.follow_requests.changed())
        if version is None:
            return 0
        queued = 0
        for waiting in await self._site.db(lambda backend: backend.servers.follow_requests.waiting()):
            queued += await self._site.model(partial(_looked_for, waiting=waiting))
        await self._site.db(lambda backend: backend.follow_requests.looked(version))
        return queued

    async def flush(self) -> None:
        """Send everything that is due."""
        if not self._site.mail.ready:
            return
        outbox = self._site.backend.library.outbox
        kinds = (*texts.NOTIFICATIONS, KIND)
        while taken := await self._site.db(lambda _: outbox.take(kinds, self._site.now(), by_mail=True)):
            for queued in taken:
                await self._send(queued)

    async def _send(self, queued: QueuedMessage) -> None:
        outbox, now, recipient = self._site.backend.library.outbox, self._site.now(), queued.message.recipient
        account = await self._site.db(lambda backend: backend.library.accounts.account(recipient))
        address = await self._site.db(lambda backend: backend.servers.follow_requests.address(recipient))
        email = account.email if account is not None else address.email if address is not None else None
        try:
            if email is not None and queued.message.kind == KIND:
                mail = await self._answer_mail(email, queued, member=account is not None)
                if mail is not None:
                    await self._site.mail.send(mail)
            elif email is not None:
                await self._site.mail.send(self._mail(email, queued))
        except AddressRefusedError:
            if account is not None and queued.message.kind == KIND:
                # They see it when they are here next.
                question_id = str(queued.message.data["question_id"])
                await self._site.db(lambda backend: backend.follow_requests.hold(recipient, question_id))
            await self._site.db(lambda _: outbox.failed(queued, now, "refused", permanent=True))
            await self._forget(address)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others go on
            cause, last = type(error).__name__, queued.attempts >= _MOST_ATTEMPTS
            if not isinstance(error, MailError):
                _log.error("mail %s could not be made", queued.id, exc_info=error)
            await self._site.db(lambda _: outbox.failed(queued, now, cause, permanent=last))
        else:
            await self._site.db(lambda _: outbox.delivered(queued, now))
            await self._forget(address)

    async def _forget(self, address: FollowAddress | None) -> None:
        """Delete the address of a visitor, as the mail to it says: nothing more is sent there."""
        if address is not None:
            await self._site.db(lambda backend: backend.servers.follow_requests.forget_address(address.recipient))

    async def _answer_mail(self, to: str, queued: QueuedMessage, *, member: bool) -> Mail | None:
        """Return the mail with the answer that somebody waited for; `None` where the library holds it no more."""
        question_id = str(queued.message.data["question_id"])
        answer = await self._site.db(lambda backend: backend.follow_requests.answer(question_id))
        if answer is None:
            return None
        own = (self._site.settings.web_url or "").rstrip("/")
        where = texts.FOLLOW_WHERE.format(address=f"{own}/answers/{question_id}") if own else ""
        stop = "" if member else texts.FOLLOW_OVER
        said = "\n".join(sentence.text for sentence in answer.sentences)
        listed = "\n".join(f"- {one.title}{f', {one.url}' if one.url else ''}" for one in sources(answer.citations))
        body = texts.FOLLOW_MAIL.format(question=answer.question, answer=said, sources=listed)
        return Mail(to, texts.FOLLOW_SUBJECT, f"{body}{where}{stop}", mark=queued.nonce)

    def _mail(self, to: str, queued: QueuedMessage) -> Mail:
        """Return a message as a mail."""
        data = queued.message.data
        title, reason = (" ".join(str(data.get(name) or "").split()) for name in ("title", "reason"))
        told = texts.NOTIFICATIONS[queued.message.kind].format(title=title)
        said = f"{texts.MODERATORS_SAID} {reason}\n\n" if reason else ""
        address = (self._site.settings.web_url or "").rstrip("/")
        where = texts.NOTIFICATION_WHERE.format(address=f"{address}/my-data") if address else texts.NOTIFICATION_HERE
        subject = texts.NOTIFICATION_SUBJECT.format(title=title[:80])
        return Mail(to, subject, f"{told}\n\n{said}{where}\n", mark=queued.nonce)


def _looked_for(backend: Backend, waiting: FollowRequest) -> bool:
    return backend.follow_requests.look_for(waiting)
