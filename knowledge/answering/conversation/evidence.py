"""Finds the evidence that a reading allows."""

from collections.abc import Sequence

import numpy as np

from knowledge.answering.conversation.reading import Reading, Understood
from knowledge.domain.library import Chunk
from knowledge.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.ranking import Hit
from knowledge.storage.arrays import Vectors


def vector_for(library: Library, reading: Reading, query: Query) -> Vectors:
    """Return a reading's vector, shape (dimension,): that of its query, turned towards what is asked of the topic."""
    vector = library.searcher.embed(query)
    if reading.focus is None:
        return vector
    both = vector + library.searcher.embed(library.searcher.read(reading.focus))
    turned: Vectors = both / np.linalg.norm(both)
    return turned


def found_for(library: Library, reading: Reading, query: Query, vector: Vectors, limit: int) -> list[tuple[Hit, Chunk]]:
    """Return the best chunks that a reading allows; `vector` is the query's, shape (dimension,)."""
    if reading.chunks is None:
        return library.searcher.found(query, vector, limit)
    similar = library.index.similarities(vector, sorted(reading.chunks))
    best = sorted(similar, key=lambda chunk_id: (-similar[chunk_id], chunk_id))[:limit]
    chunks = library.store.chunks(best)
    return [(Hit(i, similar[i], similar[i], 0.0), chunks[i]) for i in best if i in chunks]


def in_order(library: Library, understood: Understood) -> Sequence[Reading]:
    """Return the readings in the order in which they are tried: of two rivals the one with the nearer evidence first.

    That the gate finds one of them likelier tells less (one of 80 questions of our dialogues was told wrongly by it).
    """
    if not understood.rivals:
        return understood.readings

    def nearest(reading: Reading) -> float:
        query = library.searcher.read(reading.text)
        found = found_for(library, reading, query, library.searcher.embed(query), 1)
        return found[0][0].cosine if found else 0.0

    return sorted(understood.readings, key=nearest, reverse=True)
