"""The next event that fits what somebody asks or looks for: by topic and nation, and only one that is still to come."""

from collections.abc import Collection
from datetime import datetime

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Chunk, Metadata
from knowledge.domain.vocabulary import Nation, Pillar
from knowledge.language.nations import nation_in
from knowledge.library import Library

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
