"""Dates in texts, and sources that give different ones for the same thing."""

import re
from collections.abc import Sequence

from knowledge.answering.candidates import Candidate
from knowledge.language.words import is_function_word, stems, words

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATED = re.compile(
    rf"\b(?:(?P<month>{_MONTHS})\s+(?:and\s+(?P<until>{_MONTHS})\s+)?)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# Two sentences are about the same event when they share this much of the shorter one's words, dates left out.
_SAME_EVENT = 0.4


_ASKS_FOR_DATE = re.compile(
    r"^(?:and |so |but )?when\b|\b(?:what|which) (?:year|date|month)s?\b|\bsince when\b", re.IGNORECASE
)


def asks_for_date(question: str) -> bool:
    """Whether a question asks when something was."""
    return bool(_ASKS_FOR_DATE.search(question))


def dates_in(text: str) -> frozenset[str]:
    """The dates that a text gives, as "2020" or "august 2020"; both ends of a span."""
    found = set()
    for match in _DATED.finditer(text):
        months = [month.lower() for month in (match["month"], match["until"]) if month]
        found |= {f"{month} {match['year']}" for month in months} or {match["year"]}
    return frozenset(found)


def disagreeing(first: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """The strongest candidate of another document that gives other dates for what the first one tells, if any."""
    dates = dates_in(first.unit.text)
    if not dates:
        return None
    told = _told(first.unit.text)
    for other in others:
        if other.chunk.document_id == first.chunk.document_id:
            continue
        theirs = dates_in(other.unit.text)
        shared = told & _told(other.unit.text)
        about_the_same = len(shared) >= _SAME_EVENT * min(len(told), len(_told(other.unit.text)))
        if theirs and about_the_same and _differ(dates, theirs):
            return other
    return None


def _differ(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether neither set of dates only tells the other one less precisely."""
    years, other_years = ({date.split()[-1] for date in dates} for dates in (some, others))
    if years != other_years:
        return not (years <= other_years or other_years <= years)
    precise = all(" " in date for date in some | others)
    return precise and some != others


def _told(text: str) -> set[str]:
    content = [word for word in words(_DATED.sub(" ", text)) if not is_function_word(word)]
    return set(stems(content))
