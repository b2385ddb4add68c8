"""Chunks as the reader has read them: each sentence with its score, in the order in which search put the chunks."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering.reader.scores import Passage
from knowledge.domain.library import Chunk
from knowledge.language.sentences import Unit
from knowledge.retrieval.search import Hit


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


def as_passage(chunk: Chunk, units: Sequence[Unit]) -> Passage:
    """Return what the reader reads of a chunk, cut into its quotable units."""
    heading = " ".join([chunk.metadata.title, *chunk.heading_path])
    return Passage(heading, chunk.text, tuple((unit.start, unit.end) for unit in units))
