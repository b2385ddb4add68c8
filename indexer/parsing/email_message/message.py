"""A saved message: its subject as the title, its body as the text; attachments are named and not read."""

from __future__ import annotations

import email
import email.policy
import re
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from indexer.parsing import html, plain
from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.email_message.history import without_history, without_html_history
from indexer.parsing.lines import unwrapped
from indexer.parsing.text import decode, printable
from knowledge.errors import SourceError

# Addresses that a team answers, not a person.
_ROLES = re.compile(
    r"(?:.*[._-])?(?:news(?:letters?)?|info|hello|comm(?:s|unications?)|contact|enquir(?:y|ies)|no-?reply|donotreply|team"
    r"|office|admin|mail(?:ing|er)?|events?|updates?|bulletins?|membership|press|media|support|network|policy)(?:[._-].*)?",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:trust|nhs|network|council|foundation|institute|university|college|hospitals?|board|federation|confederation"
    r"|alliance|partnership|commission|authority|association|society|charity|fund|centre|center|team|group|agency"
    r"|newsletter|news|bulletin|department|ministry|office|government|ltd|limited|cic|cooperative|co-operative|union"
    r"|collaborative|programme|forum|academy|school|library|service|services|england|scotland|wales|ireland|uk)\b",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg)\s*:\s*|\[external\]\s*)+", re.IGNORECASE)
_FORWARDED = re.compile(r"^(?:re\s*:\s*)?(?:fwd?|wg)\s*:", re.IGNORECASE)
_HEADER = re.compile(rb"\A\s*(?:From |[!-9;-~]{1,60}:[ \t\r\n])")
# Of a page that says less than the text beside it, something was lost.
_LEAST_SHARE = 0.8
# What newsletters say of themselves, around what they say.
_FURNITURE = re.compile(
    r"^(?:(?:view|read) (?:this|it|the)\b.{0,40}\b(?:browser|online)|.{0,40}\bunsubscribe\b.{0,60}"
    r"|update your preferences|manage (?:your )?(?:preferences|subscriptions?)|you (?:are receiving|received) this\b.*"
    r"|forward (?:this|to a friend)\b.{0,30}|no longer want .{0,60})[.!]?$",
    re.IGNORECASE,
)


def organisation_of(message: EmailMessage) -> str | None:
    """Return the organisation that a message says it is from; `None` where it names only a person."""
    if stated := _clean(message.get("Organization") or message.get("Organisation")):
        return stated
    name, address = parseaddr(str(message.get("From") or ""))
    name = _clean(name)
    # "Jo Bloggs (Sample Trust)", "Jo Bloggs at Sample Trust", "Sample Trust via Mailer"
    for part in re.split(r"\s+(?:via|at|from|on behalf of)\s+|\s*[(),|]\s*|\s+[-–]\s+", name):
        if _ORGANISATION.search(part):
            return part
    mailbox = address.partition("@")[0]
    is_person = not mailbox or _is_of(name, mailbox)
    if name and "@" not in name and not is_person and _ROLES.fullmatch(mailbox):
        return name
    listed = _clean(re.sub(r"<[^>]*>", "", str(message.get("List-Id") or ""))).strip('" ')
    return listed if _ORGANISATION.search(listed) else None


def _is_of(name: str, mailbox: str) -> bool:
    """Return whether a mailbox is called by a name: jo.bloggs, jbloggs."""
    letters = re.sub(r"[^a-z]", "", mailbox.lower())
    words = [word for word in re.findall(r"[a-z]+", name.lower()) if len(word) > 2]
    return bool(words) and words[-1] in letters


def _clean(text: object) -> str:
    return " ".join(printable(str(text or "")).split()).strip("\"' ")


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a message's text. Whom it was sent to, and a person who sent it, are not kept.

    Raises:
        SourceError: It is no message, or its text cannot be read.
    """
    if not _HEADER.match(content[:200].removeprefix(b"\xef\xbb\xbf")):
        raise SourceError("it is not a mail message; save the message from your mail program again (.eml)")
    try:
        message = email.message_from_bytes(content.removeprefix(b"\xef\xbb\xbf"), policy=email.policy.default)
        subject = _header(message, "Subject")
        title = known_title or _REPLY.sub("", subject)
        blocks, left_out = _body(message, title, forwarded=bool(_FORWARDED.match(subject)))
        attachments = [name for part in message.iter_attachments() if (name := _name(part))]
    except (MessageError, LookupError, ValueError, AttributeError, TypeError) as error:
        raise SourceError(f"it is a damaged mail message ({error}); save it from your mail program again") from None
    if attachments and blocks:
        blocks.append(Block(BlockKind.PARAGRAPH, f"Attached to the message: {', '.join(attachments)}."))
    left_out += (LeftOut("attachments", name) for name in attachments)
    said: dict[str, object] = {"published": _date(message), "source_title": organisation_of(message)}
    return Parsed(title or None, said, blocks, tuple(left_out))


def _body(message: EmailMessage, title: str, *, forwarded: bool) -> tuple[list[Block], list[LeftOut]]:
    """Return the blocks of the message's text, and what was left out; its page where that says as much as its text."""
    page = message.get_body(("html",))
    text = message.get_body(("plain",))
    read = [_html(_text(page), title, forwarded=forwarded)] if isinstance(page, EmailMessage) else []
    if isinstance(text, EmailMessage):
        read.append(_plain(_text(text), title, forwarded=forwarded))
    if not read:
        raise SourceError("there is no text in this message; if its text is in an attachment, add that")
    best = read[0] if _words(read[0][0]) >= _LEAST_SHARE * _words(read[-1][0]) else read[-1]
    blocks = [block for block in best[0] if not _FURNITURE.match(block.text)]
    furniture = [LeftOut("newsletter footers", block.text) for block in best[0] if _FURNITURE.match(block.text)]
    return blocks, [*best[1], *furniture]


def _html(text: str, title: str, *, forwarded: bool) -> tuple[list[Block], list[LeftOut]]:
    kept, history = without_html_history(text, forwarded=forwarded)
    try:
        # Its own word on its encoding is past: it is text by now. A title it is told it need not look for in the page.
        parsed = html.parse(b"\xef\xbb\xbf" + kept.encode(), title or "message")
    except SourceError:
        return [], []
    return parsed.blocks, [*history, *parsed.left_out]


def _plain(text: str, title: str, *, forwarded: bool) -> tuple[list[Block], list[LeftOut]]:
    kept, history = without_history(text, forwarded=forwarded)
    return plain.plain_blocks(unwrapped(kept), title), history


def _text(part: EmailMessage) -> str:
    """Return the text of a part, in whatever encoding it says or is."""
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        content = part.get_payload(decode=True)
    return decode(content) if isinstance(content, bytes) else printable(str(content))


def _words(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(printable(str(message.get(name) or "")).split())


def _name(part: EmailMessage) -> str:
    """Return what an attachment is called; nothing for a picture that the text shows."""
    if part.get_content_maintype() == "image" and part.get("Content-ID"):
        return ""
    return " ".join(printable(part.get_filename() or "").split())


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None
