"""The question "what's on next?", answered from the calendar, soonest first."""

import re
from collections.abc import Sequence

from knowledge.answering.candidates import Candidate, stems
from knowledge.answering.extractive import quoted_answer
from knowledge.answering.wording import NOTHING_ON, refusal_text
from knowledge.retrieval.terms import is_function_word, query_terms, words
from knowledge.sentences import split_units
from knowledge.types import Answer, Chunk

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
# Words by which such a question is asked, and not what it is about.
_ASKING_TEXT = """
    on next coming up upcoming happening event events webinar webinars session sessions meeting meetings workshop
    workshops conference conferences talk talks meetup meetups anything planned soon future forthcoming month week
    whats haln network new there any when date dates
"""
_ASKING = frozenset(_ASKING_TEXT.split())


def asks_for_events(question: str) -> bool:
    """Whether a question asks what is coming up."""
    return _ASKED.search(question.replace("’", "'")) is not None


def events_answer(question: str, upcoming: Sequence[Chunk] | None) -> Answer | None:
    """What the calendar says; `None` where there is none, or nothing in it fits what the question is about."""
    if upcoming is None:
        return None
    if not upcoming:
        return Answer(question=question, answered=False, text=refusal_text(NOTHING_ON, "", ()), reason=NOTHING_ON)
    fitting = fitting_events(question, upcoming)
    return quoted_answer(question, fitting) if fitting else None


def fitting_events(question: str, upcoming: Sequence[Chunk]) -> list[Candidate] | None:
    """The first sentences of the coming events that fit a question, soonest first; `None` when none fits its topic.

    `upcoming` are the opening chunks of coming events, soonest first.
    """
    asked = [word.removesuffix("'s") for word in query_terms(question)]
    topic = set(stems([word for word in asked if word not in _ASKING and not is_function_word(word)]))
    fitting = [chunk for chunk in upcoming if topic <= set(stems(words(f"{chunk.metadata.title} {chunk.text}")))]
    if not fitting:
        return None
    found = [(chunk, split_units(chunk.text)) for chunk in fitting[:MOST_EVENTS]]
    return [
        Candidate(chunk=chunk, rank=rank, unit=units[0], cosine=1.0, overlap=1.0, fits_type=True)
        for rank, (chunk, units) in enumerate(found)
        if units
    ]
