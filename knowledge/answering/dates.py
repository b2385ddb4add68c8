"""Sources that give different ones for the same thing."""

from collections.abc import Sequence

from knowledge.answering.candidates import Candidate
from knowledge.language.dates import dates_in, without_dates
from knowledge.language.words import content_stems

# Two sentences are about the same event when they share this much of the shorter one's words, dates left out.
_SAME_EVENT = 0.4


def disagreeing(first: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """Return the strongest candidate of another document that gives other dates for what the first one tells."""
    dates = _with_year(first.unit.text)
    if not dates:
        return None
    told = _told(first.unit.text)
    for other in others:
        if other.chunk.document_id == first.chunk.document_id:
            continue
        theirs = _with_year(other.unit.text)
        shared = told & _told(other.unit.text)
        about_the_same = len(shared) >= _SAME_EVENT * min(len(told), len(_told(other.unit.text)))
        if theirs and about_the_same and _differ(dates, theirs):
            return other
    return None


def _with_year(text: str) -> frozenset[str]:
    return frozenset(date for date in dates_in(text) if date[-1].isdigit())


def _differ(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether neither set of dates only tells the other one less precisely."""
    years, other_years = ({date.split()[-1] for date in dates} for dates in (some, others))
    if years != other_years:
        return not (years <= other_years or other_years <= years)
    precise = all(" " in date for date in some | others)
    return precise and some != others


def _told(text: str) -> set[str]:
    return set(content_stems(without_dates(text)))
