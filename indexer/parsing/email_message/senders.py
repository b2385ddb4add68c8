"""The organisation that sent a message. A person's name and address are nobody's business in a library."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import parseaddr

from indexer.parsing.text import printable

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
