"""The review of curated answers: which have to be looked at again, and where a source still says what it did."""

from datetime import date
from typing import NamedTuple

from knowledge.dates import spoken_date
from knowledge.domain.insights import CuratedAnswer, CuratedSource
from knowledge.domain.library import Chunk, CuratedNote
from knowledge.storage.insight_protocols import CuratedStore
from knowledge.storage.library_protocols import LibraryStore

# What every face says above such an answer.
CHECKED = "Checked by a person on {day}."
TO_BE_CHECKED = "It was to be checked again by {day}."
RESTS_ON = "In the moderators' own words; it rests on the sources below."
SOURCE_GONE = "a source does not say any more what it rests on ({documents}), so it is not shown"
SOURCE_CHANGED = "a source has changed since it was checked ({documents})"
REVIEW_DUE = "to be reviewed by {day}"


class DueReview(NamedTuple):
    """A curated answer that somebody has to look at again, and why in words. `hidden`: it is not given until then."""

    answer: CuratedAnswer
    reason: str
    hidden: bool


def checked_note(note: CuratedNote) -> str:
    """Return what is said above a curated answer: that a person has checked it, and when."""
    said = CHECKED.format(day=spoken_date(note.checked_on))
    return f"{said} {TO_BE_CHECKED.format(day=spoken_date(note.review_by))}" if note.due else said


def due_for_review(curated: CuratedStore, store: LibraryStore, today: date) -> list[DueReview]:
    """Return what has to be looked at again: a source is gone or has changed, or the review date has passed."""
    found = []
    for answer in curated.all():
        gone = [source.document_id for source in answer.sources if passage_of(source, store) is None]
        changed = [source.document_id for source in answer.sources if _has_changed(source, store)]
        if gone:
            found.append(DueReview(answer, SOURCE_GONE.format(documents=", ".join(gone)), hidden=True))
        elif changed:
            found.append(DueReview(answer, SOURCE_CHANGED.format(documents=", ".join(changed)), hidden=False))
        elif is_due(answer, today):
            found.append(DueReview(answer, REVIEW_DUE.format(day=answer.review_by), hidden=False))
    return found


def is_due(answer: CuratedAnswer, today: date) -> bool:
    """Return whether the day has come on which an answer is to be checked again."""
    return answer.review_by <= today.isoformat()


def passage_of(source: CuratedSource, store: LibraryStore) -> Chunk | None:
    """Return the chunk that holds what a source says; `None` where none does any more."""
    return next((chunk for chunk in store.document_chunks(source.document_id) if source.quote in chunk.text), None)


def _has_changed(source: CuratedSource, store: LibraryStore) -> bool:
    document = store.document(source.document_id)
    return document is not None and document.content_hash != source.content_hash
