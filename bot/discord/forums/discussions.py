"""Discussions in a server's forums: what in the library helps with a new one, and which earlier ones are like it."""

from typing import NamedTuple

import numpy as np

from knowledge.assistant import Assistant
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Noun
from knowledge.library import Library
from knowledge.servers.types import Post

MOST_DOCUMENTS = 3
MOST_SIMILAR = 3
_READ = 10


class Suggestion(Noun):
    """Ids of documents that help, the best first, and of threads like it in the same server.

    `by_title`: the post's title alone is what the library was asked, because that is its question.
    """

    documents: tuple[str, ...]
    threads: tuple[int, ...]
    by_title: bool


def suggest(assistant: Assistant, library: Library, post: Post, text: str) -> Suggestion | None:
    """Return what helps with a post that says `text`; `None` unless the library has much to say about it.

    A post is read twice: as its title, which often is the question, and as all it says, in which a question can drown.
    The reading that the library is nearer to counts.
    """
    readings = [reading for reading in dict.fromkeys((post.title, text)) if any(map(str.isalnum, reading))]
    nearest = max((_near(library, reading) for reading in readings), key=lambda near: near.similarity, default=None)
    # Where people talk, an assistant that is not sure keeps silent.
    if nearest is None or nearest.similarity < SimilarityThresholds.packaged().discussions.sure.value:
        return None
    answer = assistant.ask(nearest.reading)
    if not answer.answered or not answer.citations:
        return None
    cited = [citation.document_id for citation in answer.citations]
    documents = tuple(dict.fromkeys([*cited, *nearest.documents]))[:MOST_DOCUMENTS]
    threads = similar_threads(library, post.server_id, text, post.thread_id)
    return Suggestion(documents=documents, threads=tuple(threads), by_title=nearest.reading == post.title)


class _Near(NamedTuple):
    """The library's nearest to one reading of a post: how near at best, and documents that are near enough."""

    reading: str
    similarity: float
    documents: list[str]


def _near(library: Library, reading: str) -> _Near:
    query = library.searcher.read(reading)
    found = library.searcher.found(query, library.searcher.embed(query), _READ)
    scale, near = library.similarity, SimilarityThresholds.packaged().discussions.near.value
    alike = [(scale.comparable(hit.cosine), chunk.document_id) for hit, chunk in found]
    best = max((similarity for similarity, _ in alike), default=0.0)
    return _Near(reading, best, [document_id for similarity, document_id in alike if similarity >= near])


def index_post(library: Library, post: Post, text: str) -> bool:
    """Make a post findable in its server; false when its author opted out."""
    if library.servers.posts.opted_out(post.author_id):
        return False
    vector = library.embedder.embed_documents([text])[0]
    return library.servers.posts.save(post, vector, library.embedder.name)


def similar_threads(library: Library, server_id: int, text: str, without: int | None = None) -> list[int]:
    """Return threads of a server that are about the same as a text, the most similar first, `without` one of them."""
    ids, vectors = library.servers.posts.vectors(server_id, library.embedder.name)
    others = ids != (without or 0)
    if not others.any():
        return []
    alike = library.similarity.comparable(vectors[others] @ library.searcher.embed(library.searcher.read(text)))
    best = np.argsort(-alike, kind="stable")[:MOST_SIMILAR]
    least = SimilarityThresholds.packaged().discussions.alike.value
    return [int(ids[others][position]) for position in best if alike[position] >= least]
