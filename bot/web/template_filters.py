"""Filters of templates: dates and labels in words, text as paragraphs and lists, addresses with parameters."""

from typing import NamedTuple
from urllib.parse import urlencode

import jinja2

from bot.texts.languages import translated
from bot.texts.sources import sources, stale_note
from knowledge.answering.layout import begins_item, marked_span, placed
from knowledge.answering.wording import NEAREST, NEXT_STEP, refusal, written_note
from knowledge.dates import spoken_date, spoken_event
from knowledge.domain.library import Sentence
from knowledge.insights.curated_review import RESTS_ON, checked_note


class Piece(NamedTuple):
    """A stretch of a sentence; `marked` is the shortest answer in it."""

    text: str
    marked: bool


def register(environment: jinja2.Environment) -> None:
    """Make the functions known to an environment's templates."""
    environment.filters |= {
        "spoken_date": spoken_date,
        "label": lambda term: upper_first(term.label),
        "upper_first": upper_first,
        "pieces": pieces,
        "bold_parts": bold_parts,
        "paragraphs": paragraphs,
        "translated": translated,
    }
    environment.globals |= {
        "placed": placed,
        "begins_item": begins_item,
        "sources": sources,
        "stale_note": stale_note,
        "refusal": refusal,
        "written_note": written_note,
        "checked_note": checked_note,
        "RESTS_ON": RESTS_ON,
        "spoken_event": spoken_event,
        "with_parameters": with_parameters,
        "NEAREST": NEAREST,
        "NEXT_STEP": NEXT_STEP,
    }


def upper_first(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def pieces(sentence: Sentence) -> list[Piece]:
    """Return a sentence in pieces, of which at most one is the shortest answer."""
    span = marked_span(sentence)
    if span is None:
        return [Piece(sentence.text, marked=False)]
    first, last = span
    cut = (sentence.text[:first], sentence.text[first:last], sentence.text[last:])
    return [Piece(text, marked=place == 1) for place, text in enumerate(cut) if text]


def bold_parts(text: str) -> list[list[tuple[str, bool]]]:
    """Return our own Markdown, in which nothing but bold is used: paragraphs of (text, whether it is bold)."""
    return [
        [(part, bool(place % 2)) for place, part in enumerate(paragraph.split("**")) if part]
        for paragraph in text.split("\n\n")
    ]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text that are not empty."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def with_parameters(path: str, values: dict[str, object], **changed: object) -> str:
    """Return an address with those parameters that say something."""
    wanted = {**values, **changed}
    said = urlencode({name: str(value) for name, value in wanted.items() if value not in (None, "")})
    return f"{path}?{said}" if said else path
