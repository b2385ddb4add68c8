"""Sends members' digests by mail: each once in its period, many over one connection, none lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.backend import Backend
from bot.background_rounds import going_on
from bot.mail.digest_mail import DigestWriter
from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, Connection, MailError, MailServer, MailUncertainError
from knowledge.digest.contents import News
from knowledge.digest.digests import KINDS, DueDigest
from knowledge.digest.storage.protocols import Means
from knowledge.domain.outbox import QueuedMessage
from knowledge.storage.claims import ASK_SECONDS

SECONDS = 60
_KIND = KINDS[Means.EMAIL]
# Three days of trying.
_MOST_ATTEMPTS = 80
# So many in a row that were not taken: it is the server, and not what is sent.
_MOST_IN_A_ROW = 3
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
_T = TypeVar("_T")


class Site(Protocol):
    """The things of a face that sending needs: its settings' mail server, its clock, and threads for the database."""

    mail: MailServer
    now: Callable[[], datetime]
    backend: Backend

    def db(self, work: Callable[[Backend], _T]) -> Awaitable[_T]:
        """Do something that needs the database only."""

    def turn(self, name: str, seconds: float) -> Awaitable[bool]:
        """Return whether this process is to do now what one does once in so many seconds."""


class DigestMails:
    """The digests that go by mail."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._digests = site.backend.digests
        self._address = (site.backend.library.settings.web_url or "").rstrip("/")
        self._writer = DigestWriter(self._address)
        self._failed = 0
        self._again_at: datetime | None = None

    async def run(self) -> None:
        """Begin what is due and send what waits, again and again, until it is cancelled."""
        while True:
            with going_on("digests could not be sent"):
                if await self._site.turn("digests by mail", SECONDS):
                    await self.flush()
            await asyncio.sleep(ASK_SECONDS)

    async def flush(self) -> int:
        """Begin what is due, and send everything that waits, within working hours; how many mails were taken.

        A mail server that takes nothing is left alone, longer each time, half an hour at most.
        """
        now = self._site.now()
        paused = self._again_at is not None and now < self._again_at
        if paused or not self._digests.by_email or not self._digests.may_send(now):
            return 0
        await self._site.db(lambda _: self._digests.begin(Means.EMAIL))
        taken = await self._take()
        if not taken:
            return 0
        news, sent = await self._site.db(lambda _: self._digests.news()), 0
        while taken:
            try:
                async with self._site.mail.connected() as connection:
                    while taken:
                        sent += await self._send_all(connection, taken, news)
                        taken = await self._take()
                self._failed, self._again_at = 0, None
            except MailError as error:
                await self._give_back(taken, error)
                # A connection that was lost is made anew at once; a server that takes nothing is left alone.
                self._failed += 1
                if self._failed >= _MOST_IN_A_ROW or not sent:
                    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failed - 1, 10))
                    self._again_at = self._site.now() + pause
                    return sent
                taken = await self._take()
        return sent

    async def _take(self) -> list[QueuedMessage]:
        outbox, now = self._site.backend.library.outbox, self._site.now()
        return await self._site.db(lambda _: outbox.take((_KIND,), now, by_mail=None))

    async def _send_all(self, connection: Connection, taken: list[QueuedMessage], news: News) -> int:
        """Send these, and take each that is done with out of the list; how many mails were taken.

        Raises:
            MailError: The server did not take one: it is still in the list, with those after it.
        """
        sent = 0
        while taken:
            sent += await self._send(connection, taken[0], news)
            del taken[0]
        return sent

    async def _send(self, connection: Connection, queued: QueuedMessage, news: News) -> bool:
        me, due = queued.message.recipient, DueDigest.model_validate(queued.message.data)
        mail = await self._site.db(lambda _: self._mail(me, due, news))
        if mail is None or not await self._site.db(lambda _: self._digests.hand_over(me, due)):
            await self._done(queued)
            return False
        try:
            await connection.send(mail)
        except AddressRefusedError:
            await self._site.db(lambda _: self._refused(queued, due, mail.to))
            return False
        except MailUncertainError:
            # It may be there: it is not sent again, and the next one tells of what it told.
            await self._site.db(lambda _: self._digests.missed(me, due))
            await self._done(queued)
            return False
        except MailError:
            await self._site.db(lambda _: self._digests.take_back(me, due))
            raise
        await self._done(queued)
        return True

    def _mail(self, me: str, due: DueDigest, news: News) -> Mail | None:
        """Return a member's digest; `None` where they want none, nothing is new, or their address is off."""
        choice, to = self._digests.choice(me), self._digests.address(me)
        if choice is None:
            return None
        if to is None:  # once there is one that works, it is told of this, too
            self._digests.missed(me, due)
            return None
        contents = self._digests.contents(me, due, news)
        if not contents.news:
            return None
        stop = f"{self._address}/digest/stop/{self._digests.stop_token(me)}"
        mail = self._writer.mail(to, contents, datetime.fromisoformat(due.since), choice.frequency, stop)
        return mail._replace(mark=self._digests.mark(to, me, due))

    def _refused(self, queued: QueuedMessage, due: DueDigest, to: str) -> None:
        self._digests.address_failed(to, gone=True)
        self._digests.missed(queued.message.recipient, due)
        self._site.backend.library.outbox.failed(queued, self._site.now(), "refused", permanent=True)

    async def _done(self, queued: QueuedMessage) -> None:
        outbox, now = self._site.backend.library.outbox, self._site.now()
        await self._site.db(lambda _: outbox.delivered(queued, now))

    async def _give_back(self, taken: list[QueuedMessage], error: MailError) -> None:
        """Have what was not sent tried again, or given up after days of trying."""
        outbox, now, cause = self._site.backend.library.outbox, self._site.now(), type(error).__name__

        def give_back(_: Backend) -> None:
            for queued in taken:
                last = queued.attempts >= _MOST_ATTEMPTS
                if last:
                    self._digests.missed(queued.message.recipient, DueDigest.model_validate(queued.message.data))
                outbox.failed(queued, now, cause, permanent=last)

        await self._site.db(give_back)
