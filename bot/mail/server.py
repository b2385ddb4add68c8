"""The operator's mail server: takes what is sent, or says in one line of the log why not."""

import contextlib
import logging
import re
import ssl
from collections.abc import AsyncIterator
from typing import NoReturn

import aiosmtplib
from aiosmtplib.typing import Default

from bot.mail import texts
from bot.mail.message import Mail, as_message
from knowledge.errors import TransientError
from knowledge.mail_settings import MailSecurity
from knowledge.settings import Settings

_SECONDS = 10
_PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
_PERMANENT = 500
# RFC 3463: what is wrong is the address itself (5.1.x), or its mailbox is switched off (5.2.1).
_ABOUT_ADDRESS = re.compile(r"^5\.(?:1\.(?![78]\b)\d+|2\.1)\b")
_ENHANCED = re.compile(r"^\d\.\d{1,3}\.\d{1,3}\b")
_ADDRESS_CODES = (550, 551, 553)
_RELAYING = re.compile(r"relay|denied|blocked|spam|policy|authenticat|reputation", re.IGNORECASE)
_log = logging.getLogger(__name__)


class MailError(TransientError):
    """The mail server is down, slow, or does not take what it is given; nothing was sent; `cause` says why."""

    cause = ""


class AddressRefusedError(MailError):
    """The mail server says that there is no such address; trying again changes nothing."""


class MailUncertainError(MailError):
    """The mail server was given a mail, and did not say whether it took it: it may have been sent."""


class MailServer:
    """One mail server, as the settings name it, that has `seconds` for each step; `ready`: they name one.

    `logs` false: who asks says themselves what is wrong.
    """

    def __init__(self, settings: Settings, seconds: float = _SECONDS, *, logs: bool = True) -> None:
        server = settings.mail_server or ""
        host, _, port = server.rpartition(":")
        self._host = host if port.isdecimal() and host else server
        self._port = int(port) if port.isdecimal() and host else _PORTS[settings.mail_security]
        self._seconds, self._logs = seconds, logs
        self._security = settings.mail_security
        self._from = settings.mail_from or ""
        self._user = settings.mail_user
        self._password = settings.mail_password.get_secret_value() if settings.mail_password else None
        self.ready = bool(settings.mail_server)

    async def send(self, mail: Mail) -> None:
        """Send one mail.

        Raises:
            AddressRefusedError: There is no such address.
            MailError: It could not be sent; the log says why.
        """
        async with self.connected() as connection:
            await connection.send(mail)

    async def check(self) -> None:
        """See that the server answers, and send nothing.

        Raises:
            MailError: It does not; the log says why.
        """
        async with self.connected():
            pass

    @contextlib.asynccontextmanager
    async def connected(self) -> "AsyncIterator[Connection]":
        """Connect, for several mails one after the other.

        Raises:
            MailError: That cannot be; the log says why.
        """
        if not self.ready:
            self.failed("off")
        client = _Client(
            hostname=self._host,
            port=self._port,
            timeout=self._seconds,
            use_tls=self._security is MailSecurity.TLS,
            start_tls=self._security is MailSecurity.STARTTLS,
            username=self._user,
            password=self._password,
            tls_context=None if self._security is MailSecurity.NONE else ssl.create_default_context(),
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            self.failed(*_cause(error), error=error)
        try:
            yield Connection(self, client, self._from)
        finally:
            # What was taken is taken, whether the farewell is heard or not.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await client.quit()
            client.close()

    def failed(
        self, cause: str, detail: str = "", *, error: Exception | None = None, kind: type[MailError] = MailError
    ) -> NoReturn:
        """Log why mail cannot be sent, in a line that says what to do and whose mail it was to nobody.

        Raises:
            MailError: Always.
        """
        line = texts.CAUSES[cause].format(
            server=f"{self._host}:{self._port}", seconds=round(self._seconds), detail=detail, code=detail
        )
        if self._logs:
            _log.error("mail cannot be sent: %s", line)
        failure = kind(texts.FAILED)
        failure.cause = line
        raise failure from error


class _Client(aiosmtplib.SMTP):
    """A connection that knows whether a mail's text was already on its way when something went wrong."""

    text_sent = False

    async def data(
        self,
        message: str | bytes,
        /,
        *,
        timeout: float | Default | None = Default.token,  # noqa: ASYNC109 - as the library has it
    ) -> aiosmtplib.SMTPResponse:
        """Send a mail's text."""
        self.text_sent = True
        return await super().data(message, timeout=timeout)


class Connection:
    """An open connection to a mail server. After a `MailError` it may be lost: connect again."""

    def __init__(self, server: MailServer, client: _Client, sender: str) -> None:
        self._server = server
        self._client = client
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Send one mail.

        Raises:
            AddressRefusedError: There is no such address; the connection stays good.
            MailUncertainError: The connection was lost before the server said whether it took the mail.
            MailError: It could not be sent; the log says why.
        """
        try:
            message = as_message(mail, self._sender)
        except (ValueError, IndexError) as error:
            _log.warning("a mail was for something that is no address")
            raise AddressRefusedError(texts.REFUSED) from error
        self._client.text_sent = False
        try:
            await self._client.send_message(message, sender=self._sender, recipients=[mail.to])
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            if _is_gone(refused.code, refused.message):
                _log.warning("the mail server refused an address (%s)", _said(refused))
                raise AddressRefusedError(texts.REFUSED) from error
            cause = "later" if refused.code < _PERMANENT else "policy"
            self._server.failed(cause, _said(refused), error=error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            lost = self._client.text_sent and not isinstance(error, aiosmtplib.SMTPResponseException)
            self._server.failed(*_cause(error), error=error, kind=MailUncertainError if lost else MailError)


def _is_gone(code: int, said: str) -> bool:
    """Return whether an answer is about the address itself, and for good.

    A server that relays for nobody answers alike for every address: that is no reason to switch one off.
    """
    if code < _PERMANENT:
        return False
    if _ENHANCED.match(said):
        return _ABOUT_ADDRESS.match(said) is not None
    return code in _ADDRESS_CODES and not _RELAYING.search(said)


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    """Return an answer's numbers without its text, which may hold the address."""
    enhanced = _ENHANCED.match(error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)


def _cause(error: Exception) -> tuple[str, str]:
    """Return the name of what went wrong, and the detail that belongs into the line about it."""
    below = error.__cause__ or error.__context__
    for one in (error, below):
        if isinstance(one, ssl.SSLCertVerificationError):
            return "certificate", one.verify_message
        if isinstance(one, ssl.SSLError):
            return "tls", one.reason or type(one).__name__
    causes: list[tuple[type[Exception], str]] = [
        (aiosmtplib.SMTPAuthenticationError, "password"),
        (aiosmtplib.SMTPSenderRefused, "sender"),
        (TimeoutError, "slow"),
        (aiosmtplib.SMTPConnectResponseError, "later"),
        (aiosmtplib.SMTPDataError, "content"),
        (OSError, "reach"),
    ]
    if "STARTTLS" in str(error):
        return "no_tls", ""
    cause = next((name for kind, name in causes if isinstance(error, kind)), "other")
    if cause == "content" and isinstance(error, aiosmtplib.SMTPDataError) and error.code < _PERMANENT:
        cause = "later"
    detail = _said(error) if isinstance(error, aiosmtplib.SMTPResponseException) else type(error).__name__
    return cause, detail
