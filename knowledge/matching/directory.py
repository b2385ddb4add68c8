"""The members as arrays that a match can be computed on: a cache of the database, caught up by the difference.

Nothing here decides who may be seen: that is read from the database for the few that a match is about to show.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import yaml

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Member
from knowledge.domain.vocabulary import Pillar
from knowledge.matching.member_table import MemberTable, Rows, as_bytes
from knowledge.matching.texts import SCHEME, Texts, texts_of
from knowledge.retrieval.embedder import Embedder
from knowledge.storage.member_protocols import MemberStore, OfferRow, StoredVectors

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


# How sharply a text is told apart from topics that are less near; 0.03 to 0.06 differ by less than 0.04 nDCG@5.
_TEMPERATURE = 0.04
_OFFER, _OFFER_WITH_ROLE = (Texts._fields.index(field) for field in ("offer", "offer_with_role"))
_EMBEDDED_AT_ONCE = 512


class Topic(NamedTuple):
    """A topic: how members read it, the pillars it belongs to, and lines in members' own words."""

    name: str
    pillars: tuple[Pillar, ...]
    lines: tuple[str, ...]


@functools.cache
def read_topics() -> tuple[Topic, ...]:
    """Return the topics that the assistant ships with."""
    text = resources.files("knowledge.matching").joinpath("topics.yaml").read_text(encoding="utf-8")
    return tuple(
        Topic(item["topic"], tuple(Pillar(pillar) for pillar in item["pillars"]), (item["topic"], *item["lines"]))
        for item in yaml.safe_load(text)
    )


class TopicSpace:
    """Vectors seen from the middle of the topics.

    All texts of one field look alike to a language model; what they have in common is taken away first (`centred`), so
    that what sets them apart counts.

    By that, cosines of different models come on one scale by themselves: how near a model puts unrelated texts is taken
    away with the middle, and how far it spreads them with the vectors' lengths. `Library.similarity` is not for these.
    On three judged networks (tests/quality/test_peers.py) the spread of centred cosines by MiniLM, by the bundled model
    and by bge-small is 0.102, 0.090 and 0.090, and to widen the last two to the first makes no ranking better.
    """

    def __init__(self, topics: Sequence[Topic], lines: Vectors) -> None:
        """Take the vectors of all topics' lines in order, shape (lines, dimension)."""
        self.topics = tuple(topics)
        self._centre: Vectors = lines.mean(axis=0)
        self._lines = unit(lines - self._centre)
        self._starts = np.cumsum([0, *(len(topic.lines) for topic in topics[:-1])])
        self._counts = np.array([len(topic.lines) for topic in topics])

    def centred(self, vectors: Vectors) -> Vectors:
        """Return unit vectors from the middle of the topics, shape (n, dimension).

        A zero vector (no text) stays zero.
        """
        there = np.linalg.norm(vectors, axis=1, keepdims=True) > 0
        return unit(np.where(there, vectors - self._centre, 0.0).astype(np.float32))

    def shares(self, centred: Vectors) -> Vectors:
        """Return how much of each text is about each topic, shape (n, topics): 0 to 1, in sum at most 1."""
        likeness = np.exp((centred @ self._lines.T) / _TEMPERATURE)
        # A topic is as near as its lines together: one near line is enough, several are better.
        mass = np.add.reduceat(likeness, self._starts, axis=1) / self._counts
        none = np.exp(SimilarityThresholds.packaged().matching.no_topic.value / _TEMPERATURE)
        shares = mass / (mass.sum(axis=1, keepdims=True) + none)
        return np.where(np.linalg.norm(centred, axis=1, keepdims=True) > 0, shares, 0.0).astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Return vectors of length 1, shape (n, dimension); a zero vector stays zero."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)


class Offer(NamedTuple):
    """The vector of what a member does and offers: the mean of two centred ones, by itself and under the role."""

    vector: Vectors  # (dimension,)
    views: Vectors  # (2, dimension)


