"""The contents of a digest: at most ten lines, for a reader's pillars and stage, and whether any of them is news."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from knowledge.dates import stamp
from knowledge.digest.events import Coming, in_order, of_library
from knowledge.domain.library import StoredDocument
from knowledge.domain.members import ForPeer, Profile
from knowledge.domain.vocabulary import Kind, Nation, Outcome, Pillar, Stage
from knowledge.guidance.first_steps import is_resource, lessons
from knowledge.library import Library

MOST_LINES = 10
NOT_TO_PLAN = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
# What tells of one place's work; a guide that names what is hard does not.
EXPERIENCES = frozenset({Kind.EXAMPLE, Kind.CASE_STUDY, Kind.LESSON})
# Of each part: so many at first, and so many where others leave room.
_FEW, _MANY = {"examples": 3, "documents": 3, "coming": 2, "questions": 1}, 5
_OTHER_STAGE = 2
# Most readers were told last within so long.
_KEPT = timedelta(days=35)


class Reader(NamedTuple):
    """A reader of the digest, as their profile says; nothing is known of a channel."""

    pillars: tuple[Pillar, ...] = ()
    stage: Stage | None = None
    nation: Nation | None = None

    @classmethod
    def of(cls, profile: Profile) -> "Reader":
        """Return the reader that a profile describes."""
        return cls(profile.pillars, profile.stage, profile.nation)


ANYBODY = Reader()


class Waiting(NamedTuple):
    """A question that waits for a reader's reply, and whether it came since their last digest."""

    question: ForPeer
    new: bool


class Contents(NamedTuple):
    """The lines of a digest, ten at most: what is new, what is coming, what waits, and one that did not go to plan.

    `more` is how many examples and documents are new beside those shown, on the reader's pillars or not; `more_events`
    how many events are coming. `news` is whether any of it is new: a document, an example, a question, or an event that
    was not announced before.
    """

    examples: list[StoredDocument]
    documents: list[StoredDocument]
    coming: list[Coming]
    questions: list[ForPeer]
    lesson: StoredDocument | None
    news: bool
    more: int = 0
    more_events: int = 0

    @property
    def lines(self) -> int:
        """Return how many lines it has."""
        of_parts = len(self.examples) + len(self.documents) + len(self.coming) + len(self.questions)
        return of_parts + (self.lesson is not None)


class News:
    """The news of a library at one moment, for many readers: what all of them share is looked up once."""

    def __init__(self, library: Library, now: datetime, announced: Sequence[Coming] = ()) -> None:
        self._library = library
        self._coming = in_order([*announced, *of_library(library, now)])
        self._earliest = now - _KEPT
        self._arrivals: list[tuple[str, StoredDocument]] | None = None
        self._lessons: list[StoredDocument] | None = None

    def for_reader(
        self, since: datetime, number: int, reader: Reader = ANYBODY, waiting: Sequence[Waiting] = ()
    ) -> Contents:
        """Return a digest of what is new since a moment; `number` counts digests, so that each has another lesson."""
        added = self._added_since(since)
        resources = [document for document in added if is_resource(document)]
        fitting = sorted((one for one in resources if _concerns(one, reader)), key=lambda one: _distance(one, reader))
        examples = [one for one in fitting if one.metadata.kind is Kind.EXAMPLE]
        documents = [one for one in fitting if one.metadata.kind is not Kind.EXAMPLE]
        questions = [one.question for one in waiting]
        # The lesson has a line of its own, whether or not there is one.
        numbers = (len(examples), len(documents), len(self._coming), len(questions))
        room = _shared(dict(zip(_FEW, numbers, strict=True)), MOST_LINES - 1)
        examples, documents = examples[: room["examples"]], documents[: room["documents"]]
        coming = self._coming[: room["coming"]]
        return Contents(
            examples=examples,
            documents=documents,
            coming=coming,
            questions=questions[: room["questions"]],
            lesson=self._lesson({one.id for one in (*examples, *documents)}, number, reader),
            news=bool(fitting) or any(one.new for one in waiting) or self._has_new_event(since, added),
            more=len(resources) - len(examples) - len(documents),
            more_events=len(self._coming) - len(coming),
        )

    def _added_since(self, since: datetime) -> list[StoredDocument]:
        if self._arrivals is None or since < self._earliest:
            self._earliest = min(since, self._earliest)
            self._arrivals = self._library.store.arrivals_since(self._earliest)
        # Readers differ in when they were told last, by seconds: what came in is read once for all of them.
        return [document for moment, document in self._arrivals if moment >= stamp(since)]

    def _has_new_event(self, since: datetime, added: Iterable[StoredDocument]) -> bool:
        ids = {document.id for document in added}
        return any(
            event.told_on >= since if event.told_on is not None else event.document_id in ids for event in self._coming
        )

    def _lesson(self, shown: set[str], number: int, reader: Reader) -> StoredDocument | None:
        """Return one of the examples that did not go to plan, nearest to the reader, and another each time."""
        if self._lessons is None:
            self._lessons = lessons(self._library)
        found = [document for document in self._lessons if document.id not in shown]
        near = [document for document in found if set(document.metadata.pillars) & set(reader.pillars)] or found
        near = [document for document in near if _misfit(document, reader.stage) < _OTHER_STAGE] or near
        near = [document for document in near if document.metadata.kind in EXPERIENCES] or near
        return near[number % len(near)] if near else None


def _concerns(document: StoredDocument, reader: Reader) -> bool:
    """Return whether a document is on a reader's pillars; one that names none is on all."""
    pillars = document.metadata.pillars
    return not pillars or not reader.pillars or bool(set(pillars) & set(reader.pillars))


def _distance(document: StoredDocument, reader: Reader) -> tuple[int, bool, bool]:
    """Return what puts documents in a reader's order: their stage, their pillars, their nation."""
    metadata = document.metadata
    named = bool(set(metadata.pillars) & set(reader.pillars))
    return (
        _misfit(document, reader.stage),
        not named,
        reader.nation is not None and metadata.nation is not reader.nation,
    )


def _misfit(document: StoredDocument, stage: Stage | None) -> int:
    """Return how badly a document fits a stage: 0 where it is for that one, 1 where for any, 2 where for another."""
    own = document.metadata.stage
    return 1 if own is None or stage is None else 0 if own is stage else _OTHER_STAGE


def _shared(wanted: dict[str, int], lines: int) -> dict[str, int]:
    """Return how many lines each part gets: a few each, then what is left one by one, in the order of the parts."""
    room = {name: min(number, _FEW[name]) for name, number in wanted.items()}
    while sum(room.values()) < lines:
        short = [name for name in room if room[name] < min(wanted[name], _MANY)]
        if not short:
            break
        name = min(short, key=lambda one: room[one] - _FEW[one])
        room[name] += 1
    return room
