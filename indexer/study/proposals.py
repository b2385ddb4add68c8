"""Proposes metadata that nobody filled in: from names in the text, by meaning, and by what similar documents are.

A proposal is never used as if it were known: it waits for a person (`haln index review`). `haln eval proposals` says
how often proposals are right.
"""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from indexer.study.descriptions import LEVELS, PILLARS
from indexer.study.gazetteer import Gazetteer
from knowledge.library import Library
from knowledge.storage.arrays import Vectors
from knowledge.types import Metadata, Section, StoredDocument
from knowledge.vocabulary import Kind, Outcome, Term

Proposed = dict[str, tuple[object, str]]

# Fields whose value is read off the most similar documents that have one.
FROM_SIMILAR = ("kind", "evidence", "outcome")
_NEIGHBOURS = 5
_LEAST_AGREEING = 3
_LEAST_SIMILARITY = 0.35
# A pillar counts as meant when it is about as near as the nearest one, and near at all.
_PILLAR_NEAR = 0.28
_PILLAR_BELOW_BEST = 0.08
_LEVEL_NEAR = 0.3
_FRONT_WORDS = 90
# Similar documents are sought among this many at most, so that a large library stays quick to study.
_MOST_LABELLED = 2000
_PUBLISHED = re.compile(
    r"\b(?:published|updated|dated?|issued)\b[^.\n]{0,20}?"
    rf"(?:(\d{{1,2}}) )?(?:({'|'.join(calendar.month_name[1:])}) )?"
    r"((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_MONTHS = tuple(name.lower() for name in calendar.month_name[1:])


def unknown_fields(metadata: Metadata) -> set[str]:
    """The fields of the metadata that nobody filled in and that can be proposed."""
    empty = {
        name
        for name in ("organisation", "nation", "region", "level", "evidence", "published")
        if not getattr(metadata, name)
    }
    empty |= {"pillars"} if not metadata.pillars else set()
    empty |= {"kind"} if metadata.kind is Kind.RESOURCE else set()
    # An outcome is of work that was done; how an event or a definition "went" is no question.
    if metadata.outcome is None and metadata.kind in (Kind.CASE_STUDY, Kind.PROGRAMME, Kind.RESOURCE):
        empty.add("outcome")
    return empty


class Proposer:
    """Proposes from what one library holds. Made once a run: what it learns from the library is read once."""

    def __init__(self, library: Library, documents: Iterable[StoredDocument] | None = None) -> None:
        self._library = library
        labelled = list(library.store.documents() if documents is None else documents)
        self._labelled = [d for d in labelled if d.metadata.kind is not Kind.RESOURCE][:_MOST_LABELLED]
        self._organisations = Counter(
            name.strip() for d in labelled for name in (d.metadata.organisation or "").split(";") if name.strip()
        )
        self._gazetteer = Gazetteer(self._organisations)
        self._vectors: Vectors | None = None
        self._meanings: dict[str, Vectors] = {}

    def propose(self, document: StoredDocument, sections: Sequence[Section]) -> Proposed:
        """Values with reasons for the fields of a document that nobody filled in or decided on."""
        fields = unknown_fields(document.metadata) - self._library.store.studies.decided_fields(document.location)
        if not fields or document.metadata.kind is Kind.EVENT:
            return {}
        text = "\n".join(section.text for section in sections)
        front = f"{document.metadata.title}. {' '.join(text.split()[:_FRONT_WORDS])}"
        found = self._named(front, text)
        if fields & {"pillars", "level", *FROM_SIMILAR} and (vector := self._vector(document.id)) is not None:
            found |= self._meant(vector)
            found |= self._like_similar(document.id, vector)
        return {field: found[field] for field in sorted(fields & found.keys())}

    def _named(self, front: str, text: str) -> Proposed:
        """What the names and dates in a text say."""
        found: Proposed = {}
        if nation := self._gazetteer.nation(front, text):
            found["nation"] = (str(nation[0]), nation[1])
        if (place := self._gazetteer.place(front, text)) and place.score >= 3 and place.share >= 0.4:
            found["region"] = (place.name, f"it names {place.name} most")
        if (organisation := self._gazetteer.organisation(front)) and organisation.share > 0.5:
            found["organisation"] = (organisation.name, "its title or first lines name it")
        if match := _PUBLISHED.search(text):
            day, month, year = match.groups()
            date = year
            if month:
                date += f"-{_MONTHS.index(month.lower()) + 1:02}" + (f"-{int(day):02}" if day else "")
            found["published"] = (date, f"it says “{' '.join(match.group().split())}”")
        return found

    def _meant(self, vector: Vectors) -> Proposed:
        """The pillars and the level whose descriptions are near."""
        found: Proposed = {}
        pillars = self._near("pillars", PILLARS.values(), vector)
        best = max(pillars)
        near = [
            p
            for p, score in zip(PILLARS, pillars, strict=True)
            if score >= max(_PILLAR_NEAR, best - _PILLAR_BELOW_BEST)
        ]
        if near:
            found["pillars"] = ([str(pillar) for pillar in near], "its text is near to what they mean")
        levels = self._near("level", LEVELS.values(), vector)
        if max(levels) >= _LEVEL_NEAR:
            found["level"] = (str(list(LEVELS)[int(np.argmax(levels))]), "its text is near to what it means")
        return found

    def _like_similar(self, document_id: str, vector: Vectors) -> Proposed:
        """What most of the nearest documents are, where they are near and agree."""
        if not self._labelled:
            return {}
        if self._vectors is None:
            rows = [self._vector(document.id) for document in self._labelled]
            known = [(d, row) for d, row in zip(self._labelled, rows, strict=True) if row is not None]
            self._labelled = [document for document, _ in known]
            self._vectors = np.array([row for _, row in known], dtype=np.float32)
        similar = self._vectors @ vector
        order = np.argsort(-similar, kind="stable")
        near = [self._labelled[i] for i in order if similar[i] >= _LEAST_SIMILARITY]
        near = [document for document in near if document.id != document_id]
        found: Proposed = {}
        for field in FROM_SIMILAR:
            values = [value for d in near if (value := getattr(d.metadata, field)) not in (None, Outcome.UNKNOWN)]
            votes: Counter[Term] = Counter(values[:_NEIGHBOURS])
            if votes and (top := votes.most_common(1)[0])[1] >= _LEAST_AGREEING:
                found[field] = (
                    str(top[0]),
                    f"{top[1]} of the {min(_NEIGHBOURS, len(values))} most similar documents are",
                )
        return found

    def _near(self, name: str, descriptions: Iterable[str], vector: Vectors) -> list[float]:
        if name not in self._meanings:
            self._meanings[name] = self._library.embedder.embed_queries(list(descriptions))
        scores: list[float] = (self._meanings[name] @ vector).tolist()
        return scores

    def _vector(self, document_id: str) -> Vectors | None:
        """The mean of a document's chunks' vectors, unit length, shape (dimension,)."""
        rows = self._library.store.document_vectors(document_id)
        if not len(rows):
            return None
        mean: Vectors = rows.mean(axis=0)
        length = float(np.linalg.norm(mean))
        return mean / length if length else None
