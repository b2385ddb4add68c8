"""Where in a passage the support for a sentence lies: its sentences, alone and two together, and how near each is."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from knowledge.answering.generation.prompt import described
from knowledge.language.sentences import Unit, split_units
from knowledge.retrieval.embedder import Embedder
from knowledge.storage.arrays import Vectors
from knowledge.types import Chunk


class Span(NamedTuple):
    """A slice `text[start:end]` of a chunk: one sentence of it, or two that follow one another."""

    start: int
    end: int
    text: str
    lead: str


class Passage(NamedTuple):
    """A chunk with its spans and their vectors, shape (spans, dimension)."""

    chunk: Chunk
    spans: tuple[Span, ...]
    vectors: Vectors

    @property
    def about(self) -> str:
        """All that a reader of the passage sees: what it is from, and its text."""
        return f"{described(self.chunk)}\n{self.chunk.text}"


class Near(NamedTuple):
    """A span with its similarity (cosine) to a sentence."""

    span: Span
    similarity: float


def as_passages(chunks: Sequence[Chunk], embedder: Embedder) -> list[Passage]:
    """The chunks with the vectors of their spans, all embedded in one call."""
    spans = [_spans(chunk) for chunk in chunks]
    vectors = embedder.embed_documents([span.text for of_chunk in spans for span in of_chunk])
    passages: list[Passage] = []
    for chunk, of_chunk in zip(chunks, spans, strict=True):
        passages.append(Passage(chunk, of_chunk, vectors[: len(of_chunk)]))
        vectors = vectors[len(of_chunk) :]
    return passages


def nearness(passage: Passage, sentence: Vectors) -> list[Near]:
    """The passage's spans, nearest first, to a sentence's vector of shape (dimension,)."""
    cosines = passage.vectors @ sentence
    near = [Near(span, float(cosine)) for span, cosine in zip(passage.spans, cosines, strict=True)]
    return sorted(near, key=lambda one: -one.similarity)


def _spans(chunk: Chunk) -> tuple[Span, ...]:
    units = split_units(chunk.text)
    alone = [_span(chunk, unit, unit) for unit in units]
    return (*alone, *(_span(chunk, one, other) for one, other in pairwise(units)))


def _span(chunk: Chunk, first: Unit, last: Unit) -> Span:
    return Span(first.start, last.end, chunk.text[first.start : last.end], first.lead or "")
