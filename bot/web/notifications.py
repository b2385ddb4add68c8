"""Tells members who sign in by mail what became of their examples: what waits for them in the outbox, as mails."""

import asyncio
import logging

from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.web import texts
from bot.web.site import Site
from knowledge.domain.outbox import QueuedMessage
from knowledge.errors import HalnError

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
            try:
                await self.flush()
            except HalnError as error:
                _log.warning("waiting mails could not be sent: %s", error)
            await asyncio.sleep(SECONDS)

    async def flush(self) -> None:
        """Send everything that is due."""
        if not self._site.mail.ready:
            return
        outbox = self._site.backend.library.outbox
        kinds = tuple(texts.NOTIFICATIONS)
        while taken := await self._site.db(lambda _: outbox.take(kinds, self._site.now(), by_mail=True)):
            for queued in taken:
                await self._send(queued)

    async def _send(self, queued: QueuedMessage) -> None:
        outbox, now = self._site.backend.library.outbox, self._site.now()
        account = await self._site.db(lambda backend: backend.library.accounts.account(queued.message.recipient))
        try:
            if account is not None and account.email is not None:
                await self._site.mail.send(self._mail(account.email, queued))
        except AddressRefusedError:
            await self._site.db(lambda _: outbox.failed(queued, now, "refused", permanent=True))
        except MailError as error:
            cause, last = type(error).__name__, queued.attempts >= _MOST_ATTEMPTS
            await self._site.db(lambda _: outbox.failed(queued, now, cause, permanent=last))
        else:
            await self._site.db(lambda _: outbox.delivered(queued, now))

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
