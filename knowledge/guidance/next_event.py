"""The next event that fits what somebody asks or looks for: by topic and nation, and only one that is still to come."""

import logging
from collections.abc import Collection
from datetime import datetime

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Answer, Chunk, Metadata
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Pillar
from knowledge.errors import HalnError
from knowledge.language.nations import nation_in
from knowledge.library import Library

_log = logging.getLogger(__name__)
# Coming events among which one that fits is sought.
_READ = 50
# What is about more fields of work than this says of none of them that it is about it.
_FEW_PILLARS = 2


def next_event(
    library: Library, now: datetime, text: str, *, pillars: Collection[Pillar] = (), nation: Nation | None = None
) -> Chunk | None:
    """Return the opening chunk of the soonest event about a text or one of these pillars; `None` where none fits.

    One of another nation does not fit. The nation is what the text names, or else `nation`.
    """
    coming = library.store.upcoming(now, _READ) or []
    place = nation_in(text) or nation
    there = [chunk for chunk in coming if _is_near(chunk.metadata, place)]
    about = _about(library, text, there)
    return next((chunk for chunk in there if chunk.id in about or _shares(chunk.metadata, pillars)), None)


def event_for(library: Library, now: datetime, answer: Answer, nation: Nation | None = None) -> Chunk | None:
    """Return the next event that fits an answer or a refusal, or `None`; `nation` is that of whoever asked, if known.

    A failure costs the event, not the answer.
    """
    if answer.answered and not answer.citations:  # a greeting, or whom to call in danger
        return None
    cited = {citation.document_id for citation in answer.citations}
    documents = [found for one in sorted(cited) if (found := library.store.document(one)) is not None]
    if any(document.metadata.starts for document in documents):
        return None  # the answer is about events already
    shared = set.intersection(*(set(document.metadata.pillars) for document in documents)) if documents else set()
    text = answer.understood or answer.question
    pillars = few(sorted(shared)) if answer.answered else ()
    try:
        return next_event(library, now, text, pillars=pillars, nation=nation)
    except HalnError as error:
        _log.warning("the next event for an answer could not be found: %s", error)
        return None


def event_for_member(
    library: Library, now: datetime, profile: Profile, topic: str = "", nation: Nation | None = None
) -> Chunk | None:
    """Return the next event on a topic, or on what a member looks for; in `nation`, or in their own."""
    pillars = () if topic else few(profile.pillars)
    return next_event(library, now, topic or profile.looking_for, pillars=pillars, nation=nation or profile.nation)


def few(pillars: Collection[Pillar]) -> tuple[Pillar, ...]:
    """Return the pillars of something, if they say what it is about: of what is about all of them, none."""
    return tuple(pillars) if len(pillars) <= _FEW_PILLARS else ()


def _is_near(event: Metadata, nation: Nation | None) -> bool:
    anywhere = (None, Nation.UK, Nation.INTERNATIONAL)
    return nation in anywhere or event.nation in anywhere or event.nation is nation


def _shares(event: Metadata, pillars: Collection[Pillar]) -> bool:
    return bool(set(few(event.pillars)) & set(pillars))


def _about(library: Library, text: str, events: Collection[Chunk]) -> set[int]:
    """Return the ids of those chunks that are about the same as a text."""
    if not events or not any(map(str.isalnum, text)):
        return set()
    ids, vectors = library.store.embeddings([chunk.id for chunk in events])
    alike = library.similarity.comparable(vectors @ library.searcher.embed(library.searcher.read(text)))
    least = SimilarityThresholds.packaged().discussions.near.value
    return {int(chunk_id) for chunk_id, likeness in zip(ids, alike, strict=True) if likeness >= least}
