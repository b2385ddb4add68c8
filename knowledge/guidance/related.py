"""Chooses what belongs into one reply: resources, people and the next event, after an answer or a search."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Answer, Chunk, Noun, StoredDocument
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation
from knowledge.errors import HalnError
from knowledge.guidance.first_steps import NOT_RESOURCES
from knowledge.guidance.next_event import event_for, event_for_member
from knowledge.library import Library

if TYPE_CHECKING:
    from knowledge.matching.peers import Peers

_log = logging.getLogger(__name__)
_READ = 40
_MOST_RESOURCES = 3
_T = TypeVar("_T")


class Related(NamedTuple):
    """Documents, people and an event that go with a reply.

    `resources` are the documents on it, the nearest first; `people` how many members can probably help, never the
    reader; `event` the opening chunk of the next event that fits.
    """

    resources: tuple[StoredDocument, ...] = ()
    people: int = 0
    event: Chunk | None = None


class NextEvent(Noun):
    """An event that is to come, as programs read it; `starts` and `ends` as in `Metadata`."""

    document_id: str
    title: str
    starts: str
    ends: str | None
    place: str | None
    url: str | None


class Reply(Answer):
    """An answer for programs, with what goes with it besides the sources and nearest documents that it names."""

    people: int = 0
    next_event: NextEvent | None = None


def reply_of(answer: Answer, related: Related) -> Reply:
    """Return an answer and what goes with it as one reply."""
    event = None
    if related.event is not None:
        fields = related.event.metadata.model_dump(include=NextEvent.model_fields.keys() - {"document_id"})
        event = NextEvent(document_id=related.event.document_id, **fields)
    return Reply(**dict(answer), people=related.people, next_event=event)


def beside_answer(
    library: Library, peers: Peers, now: datetime, answer: Answer, reader_id: str | None = None
) -> Related:
    """Return what goes with an answer or a refusal: its sources, else the nearest documents; for a greeting nothing.

    `reader_id` is who reads it, where that is known. A failure costs the part, not the answer.
    """
    if answer.answered and not answer.citations:
        return Related()
    named = [one.document_id for one in answer.citations] or [near.document_id for near in answer.nearest]
    documents = [library.store.document(one) for one in dict.fromkeys(named)]
    return Related(
        tuple(one for one in documents if one is not None),
        people_on(peers, answer, reader_id),
        event_on(library, now, answer, reader_id),
    )


def people_on(peers: Peers, answer: Answer, reader_id: str | None = None) -> int:
    """Return how many members can probably help with what was asked."""
    return _or(lambda: peers.count_on(answer.understood or answer.question, reader_id), 0, "people")


def event_on(library: Library, now: datetime, answer: Answer, reader_id: str | None = None) -> Chunk | None:
    """Return the next event on what was asked, in the reader's nation where they told it."""

    def found() -> Chunk | None:
        member = library.members.member(reader_id) if reader_id is not None else None
        return event_for(library, now, answer, member.profile.nation if member is not None else None)

    return _or(found, None, "event")


def beside_matches(
    library: Library, now: datetime, profile: Profile, topic: str = "", nation: Nation | None = None, people: int = 0
) -> Related:
    """Return what goes with a list of `people` members who fit a topic, or else what a member looks for.

    A failure costs the part, not the list.
    """
    return Related(
        _or(lambda: resources_on(library, topic or profile.looking_for), (), "resources"),
        people,
        _or(lambda: event_for_member(library, now, profile, topic, nation), None, "event"),
    )


def resources_on(library: Library, text: str) -> tuple[StoredDocument, ...]:
    """Return up to three documents that are surely about a text, the nearest first; events and words are none."""
    if not any(map(str.isalnum, text)):
        return ()
    query, least = library.searcher.read(text), SimilarityThresholds.packaged().discussions.near.value
    alike = library.similarity.comparable
    found: dict[str, None] = {}
    for hit, chunk in library.searcher.found(query, library.searcher.embed(query), _READ):
        if alike(hit.cosine) >= least and chunk.metadata.kind not in NOT_RESOURCES:
            found[chunk.document_id] = None
    documents = [library.store.document(one) for one in list(found)[:_MOST_RESOURCES]]
    return tuple(one for one in documents if one is not None)


def _or(work: Callable[[], _T], instead: _T, part: str) -> _T:
    try:
        return work()
    except HalnError as error:
        _log.warning("the %s beside a reply could not be found: %s", part, error)
        return instead
