"""Marks what may identify a patient or a colleague in an example, to its author first and then to the moderator.

What is found is a place and a kind; the words are never logged.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from knowledge.domain.examples import TEXT_FIELDS, Author, Content, Finding
from knowledge.domain.vocabulary import Credit

_LABELS = {
    "UK_NHS": "NHS number",
    "HEALTH_NUMBER": "health number",
    "HOSPITAL_NUMBER": "hospital number",
    "DATE_OF_BIRTH": "date of birth",
    "ADDRESS": "address",
    "NUMBER_PLATE": "number plate",
    "UK_NINO": "National Insurance number",
    "PHONE_NUMBER": "phone number",
    "EMAIL_ADDRESS": "email address",
    "UK_POSTCODE": "postcode",
    "PERSON": "name of a person",
    "OWN_NAME": "your own name, though you asked not to be named",
    "OWN_ORGANISATION": "your organisation, though you asked to be anonymous",
}
_OWN = ("OWN_NAME", "OWN_ORGANISATION")


class Found(NamedTuple):
    """A place `text[start:end]` that may identify a person; `score` is how sure the recogniser is, 0 to 1."""

    kind: str
    start: int
    end: int
    score: float


class PersonalDataCheck(Protocol):
    """Finds what may identify a person in a text."""

    @property
    def has_name_model(self) -> bool:
        """Return whether a language model takes part in looking for names; if not, whoever reads is told."""

    def find(self, text: str) -> list[Found]:
        """Return the places, in order, none inside another."""


def findings(content: Content, author: Author, check: PersonalDataCheck) -> tuple[Finding, ...]:
    """Return what may identify a person in an example, by field.

    Who asked not to be named is told where the text does.
    """
    found: list[Finding] = []
    for field in TEXT_FIELDS:
        text: str = getattr(content, field)
        places = [*(check.find(text) if text.strip() else ()), *_own_places(text, content, author)]
        found += [_finding(field, place) for place in outermost(places)]
    return tuple(found)


def credit_findings(before: Sequence[Finding], content: Content, author: Author) -> tuple[Finding, ...]:
    """Return the findings after a change of credit: another credit makes other words of the author give them away."""
    kept = [finding for finding in before if finding.kind not in _OWN]
    own = [_finding(f, place) for f in TEXT_FIELDS for place in _own_places(getattr(content, f), content, author)]
    return (*kept, *own)


def _finding(field: str, place: Found) -> Finding:
    label = _LABELS.get(place.kind, place.kind)
    return Finding(kind=place.kind, label=label, field=field, start=place.start, end=place.end, score=place.score)


def outermost(places: Iterable[Found]) -> list[Found]:
    """Return places in order; of two that overlap the surer stays, then the longer."""
    kept: list[Found] = []
    for place in sorted(places, key=lambda p: (-p.score, p.start - p.end, p.start)):
        if all(place.end <= other.start or place.start >= other.end for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda p: p.start)


def _own_places(text: str, content: Content, author: Author) -> Iterator[Found]:
    """Yield where a text names its author or their organisation, though they asked that it should not be known."""
    hidden: list[tuple[str, str]] = []
    if content.credit in (Credit.ANONYMOUS, Credit.ORGANISATION):
        hidden.append(("OWN_NAME", author.name or ""))
    if content.credit is Credit.ANONYMOUS:
        hidden.append(("OWN_ORGANISATION", content.organisation))
    for kind, name in hidden:
        if name.strip():
            words = r"\s+".join(re.escape(word) for word in name.split())
            for match in re.finditer(rf"\b{words}\b", text, re.IGNORECASE):
                yield Found(kind, match.start(), match.end(), 1.0)
