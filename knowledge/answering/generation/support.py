"""The search for the cited passage and sentence that say what a clause says: the packaged reader decides."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.evidence import as_passage
from knowledge.answering.generation.prompt import described
from knowledge.answering.reader.scores import Passage, Reader
from knowledge.domain.library import Chunk
from knowledge.language.sentences import Unit, split_units
from knowledge.language.words import content_stems

# What all of a clause's words are worth in the choice of a sentence, in the reader's logits: of two sentences about the
# same thing the reader likes the one that tells more, and a quote has to be the one that says it.
_SHARED_WORDS = 4.0
_BETWEEN = re.compile(
    r"[,;:]\s+(?:(?:and|but|or|so|with|as|which|who|where|while|because|after|of (?:whom|which))\b\s*)?"
    r"|\s+(?=(?:and|but|because|which|after|while|although|so that)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4


class CitedPassage(NamedTuple):
    """A chunk with its quotable units, and as the reader reads it."""

    chunk: Chunk
    units: tuple[Unit, ...]
    read_as: Passage

    @property
    def about(self) -> str:
        """Return all that a person sees of the passage: what it is from, and its text."""
        return f"{described(self.chunk)}\n{self.chunk.text}"


class Support(NamedTuple):
    """The sentence of a passage that says best what a clause says; `score` is the sum of two of the reader's logits."""

    clause: str
    passage: CitedPassage
    unit: Unit
    score: float

    @property
    def evidence(self) -> str:
        """Return the sentence, behind the one that introduces it if it is an item of a list."""
        return f"{self.unit.lead} {self.unit.text}" if self.unit.lead else self.unit.text


def cited_passage(chunk: Chunk) -> CitedPassage:
    """Return a chunk as it is read."""
    units = split_units(chunk.text)
    return CitedPassage(chunk, tuple(units), as_passage(chunk, units))


def supports_of(sentence: str, passages: Sequence[CitedPassage], reader: Reader) -> list[Support]:
    """Return the strongest support for each clause of a sentence, in any of the passages; none without passages.

    A clause is put to the reader as a question, which a sentence answers if it says the same. Of the forms tried
    (`python -m tests.quality.calibrate_generation`) this is among those that best part what a passage says from what it
    does not.
    """
    found = [_best_support(clause, passages, reader) for clause in clauses(sentence)]
    return [support for support in found if support is not None]


def _best_support(clause: str, passages: Sequence[CitedPassage], reader: Reader) -> Support | None:
    scores = reader.read(f"{clause.rstrip('.!')}?", [passage.read_as for passage in passages])
    said = content_stems(clause)
    supports = [
        Support(clause, passage, unit, scored.answerable + score)
        for passage, scored in zip(passages, scores, strict=True)
        for unit, score in zip(passage.units, scored.sentences, strict=True)
    ]

    def worth(support: Support) -> float:
        return support.score + _SHARED_WORDS * len(said & content_stems(support.evidence)) / max(1, len(said))

    return max(supports, key=worth, default=None)


def clauses(sentence: str) -> list[str]:
    """Return a sentence in parts, cut at commas and words that join; a few words stay with the part before."""
    parts: list[str] = []
    for part in _BETWEEN.split(sentence):
        if parts and min(len(part.split()), len(parts[-1].split())) < _FEWEST_WORDS:
            parts[-1] += f", {part}"
        elif part.strip():
            parts.append(part)
    return parts
