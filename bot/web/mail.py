"""Sends mail through the operator's server, and tells in one line when that cannot be."""

import logging
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib

from bot.web import texts
from knowledge.errors import TransientError
from knowledge.settings import Settings
from knowledge.web_settings import MailSecurity

_SECONDS = 10
_PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
_log = logging.getLogger(__name__)


class MailError(TransientError):
    """The mail server is down, slow, or does not take what it is given; nothing was sent."""


class AddressRefusedError(MailError):
    """The mail server says that there is no such address; trying again changes nothing."""


class Mailer:
    """One mail server, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        server = settings.mail_server or ""
        host, _, port = server.rpartition(":")
        self._host = host if port.isdecimal() and host else server
        self._port = int(port) if port.isdecimal() and host else _PORTS[settings.mail_security]
        self._security = settings.mail_security
        self._from = settings.mail_from or ""
        self._user = settings.mail_user
        self._password = settings.mail_password.get_secret_value() if settings.mail_password else None
        self.ready = bool(settings.mail_server)

    async def send(self, to: str, subject: str, body: str) -> None:
        """Send a plain mail.

        Raises:
            AddressRefusedError: There is no such address.
            MailError: It could not be sent; the log says why.
        """
        mail = EmailMessage()
        mail["From"] = f"{texts.NAME} <{self._from}>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self._from.rpartition("@")[2] or None)
        # So that nobody's "I am away" comes back.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(body)
        await self._with_server(mail)

    async def check(self) -> None:
        """See that the server answers, and send nothing.

        Raises:
            MailError: It does not.
        """
        await self._with_server(None)

    async def _with_server(self, mail: EmailMessage | None) -> None:
        try:
            client = aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                timeout=_SECONDS,
                use_tls=self._security is MailSecurity.TLS,
                start_tls=self._security is MailSecurity.STARTTLS,
                username=self._user,
                password=self._password,
                tls_context=None if self._security is MailSecurity.NONE else ssl.create_default_context(),
            )
            async with client:
                if mail is not None:
                    await client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            # Whose it is is not in the log.
            _log.warning("the mail server refused an address")
            raise AddressRefusedError(texts.MAIL_REFUSED) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            _log.error("mail cannot be sent: %s", type(error).__name__)
            raise MailError(texts.MAIL_FAILED) from error
