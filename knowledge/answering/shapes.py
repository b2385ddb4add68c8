"""Answers in other shapes than a passage: several documents with the line of each that answers, or one definition."""

import re
from collections.abc import Callable, Iterable, Sequence

from knowledge.answering.citations import Quote
from knowledge.answering.compose import says_the_same
from knowledge.answering.constraints import Constraints
from knowledge.answering.evidence import Evidence, ReadChunk, ReadSentence
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration
from knowledge.domain.library import Acronym, Chunk
from knowledge.domain.vocabulary import Kind
from knowledge.language.names import find_names
from knowledge.language.sentences import split_units
from knowledge.language.words import content_stems

MOST_DOCUMENTS = 5
MOST_WORDS = 130
# One document is no list: it is answered with a passage.
FEWEST_DOCUMENTS = 2
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


def compose_list(evidence: Evidence, calibration: GateCalibration, constraints: Constraints) -> list[Quote]:
    """Return a line of each document that answers, the likeliest first; none where there are too few.

    Where the question says what the documents have to be, only those are listed, and one is enough; where it asks for
    nothing else, each of them answers.
    """
    quotes: list[Quote] = []
    words = 0
    for read in _answering(evidence, calibration, constraints):
        sentence = read.best
        needed = [s for s in read.sentences if sentence.unit.lead is not None and s.unit.text == sentence.unit.lead][
            -1:
        ]
        quote = Quote(read.chunk, (*needed, sentence), strong=sentence, title=read.chunk.metadata.title)
        if words + quote.words > MOST_WORDS or any(_repeats(quote, other) for other in quotes):
            continue
        quotes.append(quote)
        words += quote.words
        if len(quotes) == MOST_DOCUMENTS:
            break
    return quotes if len(quotes) >= (1 if constraints.restrict else FEWEST_DOCUMENTS) else []


def _repeats(quote: Quote, other: Quote) -> bool:
    """Return whether a line says what another says, and of the same: two trusts may do a thing in the same words."""
    lines = [line.strong.unit.text for line in (quote, other) if line.strong]
    names = [{name.keys for name in find_names(line)} for line in lines]
    return (
        quote.chunk.metadata.organisation == other.chunk.metadata.organisation
        and names[0] == names[-1]
        and says_the_same(lines[0], [content_stems(lines[-1])])
    )


def _answering(evidence: Evidence, calibration: GateCalibration, constraints: Constraints) -> Sequence[ReadChunk]:
    """Return the best chunk of each document that answers by itself, the likeliest first."""
    by_kind_alone = constraints.restrict and not constraints.has_topic and not constraints.went_wrong
    needed = calibration.answer if constraints.has_topic or not constraints.restrict else 0.0
    best: dict[str, tuple[float, ReadChunk]] = {}
    for read in evidence.chunks:
        if constraints.restrict and not constraints.fit(read.chunk.metadata):
            continue
        if not by_kind_alone and calibration.listed is not None and read.best.score < calibration.listed:
            continue
        likely = calibration.probability(signals(evidence.with_lead(read)))
        if likely >= needed and likely > best.get(read.chunk.document_id, (0.0, read))[0]:
            best[read.chunk.document_id] = (likely, read)
    return [read for _, read in sorted(best.values(), key=lambda found: -found[0])]


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
