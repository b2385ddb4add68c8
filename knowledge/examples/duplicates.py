"""Near-repetitions of an example: published documents, and submissions that are still being reviewed.

Near in meaning (how alike the whole texts' vectors are) finds candidates; shared wording (runs of three words) tells a
copy. Numbers, names and organisations tell a retelling, which has the same, from another project of the same sort.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.examples import LOCATION_PREFIX, Content, Duplicate, State, Submission
from knowledge.domain.library import StoredDocument
from knowledge.examples.document import sections
from knowledge.examples.stated_facts import Agreement, StatedFacts, agreement, facts_of
from knowledge.language.words import words
from knowledge.library import Library
from knowledge.storage.arrays import Vectors

# Half of the shorter text in the words of the other is the same text: no two starter library items share a fifth.
SAME_WORDS = 0.5
# A retelling has words of its own. What shares more than this, and not half, is made from one template.
RETOLD_WORDS = 0.2
# Nearly word for word: a copy also where its numbers were brought up to date.
COPIED_WORDS = 0.8
# So many runs of words in common are a text and no phrase: two organisations that hand it in were in it together.
_LONG_COPY_RUNS = 30
# Longer than this, a document has so many numbers that some are in any account.
_LONGEST_ACCOUNT = 500
_MOST_CANDIDATES = 20
_MOST_SHOWN = 5
_RUN = 3
_PENDING = (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED)

# A submission that would wait, with its vector of shape (dimension,).
Rehearsed = tuple[Submission, Vectors]


class Account(NamedTuple):
    """A text as it is compared: its runs of words, and the facts that it states."""

    runs: frozenset[tuple[str, ...]]
    facts: StatedFacts


class Likeness(NamedTuple):
    """The likeness of two texts.

    `meaning` is that of their vectors on the scale of thresholds, `runs` how many runs of words they share, and
    `wording` which share these are of the shorter one's.
    """

    meaning: float
    wording: float
    runs: int
    facts: Agreement

    @property
    def same(self) -> bool:
        """Return whether one nearly repeats the other."""
        thresholds = SimilarityThresholds.packaged().examples
        is_retold = self.wording < RETOLD_WORDS and self._with_numbers >= thresholds.same_meaning.value
        if self.facts.other_names:
            # Who tells it in other words may name other things; who fills in a template is elsewhere.
            return is_retold and self.facts.numbers >= 1 and self.meaning >= thresholds.retold_meaning.value
        if self.facts.other_numbers:
            return self.wording >= COPIED_WORDS and not self.facts.other_organisation
        if self.facts.other_organisation:
            is_joint = self.wording >= COPIED_WORDS and self.runs >= _LONG_COPY_RUNS
            return is_joint or (is_retold and self.facts.numbers >= 1)
        return self.wording >= SAME_WORDS or self.meaning >= thresholds.same_meaning.value or is_retold

    @property
    def similarity(self) -> float:
        """Return the largest of what is alike, 0 to 1."""
        retold = self._with_numbers if self.wording < RETOLD_WORDS else 0.0
        return round(max(0.0, min(1.0, max(self.meaning, self.wording, retold))), 3)

    @property
    def _with_numbers(self) -> float:
        return self.meaning + self.facts.numbers * SimilarityThresholds.packaged().examples.same_numbers.value


def account_of(content: Content) -> Account:
    """Return an example as it is compared."""
    texts = [section.text for section in sections(content)]
    facts = facts_of(texts, content.organisation, content.region)
    return Account(_runs(example_text(content)), facts)


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
    library: Library, submission: Submission, vector: Vectors, rehearsed: Mapping[str, Rehearsed] | None = None
) -> list[tuple[Duplicate, Submission | None]]:
    """Return what a submission nearly repeats, most alike first; with the other submission where it is one.

    `vector` is of shape (dimension,), see `embed_example`. `rehearsed` are submissions to be compared with as if they
    waited, by id, in the place of what is stored under that id.
    """
    mine = account_of(submission.content)
    waiting = _waiting(library, rehearsed or {})
    found = [*_in_library(library, submission, vector, mine), *_pending(library, submission, vector, mine, waiting)]
    return sorted(found, key=lambda pair: (-pair[0].similarity, pair[0].id))[:_MOST_SHOWN]


def _in_library(
    library: Library, submission: Submission, vector: Vectors, mine: Account
) -> Iterable[tuple[Duplicate, Submission | None]]:
    store = library.store
    nearest = library.index.search(vector, _MOST_CANDIDATES)
    chunks = store.chunks([chunk_id for chunk_id, _ in nearest])
    for document_id in dict.fromkeys(chunks[i].document_id for i, _ in nearest if i in chunks):
        document = store.document(document_id)
        if document is None or document.location in (submission.location, f"{LOCATION_PREFIX}{submission.corrects}"):
            continue
        parts = store.document_chunks(document_id)
        _, vectors = store.embeddings([chunk.id for chunk in parts])
        meaning = library.similarity.comparable_means(vector, _mean(vectors)[None])
        near = likeness(float(meaning[0]), mine, _account_of_document(document, [chunk.text for chunk in parts]))
        if near.same:
            yield (
                Duplicate(
                    kind=document.metadata.kind,
                    id=document_id,
                    title=document.metadata.title,
                    url=document.metadata.url,
                    similarity=near.similarity,
                ),
                library.examples.find(document.location.removeprefix(LOCATION_PREFIX))
                if document.location.startswith(LOCATION_PREFIX)
                else None,
            )


def _waiting(library: Library, rehearsed: Mapping[str, Rehearsed]) -> tuple[list[Submission], Vectors]:
    """Return what waits, but no corrections, which repeat on purpose; and their vectors, shape (n, dimension)."""
    ids, vectors = library.examples.vectors(library.embedder.name, _PENDING)
    found = [
        (submission, vectors[position])
        for position, submission_id in enumerate(ids)
        if submission_id not in rehearsed
        and (submission := library.examples.find(submission_id)) is not None
        and submission.corrects is None
    ]
    found += rehearsed.values()
    matrix = np.stack([vector for _, vector in found]) if found else np.empty((0, 0), dtype=np.float32)
    return [submission for submission, _ in found], matrix


def _pending(
    library: Library,
    submission: Submission,
    vector: Vectors,
    mine: Account,
    waiting: tuple[list[Submission], Vectors],
) -> Iterable[tuple[Duplicate, Submission | None]]:
    others, vectors = waiting
    if not others:
        return
    alike = library.similarity.comparable_means(vector, vectors)
    for position in np.argsort(-alike)[: _MOST_CANDIDATES + 1]:
        other = others[int(position)]
        if other.id in (submission.id, submission.corrects):
            continue
        near = likeness(float(alike[position]), mine, account_of(other.content))
        if near.same:
            yield (
                Duplicate(
                    kind="submission",
                    id=other.id,
                    title=other.content.shown_title,
                    url=None,
                    similarity=near.similarity,
                ),
                other,
            )


def _account_of_document(document: StoredDocument, texts: Sequence[str]) -> Account:
    """Return a document as it is compared. Of what is no example, the organisation is often who published it."""
    text = "\n".join([document.metadata.title, *texts])
    is_example = document.location.startswith(LOCATION_PREFIX)
    organisation = document.metadata.organisation if is_example else None
    facts = facts_of(texts, organisation or "", document.metadata.region or "")
    if len(words(text)) > _LONGEST_ACCOUNT:
        facts = facts._replace(numbers=frozenset())
    return Account(_runs(text), facts)


def likeness(meaning: float, one: Account, other: Account) -> Likeness:
    """Return how alike two accounts are whose vectors are so much alike, on the scale of thresholds."""
    shared = len(one.runs & other.runs)
    return Likeness(meaning, shared_runs(one.runs, other.runs), shared, agreement(one.facts, other.facts))


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = np.asarray(vectors, dtype=np.float32).mean(axis=0)
    return mean


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return the text's runs of three words; of a shorter text all words as one."""
    found = words(text)
    return frozenset(tuple(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1)))


def shared_runs(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Return the share of the smaller set that is in both, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))


def example_behind(library: Library, duplicate: Duplicate) -> str | None:
    """Return the id of the example that a near-duplicate is, if it is one."""
    if duplicate.kind == "submission":
        return duplicate.id
    document = library.store.document(duplicate.id)
    if document is None or not document.location.startswith(LOCATION_PREFIX):
        return None
    return document.location.removeprefix(LOCATION_PREFIX)
