"""A mail before it is sent: plain text, beside it HTML where there is any, and the headers that go with it."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import NamedTuple

from bot.mail.texts import SENDER
from knowledge.domain.visible_text import visible_text
from knowledge.mail_settings import ADDRESS


class Mail(NamedTuple):
    """One message to one address.

    `html` says the same as `text`. `unsubscribe` is an address of the web page that takes a POST without sign-in
    (RFC 8058); `mark` is the same for each attempt at this message and for no other: it becomes its Message-ID, by
    which a mail server drops the second of two. `reply_to` is where replies go, if not to the sender.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    unsubscribe: str | None = None
    mark: str | None = None
    reply_to: str | None = None


def as_message(mail: Mail, sender: str) -> EmailMessage:
    """Return the mail as it goes over the wire. What others wrote adds no header or recipient, and hides nothing.

    Raises:
        ValueError: The address is none.
    """
    if not re.fullmatch(ADDRESS, mail.to):
        raise ValueError("that is no mail address")
    domain = sender.rpartition("@")[2] or None
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER, addr_spec=sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = " ".join(visible_text(mail.subject).split())
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{mail.mark}@{domain}>" if mail.mark and domain else make_msgid(domain=domain)
    # So that nobody's "I am away" comes back.
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        # Only over HTTPS: receivers honour no other, and a POST in the clear would show whose it is.
        if mail.unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_shown(mail.text))
    if mail.html is not None:
        message.add_alternative(_shown(mail.html), subtype="html")
    return message


def _shown(text: str) -> str:
    return visible_text(text.replace("\r\n", "\n"))