class Need(NamedTuple):
    """A need in words: a vector whose product with an offer is their mean cosine, and the topics of it."""

    text: str
    vector: Vectors  # (dimension,) the mean of the need's centred vectors
    topics: Vectors  # (topics,) square roots of shares
    typed: bool = False  # now, rather than read from a profile


class Directory:
    """The rows of all members, caught up with the store on each call. Safe in threads.

    A row that changes is written over where it is: whoever looks at it in that moment sees a part of each, which costs
    a place in the list of those who are looked up and compared exactly, and nothing else.
    """

    def __init__(self, store: MemberStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._lock = threading.Lock()
        self._space: TopicSpace | None = None
        self._table: MemberTable | None = None
        self._version = 0

    @property
    def is_loaded(self) -> bool:
        """Return whether the members are in memory."""
        return self._table is not None

    def unload(self) -> None:
        """Let go of the members; the next call reads them again."""
        with self._lock:
            self._table = None

    def rows(self) -> Rows:
        """Return all members; profiles that were not embedded yet are embedded now."""
        with self._lock:
            version = self._store.version()
            if self._table is None or version != self._version:
                self._table = self._caught_up(self._table or MemberTable(self._embedder.dimension))
                self._version = version
            return self._table.rows()

    def vectors_of(self, members: list[Member]) -> dict[str, Vectors]:
        """Return the centred vectors of these members' texts, shape (texts, dimension), in the order of `Texts`."""
        space = self.space()
        return {key: space.centred(stored.vectors) for key, stored in self._embedded(members).items()}

    def known_vectors(self, ids: list[str]) -> dict[str, Vectors]:
        """Return what `vectors_of` does, for members among the `rows`: their texts are not read again.

        Who has gone is left out.
        """
        space = self.space()
        return {
            key: space.centred(stored.vectors) for key, stored in self._store.vectors(self._embedder.name, ids).items()
        }

    def offers_of(self, ids: list[str]) -> dict[str, Offer]:
        """Return what members among the `rows` do and offer; who has gone is left out."""
        known = self.known_vectors(ids)
        return {key: _offer(vectors) for key, vectors in known.items()}

    def topics_of(self, offers: Sequence[Offer]) -> Vectors:
        """Return square roots of how much each offer is about each topic, shape (offers, topics).

        A dot product of two is how much both are about the same.
        """
        views = np.stack([offer.views for offer in offers], axis=1)
        return np.sqrt(_mean_of_given(np.stack([self.space().shares(one) for one in views]), views))

    def need(self, text: str, alone: Vectors, in_context: Vectors) -> Need:
        """Return a need from the centred vectors of its two texts, shape (dimension,) each.

        The clearer a need is about a topic by itself, the less its owner's daily work is read into it.
        """
        shares, together = self.space().shares(np.stack([alone, in_context]))
        unclear = 1.0 - float(shares.max())
        topics = np.sqrt((shares + unclear * together) / (1.0 + unclear))
        return Need(text, ((alone + in_context) / 2).astype(np.float32), topics.astype(np.float32))

    def typed_need(self, text: str) -> Need:
        """Return a need that is typed now rather than read from a profile."""
        [vector] = self.space().centred(self._embedder.embed_queries([text]))
        return self.need(text, vector, vector)._replace(typed=True)

    def space(self) -> TopicSpace:
        """Return the topics as this embedder sees them; their lines are embedded once and kept in the database."""
        if self._space is None:
            topics = read_topics()
            lines = [line for topic in topics for line in topic.lines]
            hashes = [hashlib.sha256(line.encode()).hexdigest() for line in lines]
            known = self._store.topic_vectors(self._embedder.name, hashes)
            if missing := [place for place, key in enumerate(hashes) if key not in known]:
                made = self._embedder.embed_documents([lines[place] for place in missing])
                new = {hashes[place]: vector for place, vector in zip(missing, made, strict=True)}
                self._store.save_topic_vectors(self._embedder.name, new)
                known |= new
            self._space = TopicSpace(topics, np.stack([known[key] for key in hashes]))
        return self._space

    # -- the parts

    def _caught_up(self, table: MemberTable) -> MemberTable:
        made_by, stale = self._made_by(), list[OfferRow]()
        table.make_room(self._store.member_count())
        for rows in self._store.offers(made_by, self._version):
            table.put([row for row in rows if row.offer is not None])
            stale += [row for row in rows if row.offer is None]
        # In parts: all texts' vectors of a large network at once would not fit into memory.
        for start in range(0, len(stale), _EMBEDDED_AT_ONCE):
            made = self._made_anew(stale[start : start + _EMBEDDED_AT_ONCE])
            self._store.save_offers(made_by, made)
            table.put(made)
        # Whoever is there was there before or has changed since: other numbers mean that somebody has gone.
        if len(table) != self._store.member_count():
            table = table.without(self._store.member_ids())
        return table

    def _made_by(self) -> str:
        """Return what offers are made by: the model, the topics' middle, and how texts are made of profiles."""
        lines = "\0".join(line for topic in self.space().topics for line in topic.lines)
        return f"{self._embedder.name} {SCHEME} {hashlib.sha256(lines.encode()).hexdigest()[:16]}"

    def _made_anew(self, stale: list[OfferRow]) -> list[OfferRow]:
        # The row's change was read before the profile: one that changes in between counts as out of date once more.
        members = self._store.members([row.member_id for row in stale])
        profiles = {member.profile.id: member.profile for member in members}
        vectors = self.vectors_of(members)
        return [
            row._replace(
                sector=profiles[row.member_id].sector,
                nation=profiles[row.member_id].nation,
                offer=as_bytes(_offer(vectors[row.member_id]).vector),
            )
            for row in stale
            if row.member_id in profiles
        ]

    def _embedded(self, members: list[Member]) -> dict[str, StoredVectors]:
        """Return the vectors of these members, from the database where they are of the same texts."""
        texts = {member.profile.id: texts_of(member.profile) for member in members}
        stored = self._store.vectors(self._embedder.name, list(texts))
        found = {key: value for key, value in stored.items() if value.made_of == texts[key].made_of}
        missing = [key for key in texts if key not in found]
        for start in range(0, len(missing), _EMBEDDED_AT_ONCE):
            batch = missing[start : start + _EMBEDDED_AT_ONCE]
            made = self._made([texts[key] for key in batch])
            new = {key: StoredVectors(texts[key].made_of, made[place]) for place, key in enumerate(batch)}
            self._store.save_vectors(self._embedder.name, new)
            found |= new
        return found

    def _made(self, texts: list[Texts]) -> Vectors:
        """Return vectors of texts, shape (members, texts, dimension); zero where there is no text."""
        made = np.zeros((len(texts), len(Texts._fields), self._embedder.dimension), dtype=np.float32)
        sought = {"need", "need_in_context"}
        for kind, embed in ((True, self._embedder.embed_queries), (False, self._embedder.embed_documents)):
            places = [
                (row, column, text)
                for row, one in enumerate(texts)
                for column, (field, text) in enumerate(zip(Texts._fields, one, strict=True))
                if text and (field in sought) is kind
            ]
            if places:
                distinct = list(dict.fromkeys(text for _, _, text in places))
                vectors = dict(zip(distinct, embed(distinct), strict=True))
                for row, column, text in places:
                    made[row, column] = vectors[text]
        return made


def _offer(vectors: Vectors) -> Offer:
    """Return the offer of a member's centred vectors, in the order of `Texts`."""
    views = vectors[[_OFFER, _OFFER_WITH_ROLE]]
    return Offer(views.mean(axis=0), views)


def _mean_of_given(shares: Vectors, vectors: Vectors) -> Vectors:
    """Return the mean of several views of the same texts, those left out that have no text.

    Views are the first axis.
    """
    given = (np.linalg.norm(vectors, axis=-1, keepdims=True) > 0).astype(np.float32)
    return np.asarray((shares * given).sum(axis=0) / np.maximum(given.sum(axis=0), 1.0), dtype=np.float32)
