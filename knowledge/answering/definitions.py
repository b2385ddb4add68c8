"""The question "what is an ICS?", answered with the sentence of the library that explains the acronym."""

import re
from collections.abc import Callable, Iterable, Sequence

from knowledge.answering.citations import Quote
from knowledge.answering.evidence import ReadSentence
from knowledge.domain.library import Acronym, Chunk
from knowledge.domain.vocabulary import Kind
from knowledge.language.sentences import split_units

_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:so )?what(?:'s| is| are| was| does| do)(?: an?| the)? ([A-Za-z&]{2,8}?)s?"
        r"(?: (?:stand|stands|short) for| mean| means)?",
        r"(?:define|explain|meaning of|definition of)(?: an?| the)? ([A-Za-z&]{2,8}?)s?",
        r"([A-Za-z&]{2,8}) (?:meaning|definition|stands for)",
    )
)
_MOST_SENTENCES = 3


def asked_acronym(question: str, acronyms: Callable[[], Iterable[Acronym]]) -> Acronym | None:
    """Return the acronym whose meaning a question asks for and that a document explains; `None` for any other question.

    `acronyms` gives those of the library; it is called only where a question may ask for one.
    """
    plain = " ".join(question.replace("’", "'").strip(" ?.!").split())
    words = [match.group(1) for pattern in _ASKED if (match := pattern.fullmatch(plain))]
    if not words:
        return None
    stated = {acronym.short.upper(): acronym for acronym in acronyms() if acronym.stated}
    # A plural that is part of the acronym, or not: CCGs asked for the CCG, SMS asked for the SMS.
    forms = (form for word in words for form in (word, f"{word}s"))
    return next((stated[form.upper()] for form in forms if form.upper() in stated), None)


def definition(acronym: Acronym, chunks: Sequence[Chunk]) -> Quote | None:
    """Return the sentences that explain an acronym: the glossary's own, else the one that spells it out.

    `chunks` are what search found, best first.
    """
    explaining = sorted(
        (chunk for chunk in chunks if _speaks_of(acronym, chunk)),
        key=lambda chunk: (chunk.metadata.kind is not Kind.GLOSSARY, acronym.short not in chunk.metadata.title),
    )
    if not explaining:
        return None
    best = explaining[0]
    units = split_units(best.text)
    if best.metadata.kind is not Kind.GLOSSARY:
        units = [unit for unit in units if acronym.short in unit.text and _has(acronym.long, unit.text)]
    sentences = tuple(ReadSentence(unit, 0.0) for unit in units[:_MOST_SENTENCES])
    return Quote(best, sentences, strong=sentences[0]) if sentences else None


def _speaks_of(acronym: Acronym, chunk: Chunk) -> bool:
    if chunk.metadata.kind is Kind.GLOSSARY:
        return acronym.short in chunk.metadata.title or (acronym.short in chunk.text and _has(acronym.long, chunk.text))
    return any(acronym.short in unit.text and _has(acronym.long, unit.text) for unit in split_units(chunk.text))


def _has(long: str, text: str) -> bool:
    return long.lower() in text.lower()
