"""What was found for one question: chunks as they were read, and what the question names and asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from knowledge.answering.passages import ReadChunk, ReadSentence
from knowledge.language.names import Name
from knowledge.types import Chunk

# Where both the reader and the search speak for a chunk: how many points of the reader's logits one standard deviation
# of the search's score is worth when the lead is chosen. Measured on `tune`: 0 to 1 differ by less than .01.
SEARCH_SHARE = 0.5


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
    search_share: float = SEARCH_SHARE

    @property
    def lead(self) -> ReadChunk | None:
        """Return the chunk that answers best: by its best sentence, as a whole, and by how search ranked it."""
        if self.led_by is not None or not self.chunks:
            return self.led_by
        relevance = standardised([read.hit.score for read in self.chunks])
        worth = [
            read.best.score + read.answerable + self.search_share * score
            for read, score in zip(self.chunks, relevance, strict=True)
        ]
        return self.chunks[int(np.argmax(worth))]

    @property
    def sentence(self) -> ReadSentence | None:
        """Return the sentence that answers best."""
        return self.lead.best if self.lead is not None else None

    def with_lead(self, read: ReadChunk) -> "Evidence":
        """Return the evidence as it would be if this chunk were the one that answers best."""
        return replace(self, led_by=read)


def standardised(values: Sequence[float]) -> list[float]:
    """Return the values in standard deviations from their mean; all 0 where they do not vary."""
    if not values:
        return []
    array = np.asarray(values, dtype=float)
    deviation = float(array.std())
    return [0.0] * len(values) if deviation < 1e-9 else [float(z) for z in (array - array.mean()) / deviation]


def mixed_order(chunks: Sequence[ReadChunk]) -> list[ReadChunk]:
    """Return the chunks ranked by search and reader together: the sum of both scores, each standardised.

    The reader alone ranks worse than search alone; together they rank better than either (docs/quality.md).
    """
    search = standardised([read.hit.score for read in chunks])
    reader = standardised([read.answerable for read in chunks])
    order = sorted(range(len(chunks)), key=lambda place: (-(search[place] + reader[place]), place))
    return [chunks[place] for place in order]
