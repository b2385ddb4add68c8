"""Mail that came back: what a mail server says became of a mail, in the form of RFC 3464, one message or many."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

MOST_BYTES = 20 * 2**20
_MOST_MESSAGES = 10_000
_SEPARATOR = re.compile(rb"(?m)^From [^\n]*\d{4}\r?\n")
_ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")


class Bounce(NamedTuple):
    """A mail's fate at one recipient: the addresses by which servers call them, what was done, and why.

    `status` is as in RFC 3463: "5.1.1". `message_id` is that of the mail that came back, without angle brackets; empty
    where the report does not say it.
    """

    addresses: tuple[str, ...]
    action: str
    status: str
    message_id: str


def read_bounces(content: bytes) -> tuple[int, list[Bounce]]:
    """Return how many messages these are, and what the reports among them say; an mbox file holds several."""
    messages = list(_messages(content))
    return len(messages), [bounce for message in messages for bounce in _of_message(message)]


def _messages(content: bytes) -> Iterator[Message]:
    parts = _SEPARATOR.split(content) if content.startswith(b"From ") else [content]
    for part in [part for part in parts if part.strip()][:_MOST_MESSAGES]:
        yield email.message_from_bytes(part, policy=email.policy.compat32)


def _of_message(message: Message) -> Iterator[Bounce]:
    reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    returned = _returned_headers(message)
    message_id = _bare(returned.get("Message-ID", ""))
    to = _addresses(returned.get("To", ""))
    for report in reports:
        # The parser makes a part of each group of fields: the first is about the whole mail, the others a recipient.
        for fields in report.get_payload() if isinstance(report.get_payload(), list) else []:
            if not isinstance(fields, Message) or "Final-Recipient" not in fields:
                continue
            named = [*_addresses(fields.get("Original-Recipient", "")), *_addresses(fields["Final-Recipient"]), *to]
            status = str(fields.get("Status", "")).split()
            yield Bounce(
                addresses=tuple(dict.fromkeys(named)),
                action=str(fields.get("Action", "")).strip().lower(),
                status=status[0] if status else "",
                message_id=message_id,
            )


def _returned_headers(message: Message) -> Message:
    """Return the headers of the mail that came back, which a report holds as a message or as its headers alone."""
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            for inner in payload:
                if isinstance(inner, Message):
                    return inner
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            return email.message_from_bytes(headers if isinstance(headers, bytes) else b"")
    return Message()


def _addresses(value: object) -> list[str]:
    return [found.lower() for found in _ADDRESS.findall(str(value))]


def _bare(value: object) -> str:
    return str(value).strip().strip("<>")
