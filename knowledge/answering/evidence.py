"""The evidence for one question: chunks as the reader has read them, and what the question names and asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from knowledge.answering.reader.scores import Passage
from knowledge.domain.library import Chunk
from knowledge.language.names import Name
from knowledge.language.sentences import Unit
from knowledge.retrieval.ranking import Hit


@dataclass(frozen=True)
class ReadSentence:
    """A sentence of a chunk. `score` is the reader's logit; `span` its shortest answer, as offsets in the chunk."""

    unit: Unit
    score: float
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class ReadChunk:
    """A chunk that was read with the question. `answerable` is the reader's logit for the chunk as a whole."""

    chunk: Chunk
    hit: Hit
    answerable: float
    sentences: tuple[ReadSentence, ...]

    @property
    def best(self) -> ReadSentence:
        """Return the sentence with the highest score."""
        return max(self.sentences, key=lambda sentence: sentence.score)


@dataclass(frozen=True)
class Evidence:
    """The chunks that were found and read for a question, best first.

    `question` is the question as it was meant, `sought` the words that were searched for. `information` has, by stem,
    what each of its informative words tells (IDF). `subjects` has, by chunk id, everything by which a chunk can be
    about a named thing. `found` are further chunks, which were not read.
    """

    question: str
    sought: str
    chunks: tuple[ReadChunk, ...]
    found: tuple[Chunk, ...] = ()
    information: Mapping[str, float] = field(default_factory=dict)
    same: Sequence[tuple[frozenset[str], frozenset[str]]] = ()
    names: tuple[Name, ...] = ()
    subjects: Mapping[int, str] = field(default_factory=dict)
    led_by: ReadChunk | None = None

    @property
    def lead(self) -> ReadChunk | None:
        """Return the chunk that answers best: the first one, if no other is taken for it."""
        if self.led_by is not None:
            return self.led_by
        return self.chunks[0] if self.chunks else None

    @property
    def sentence(self) -> ReadSentence | None:
        """Return the sentence that answers best."""
        return self.lead.best if self.lead is not None else None

    def with_lead(self, read: ReadChunk) -> "Evidence":
        """Return the evidence as it would be if this chunk were the one that answers best."""
        return replace(self, led_by=read)


def standardised(values: Sequence[float]) -> list[float]:
    """Return the values in standard deviations from their mean; all 0 where they do not vary."""
    array = np.asarray(values, dtype=float)
    deviation = float(array.std()) if len(values) else 0.0
    return [0.0] * len(values) if deviation < 1e-9 else [float(z) for z in (array - array.mean()) / deviation]


def mixed_order(chunks: Sequence[ReadChunk], *, by_search: bool = True) -> list[ReadChunk]:
    """Return the chunks ranked by search and reader together: three scores, each standardised, are added.

    They are the search's, the reader's for the passage, and the reader's for its best sentence. The reader alone ranks
    worse than all three (docs/quality.md); `by_search` leaves the search's out.
    """
    scores = [[read.answerable for read in chunks], [read.best.score for read in chunks]]
    if by_search:
        scores.append([read.hit.score for read in chunks])
    worth = [sum(of_chunk) for of_chunk in zip(*map(standardised, scores), strict=True)]
    order = sorted(range(len(chunks)), key=lambda place: (-worth[place], place))
    return [chunks[place] for place in order]


def as_passage(chunk: Chunk, units: Sequence[Unit]) -> Passage:
    """Return what the reader reads of a chunk, cut into its quotable units."""
    heading = " ".join([chunk.metadata.title, *chunk.heading_path])
    return Passage(heading, chunk.text, tuple((unit.start, unit.end) for unit in units))
