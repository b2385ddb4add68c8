"""What an example nearly repeats: published documents, and submissions that are still being reviewed.

Near in meaning (how alike the whole texts' vectors are) finds candidates and retellings; shared wording (runs of three
words) tells a copy from another project of the same sort.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.examples import LOCATION_PREFIX, Content, Duplicate, State, Submission
from knowledge.examples.document import sections
from knowledge.language.words import words
from knowledge.library import Library
from knowledge.storage.arrays import Vectors

# Half of the shorter text in the words of the other is the same text: no two starter library items share a fifth.
SAME_WORDS = 0.5
_MOST_CANDIDATES = 20
_MOST_SHOWN = 5
_RUN = 3
_PENDING = (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED)


class Likeness(NamedTuple):
    """How alike two texts are: their vectors on the scale of thresholds, and the shorter one's share of shared runs."""

    meaning: float
    wording: float

    @property
    def same(self) -> bool:
        """Return whether one nearly repeats the other."""
        return self.wording >= SAME_WORDS or self.meaning >= SimilarityThresholds.packaged().examples.same_meaning.value

    @property
    def similarity(self) -> float:
        """Return the larger of both, 0 to 1."""
        return round(max(0.0, min(1.0, max(self.meaning, self.wording))), 3)


def example_text(content: Content) -> str:
    """Return the whole of an example as one text."""
    return "\n".join([content.shown_title, *(section.text for section in sections(content))])


def embed_example(library: Library, content: Content) -> Vectors:
    """Return the mean of the vectors of an example's parts, shape (dimension,): of the whole, no part of it cut off.

    It is not made a unit vector: see `SimilarityScale.comparable_means`.
    """
    parts = [f"{content.shown_title}\n{section.text}" for section in sections(content)] or [content.shown_title]
    return _mean(library.embedder.embed_documents(parts))


def find_duplicates(
    library: Library, submission: Submission, vector: Vectors
) -> list[tuple[Duplicate, Submission | None]]:
    """Return what a submission nearly repeats, most alike first; with the other submission where it is one.

    `vector` is of shape (dimension,), see `embed_example`.
    """
    mine = _runs(example_text(submission.content))
    found = [*_in_library(library, submission, vector, mine), *_pending(library, submission, vector, mine)]
    return sorted(found, key=lambda pair: (-pair[0].similarity, pair[0].id))[:_MOST_SHOWN]


def _in_library(
    library: Library, submission: Submission, vector: Vectors, mine: set[tuple[str, ...]]
) -> Iterable[tuple[Duplicate, Submission | None]]:
    store = library.store
    nearest = library.index.search(vector, _MOST_CANDIDATES)
    chunks = store.chunks([chunk_id for chunk_id, _ in nearest])
    for document_id in dict.fromkeys(chunks[i].document_id for i, _ in nearest if i in chunks):
        document = store.document(document_id)
        if document is None or document.location == submission.location:
            continue
        parts = store.document_chunks(document_id)
        _, vectors = store.embeddings([chunk.id for chunk in parts])
        text = "\n".join([document.metadata.title, *(chunk.text for chunk in parts)])
        meaning = library.similarity.comparable_means(vector, _mean(vectors)[None])
        likeness = Likeness(float(meaning[0]), shared_runs(mine, _runs(text)))
        if likeness.same:
            yield (
                Duplicate(
                    kind=document.metadata.kind,
                    id=document_id,
                    title=document.metadata.title,
                    url=document.metadata.url,
                    similarity=likeness.similarity,
                ),
                library.examples.find(document.location.removeprefix(LOCATION_PREFIX))
                if document.location.startswith(LOCATION_PREFIX)
                else None,
            )


def _pending(
    library: Library, submission: Submission, vector: Vectors, mine: set[tuple[str, ...]]
) -> Iterable[tuple[Duplicate, Submission | None]]:
    ids, vectors = library.examples.vectors(library.embedder.name, _PENDING)
    if not ids:
        return
    alike = library.similarity.comparable_means(vector, vectors)
    for position in np.argsort(-alike)[: _MOST_CANDIDATES + 1]:
        other = library.examples.find(ids[int(position)])
        if other is None or other.id == submission.id:
            continue
        likeness = Likeness(float(alike[position]), shared_runs(mine, _runs(example_text(other.content))))
        if likeness.same:
            yield (
                Duplicate(
                    kind="submission",
                    id=other.id,
                    title=other.content.shown_title,
                    url=None,
                    similarity=likeness.similarity,
                ),
                other,
            )


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = np.asarray(vectors, dtype=np.float32).mean(axis=0)
    return mean


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return the text's runs of three words; of a shorter text all words as one."""
    found = words(text)
    return {tuple(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1))}


def shared_runs(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Return the share of the smaller set that is in both, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
