"""Whether the passages that a sentence cites say what it says. What fails is dropped."""

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.generation.clauses import clauses, counted_alike, coverage
from knowledge.answering.generation.direction import denies, turned_round
from knowledge.answering.generation.foreign import foreign_matter
from knowledge.answering.generation.parsing import Draft
from knowledge.answering.generation.support import Near, Passage, as_passages, nearness
from knowledge.language.names import Name, find_names, supports
from knowledge.language.numbers import figures
from knowledge.language.words import content_stems
from knowledge.retrieval.embedder import Embedder
from knowledge.storage.arrays import Vectors
from knowledge.types import Chunk

# Both bounds are measured on 186 sentences of our own about passages of the starter library, true ones and false ones
# in ten ways (tests/quality/written-pairs.jsonl, held by tests/quality/test_written.py). Cosine to the nearest sentence
# of a passage, or to two that follow one another, tells what it says from what it does not (area under the curve
# 0.999; against a passage as a whole only 0.95): 0.6 keeps all 76 that are supported and one of 33 about something
# else, 0.7 would lose one in ten. What it cannot see is an invented half of a sentence whose other half is true: so a
# passage has to have two in five of each clause's words. That drops 14 of 16 such sentences, and 3 of the 76.
SIMILARITY_FLOOR = 0.6
COVERAGE_FLOOR = 0.4
_FEWEST_WORDS = 4
_MOST_WORDS = 60


class Support(NamedTuple):
    """A verbatim slice of a chunk that says what a sentence says."""

    chunk: Chunk
    quote: str


class Checked(NamedTuple):
    """A sentence that its passages support, with the quotes that do, in the order in which it cites them."""

    text: str
    support: tuple[Support, ...]


class Checker:
    """Checks sentences against passages. Safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def checked(self, drafts: Sequence[Draft], chunks: Sequence[Chunk]) -> list[Checked]:
        """The drafts that hold, in order; number 1 of a draft is the first chunk. Unknown numbers count for nothing."""
        known = [
            (draft.text, [number for number in draft.numbers if 1 <= number <= len(chunks)])
            for draft in drafts
            if _FEWEST_WORDS <= len(draft.text.split()) <= _MOST_WORDS
        ]
        cited = sorted({number for _, numbers in known for number in numbers})
        if not cited:
            return []
        passages = dict(zip(cited, as_passages([chunks[n - 1] for n in cited], self._embedder), strict=True))
        vectors = self._embedder.embed_documents([text for text, _ in known])
        found = [
            _checked(text, vector, [passages[number] for number in numbers])
            for (text, numbers), vector in zip(known, vectors, strict=True)
            if numbers
        ]
        return [one for one in found if one is not None]


def _checked(text: str, vector: Vectors, cited: Sequence[Passage]) -> Checked | None:
    near = [(passage, nearness(passage, vector)) for passage in cited]
    supporting = [(passage, spans) for passage, spans in near if spans and spans[0].similarity >= SIMILARITY_FLOOR]
    if not supporting:
        return None
    about = "\n".join(passage.about for passage, _ in supporting)
    quotes = [_best(spans, text) for _, spans in supporting]
    evidence = " ".join(f"{quote.span.lead} {quote.span.text}" for quote in quotes)
    if (
        foreign_matter(text, about)
        or not figures(text) <= figures(evidence)
        or not all(supports(about, name) for name in find_names(text) if not _a_number_that_opens(name))
        or denies(text) != denies(evidence)
        or turned_round(text, evidence)
        or not _every_clause_holds(text, evidence, about)
    ):
        return None
    support = (Support(passage.chunk, quote.span.text) for (passage, _), quote in zip(supporting, quotes, strict=True))
    return Checked(text, tuple(support))


def _best(spans: Sequence[Near], text: str) -> Near:
    """The span to quote: of those that are near enough, the one with most of the sentence's figures, then the nearest.

    Two sentences together are quoted only where they hold more of the figures than one.
    """
    wanted = figures(text)
    near = [span for span in spans if span.similarity >= SIMILARITY_FLOOR]
    return max(near, key=lambda one: (len(wanted & figures(f"{one.span.lead} {one.span.text}")), one.similarity))


def _a_number_that_opens(name: Name) -> bool:
    """Whether it is no name but a number in words: "Seventy per cent of ..."."""
    return name.opens and bool(figures(name.shown))


def _every_clause_holds(text: str, evidence: str, about: str) -> bool:
    """Whether the words of each clause are the passages' own, and its figures count what they count in the evidence."""
    present = content_stems(about)
    return all(
        coverage(clause, present) >= COVERAGE_FLOOR
        and all(counted_alike(figure, clause, evidence) for figure in figures(clause))
        for clause in clauses(text)
    )
