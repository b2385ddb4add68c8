"""Proposes metadata that nobody filled in: from names in the text, and by what its meaning is near to.

A proposal is never used as if it were known: it waits for a person (`haln index review`). `haln eval proposals` says
how often proposals are right. What is not right at least nine times in ten costs more looking than it saves typing: of
organisation, region, level and outcome nothing is proposed, and of the others only what is sure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from indexer.enrichment.classifier import SURE, MetadataClassifier, mean_vector
from knowledge.domain.library import Metadata, Section, StoredDocument
from knowledge.domain.vocabulary import Kind, Nation
from knowledge.language.dates import MONTHS
from knowledge.language.nations import ALL_NATIONS, read_places
from knowledge.library import Library

# A name in the title or the first lines says more of what a document is about than one further down.
_FRONT_WEIGHT = 3
# From here on more than nine in ten are right on the starter library; a text of several nations may be of any of them.
_LEAST_NATION_SHARE = 0.8
_LEAST_SCORE = 6
Proposed = dict[str, tuple[object, str]]

_FRONT_WORDS = 90
# Similar documents are sought among this many at most, so that a large library stays quick to study.
_MOST_LABELLED = 2000
_PUBLISHED = re.compile(
    r"\b(?:published|updated|dated?|issued)\b[^.\n]{0,20}?"
    rf"(?:(\d{{1,2}}) )?(?:({'|'.join(MONTHS)}) )?"
    r"((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


class Gazetteer:
    """Finds names of nations and places in texts."""

    def __init__(self) -> None:
        self._nations = {place: nation for nation, names in read_places().items() for place in names}
        self._places = _pattern(self._nations)
        self._nation_names = {
            word: nation for nation, known in ALL_NATIONS.items() for words in known for word in words
        }
        self._nation_words = _pattern(self._nation_names)

    def nation(self, front: str, text: str) -> tuple[Nation, str] | None:
        """Return the nation that a text is about, and the names that say so; `None` when none stands out."""
        named = _count(self._nation_words, front, text)
        places = _count(self._places, front, text)
        scores: Counter[Nation] = Counter()
        for counts, nations in ((named, self._nation_names), (places, self._nations)):
            for name, score in counts.items():
                scores[nations[name]] += score
        if not scores:
            return None
        (nation, score), total = scores.most_common(1)[0], sum(scores.values())
        if score < _LEAST_SCORE or score / total < _LEAST_NATION_SHARE:
            return None
        names = [
            n for counts in (named, places) for n in counts if {**self._nation_names, **self._nations}[n] is nation
        ]
        return nation, f"it speaks of {', '.join(names[:3])}"


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for all names as whole words, the longest first: "East London" is not "London"."""
    ordered = sorted(names, key=len, reverse=True)
    return (
        re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])") if ordered else re.compile(r"(?!)")
    )


def _count(pattern: re.Pattern[str], front: str, text: str) -> Counter[str]:
    counts = Counter(pattern.findall(text))
    for name in pattern.findall(front):
        counts[name] += _FRONT_WEIGHT
    return counts


def unknown_fields(metadata: Metadata) -> set[str]:
    """Return the fields of the metadata that nobody filled in and that can be proposed."""
    empty = {name for name in ("nation", "evidence", "published") if not getattr(metadata, name)}
    empty |= {"pillars"} if not metadata.pillars else set()
    empty |= {"kind"} if metadata.kind is Kind.RESOURCE else set()
    return empty


class Proposer:
    """Proposes from what one library holds. Made once a run: what it learns from the library is read once."""

    def __init__(self, library: Library, labelled: Iterable[StoredDocument] | None = None) -> None:
        """Learn from the `labelled` documents, those of the library by default."""
        self._library = library
        self._labelled = library.store.studies.labelled(_MOST_LABELLED) if labelled is None else list(labelled)
        self._gazetteer = Gazetteer()
        self._learner: MetadataClassifier | None = None

    def propose(self, document: StoredDocument, sections: Sequence[Section]) -> Proposed:
        """Return values with reasons for the fields of a document that nobody filled in or decided on."""
        fields = unknown_fields(document.metadata) - self._library.store.studies.decided_fields(document.location)
        if not fields or document.metadata.kind is Kind.EVENT:
            return {}
        text = "\n".join(section.text for section in sections)
        front = f"{document.metadata.title}. {' '.join(text.split()[:_FRONT_WORDS])}"
        found = self._named(front, text)
        if fields & {"pillars", *SURE}:
            found |= self._learned(document.id)
        return {field: found[field] for field in sorted(fields & found.keys())}

    def _named(self, front: str, text: str) -> Proposed:
        """Return what the names and dates in a text say."""
        found: Proposed = {}
        if nation := self._gazetteer.nation(front, text):
            found["nation"] = (str(nation[0]), nation[1])
        if match := _PUBLISHED.search(text):
            day, month, year = match.groups()
            date = year
            if month:
                date += f"-{MONTHS[month.lower()]:02}" + (f"-{int(day):02}" if day else "")
            found["published"] = (date, f"it says “{' '.join(match.group().split())}”")
        return found

    def _learned(self, document_id: str) -> Proposed:
        """Return what the library's labelled documents and the descriptions teach about a text like this."""
        vector = mean_vector(self._library.store.document_vectors(document_id))
        if vector is None:
            return {}
        learner = self._learner = self._learner or self._learn()
        found: Proposed = {field: value for field in SURE if (value := learner.value(field, vector))}
        if pillars := learner.pillars(vector):
            found["pillars"] = pillars
        return found

    def _learn(self) -> MetadataClassifier:
        rows = [mean_vector(self._library.store.document_vectors(document.id)) for document in self._labelled]
        known = [
            (document.metadata, row) for document, row in zip(self._labelled, rows, strict=True) if row is not None
        ]
        embedder = self._library.embedder
        vectors = np.array([row for _, row in known], dtype=np.float32).reshape(len(known), embedder.dimension)
        return MetadataClassifier([metadata for metadata, _ in known], vectors, embedder, self._library.similarity)
