"""Corrections of a published example, compared with what it said when the correction was begun."""

from collections.abc import Mapping

from knowledge.domain.examples import TAG_FIELDS, TEXT_FIELDS, Content, Submission
from knowledge.domain.vocabulary import Credit

# Who an example is credited to is its author's to say, at any time and without a review: no correction touches that.
CORRECTABLE = (*TEXT_FIELDS, *TAG_FIELDS)


def uncredited(content: Content) -> Content:
    """Return what an example says without whom it is from, which no correction repeats."""
    return content.model_copy(update={"organisation": "", "credit": Credit.ANONYMOUS})


def base_of(content: Content) -> dict[str, object]:
    """Return what can be corrected of an example, as JSON has it."""
    return content.model_dump(mode="json", include=set(CORRECTABLE))


def changed_fields(correction: Content, base: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fields in which a correction differs from what it would correct, as that was when it was begun."""
    said = base_of(correction)
    return tuple(field for field in CORRECTABLE if said[field] != base.get(field, said[field]))


def corrected(published: Content, correction: Submission) -> Content:
    """Return what the published example says with the correction: the fields that the correction changes, no others."""
    changed = changed_fields(correction.content, correction.base)
    return published.model_copy(update={field: getattr(correction.content, field) for field in changed})


def tags_kept(written: Content, submission: Submission) -> Content:
    """Return what an author wrote anew, with the tags that a moderator has corrected.

    They stay where the author leaves them out or repeats what they had said before; what they say now counts.
    """
    said = written.model_dump(mode="json", include=set(TAG_FIELDS))
    kept = {
        field: getattr(submission.content, field)
        for field in TAG_FIELDS
        if field in submission.base and said[field] in (None, "", [], submission.base[field])
    }
    return written.model_copy(update=kept)
