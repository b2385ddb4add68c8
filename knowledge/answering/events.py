"""The question "what's on next?", answered from the calendar, soonest first."""

import re
from collections.abc import Sequence
from datetime import date

from knowledge.answering.citations import Quote, cited
from knowledge.answering.evidence import ReadSentence
from knowledge.answering.wording import NO_CALENDAR, NOTHING_ON, NOTHING_ON_THEN, answer_text, refusal_text
from knowledge.domain.library import Answer, Chunk, NearDocument
from knowledge.language.dates import MONTHS, WEEKDAYS, Period, days_in, period_in
from knowledge.language.sentences import Unit, split_units
from knowledge.language.words import is_function_word, query_terms, stems, words

MOST_EVENTS = 4
# Coming events among which those that fit a question's topic are sought.
EVENTS_READ = 50
_OCCASION = r"(?:events?|webinars?|sessions?|meetings?|workshops?|conferences?|talks?|meet-?ups?)"
_ASKED = re.compile(
    rf"\bwhat'?s (?:on|next|coming up|happening)\b|\bwhat is (?:on|coming up|happening|next)\b|\bwhats (?:on|next)\b"
    rf"|\b(?:next|upcoming|coming|future|forthcoming)\b(?: \w+){{0,3}} {_OCCASION}\b"
    rf"|\b{_OCCASION}\b(?: \w+){{0,3}} (?:coming up|planned|next|upcoming|soon)\b"
    r"|\banything (?:on|coming up|happening)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:{_OCCASION}|what'?s on|happening|anything on)\b", re.IGNORECASE)
# "Are there webinars next week?", "which events are on in June", "any workshops on 3 May": not how such are done.
_WHAT_THERE_IS = re.compile(
    rf"^(?:(?:and|so|hi|hello|please)\b[, ]*)?(?:(?:is|are) there|(?:what|which|any|when|show|list)\b|{_OCCASION}\b"
    r"|(?:is )?anything\b|do (?:we|you) have)",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|did|had|happened|last)\b", re.IGNORECASE)
# Words by which such a question is asked, and not what it is about.
_ASKING_TEXT = """
    on next coming up upcoming happening event events webinar webinars session sessions meeting meetings workshop
    workshops conference conferences talk talks meetup meetups anything planned soon future forthcoming month week
    whats haln network new there any when date dates today tonight tomorrow this year years take takes place held
"""
_ASKING = frozenset(_ASKING_TEXT.split()) | MONTHS.keys() | WEEKDAYS.keys()


def asks_for_events(question: str, today: date) -> bool:
    """Return whether a question asks what is coming up, or what there is in a span of days from `today` on."""
    asked = question.replace("’", "'").rstrip("?!. ")
    if _ASKED.search(asked):
        return True
    period = period_in(asked, today)
    if period is None or period.last < today:
        return False
    return bool(_WHAT_THERE_IS.search(asked) and _NAMED.search(asked) and not _PAST.search(asked))


def events_answer(question: str, upcoming: Sequence[Chunk] | None, today: date) -> Answer | None:
    """Return what the calendar says, or that there is none; `None` where it has nothing that the question is about.

    `upcoming` are the opening chunks of coming events, soonest first.
    """
    if upcoming is None:
        if _topic(question):
            return None
        return Answer(question=question, answered=False, text=NO_CALENDAR, reason=NO_CALENDAR)
    period = period_in(question, today)
    chosen = list(upcoming)
    if period is not None:
        days = [(day, place) for place, chunk in enumerate(upcoming) if (day := _day_in(chunk, period)) is not None]
        chosen = [upcoming[place] for _, place in sorted(days)]
    if not chosen and not _topic(question):
        reason = NOTHING_ON_THEN if upcoming else NOTHING_ON
        nearest = tuple(_next(chunk) for chunk in upcoming[:1])
        text = refusal_text(reason, nearest)
        return Answer(question=question, answered=False, text=text, reason=reason, nearest=nearest)
    fitting = fitting_events(question, chosen, period)
    if not fitting:
        return None
    sentences, citations = cited(fitting)
    return Answer(
        question=question,
        answered=True,
        text=answer_text(sentences),
        sentences=sentences,
        citations=citations,
        shape="list",
    )


def fitting_events(question: str, upcoming: Sequence[Chunk], period: Period | None = None) -> list[Quote] | None:
    """Return what the coming events that fit a question say first, soonest first; `None` when none fits its topic.

    Of an event that is repeated, the sentence that names a day in `period`.
    """
    topic = _topic(question)
    fitting = [chunk for chunk in upcoming if topic <= set(stems(words(f"{chunk.metadata.title} {chunk.text}")))]
    if not fitting:
        return None
    found = [(chunk, split_units(chunk.text)) for chunk in fitting[:MOST_EVENTS]]
    return [Quote(chunk, (ReadSentence(_telling(units, period), 0.0),)) for chunk, units in found if units]


def _topic(question: str) -> frozenset[str]:
    """Return the stems of what a question is about, beside the asking and the time."""
    asked = [word.removesuffix("'s") for word in query_terms(question)]
    about = [word for word in asked if word not in _ASKING and not is_function_word(word) and not word[0].isdigit()]
    return frozenset(stems(about))


def _day_in(chunk: Chunk, period: Period) -> date | None:
    """Return the day on which an event that is in a period begins, or on which it is repeated first in it."""
    starts = chunk.metadata.starts
    if starts is None:
        return None
    first = date.fromisoformat(starts[:10])
    last = date.fromisoformat((chunk.metadata.ends or starts)[:10])
    if period.meets(first, last):
        return first
    return min((day for day in days_in(chunk.text) if period.holds(day)), default=None)


def _next(chunk: Chunk) -> NearDocument:
    """Return the next event after all, where there is none at the time asked about."""
    said = split_units(chunk.text)
    return NearDocument(
        document_id=chunk.document_id,
        title=chunk.metadata.title,
        url=chunk.metadata.url,
        quote=said[0].text if said else None,
    )


def _telling(units: Sequence[Unit], period: Period | None) -> Unit:
    if period is None:
        return units[0]
    return next((unit for unit in units if any(period.holds(day) for day in days_in(unit.text))), units[0])
