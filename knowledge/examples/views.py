"""Views of a submission, one for each person who may look.

Anonymous, or in an organisation's name alone, means that nobody but its author sees who gave it, moderators included.
"""

from collections.abc import Sequence
from datetime import datetime

from knowledge.domain.examples import (
    Action,
    Actor,
    Duplicate,
    Event,
    Finding,
    Role,
    State,
    Submission,
)
from knowledge.domain.library import Noun
from knowledge.domain.vocabulary import Credit
from knowledge.examples.corrected_content import changed_fields
from knowledge.examples.document import credit_line
from knowledge.examples.machine import missing
from knowledge.examples.messages import SAME_AS
from knowledge.examples.permissions import Look, is_author, may, may_see

AUTHOR = "author"
MODERATOR = "moderator"
ASSISTANT = "assistant"


class EventView(Noun):
    """A line of the audit as somebody may see it. `by` is an id where they may know it, else what somebody is."""

    at: str
    action: Action
    from_state: State | None
    to_state: State
    by: str
    reason: str | None
    version: int


class ExampleView(Noun):
    """A submission as somebody may see it. The JSON of `haln examples show`, and a line of `haln examples list`.

    `changes` names what a correction changes. `answers` is in how many answers of the question log it was used.
    """

    id: str
    state: State
    version: int
    title: str
    what: str
    for_whom: str
    what_happened: str
    differently: str
    measured: str
    pillars: tuple[str, ...]
    outcome: str | None
    level: str | None
    nation: str | None
    organisation: str | None
    credit: Credit | None
    credited_to: str
    anonymous: bool
    clearance: bool
    author: str | None
    own: bool
    origin: str
    created_at: str
    updated_at: str
    state_since: str
    waiting_days: int
    claimed_by: str | None
    published: str | None
    review_on: str | None
    merged_into: str | None
    region: str = ""
    happened_from: str | None = None
    happened_to: str | None = None
    indicator: str = ""
    baseline: str = ""
    measured_period: str = ""
    corrects: str | None = None
    changes: tuple[str, ...] = ()
    document_id: str | None
    missing: tuple[str, ...]
    personal_data: tuple[Finding, ...]
    audit: tuple[EventView, ...] = ()
    answers_this_month: int | None = None
    answers: int | None = None


class Receipt(Noun):
    """The result of submitting. The JSON of `haln examples submit`; `missing` is what is still needed of a draft.

    `name_model`: a language model took part in looking for people's names.
    """

    id: str
    state: State
    version: int
    duplicates: tuple[Duplicate, ...] = ()
    personal_data: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    name_model: bool = True
    corrects: str | None = None


def view_of(
    submission: Submission,
    viewer: Actor,
    now: datetime,
    history: Sequence[Event] = (),
    document_id: str | None = None,
    answers_this_month: int | None = None,
    answers: int | None = None,
) -> ExampleView:
    """Return a submission as the viewer may see it, who must be allowed to see it at all (see `Look.VIEW`)."""
    content = submission.content
    own = is_author(viewer, submission.author)
    team = may(viewer, Look.QUEUE)
    anonymous = content.credit is Credit.ANONYMOUS
    hidden = content.credit is not Credit.NAMED and not own
    values = content.model_dump(mode="json", exclude={"organisation", "credit", "title"})
    return ExampleView(
        **values,
        id=submission.id,
        state=submission.state,
        version=submission.version,
        title=content.shown_title,
        organisation=None if anonymous and not own else content.organisation or None,
        credit=content.credit,
        credited_to=credit_line(content, submission.author),
        anonymous=anonymous,
        author=submission.author.member if own or (team and not hidden) else None,
        own=own,
        origin=submission.origin,
        created_at=submission.created_at,
        updated_at=submission.updated_at,
        state_since=submission.state_since,
        waiting_days=max(0, (now - datetime.fromisoformat(submission.state_since)).days),
        claimed_by=submission.claimed_by if team and not own else None,
        published=submission.published,
        review_on=submission.review_on,
        merged_into=submission.merged_into,
        corrects=submission.corrects,
        changes=changed_fields(content, submission.base) if submission.corrects else (),
        document_id=document_id,
        missing=missing(content) if submission.state in (State.DRAFT, State.CHANGES_REQUESTED) else (),
        personal_data=submission.findings if own or team else (),
        audit=tuple(_event_view(event, own, team, hidden) for event in _retold(submission, history))
        if own or team
        else (),
        answers_this_month=answers_this_month if submission.state is State.PUBLISHED else None,
        answers=answers if submission.state is State.PUBLISHED else None,
    )


def _retold(submission: Submission, history: Sequence[Event]) -> list[Event]:
    """Return the audit without the other's title in a merger's reason: nobody may see it once that is withdrawn.

    Earlier releases kept it there, and with the claim that came before.
    """
    named = {event.reason for event in history if event.action is Action.MERGE}
    reason = SAME_AS.format(into=submission.merged_into)
    return [event.model_copy(update={"reason": reason}) if event.reason in named else event for event in history]


def _event_view(event: Event, own: bool, team: bool, hidden: bool) -> EventView:
    return EventView(
        at=event.at,
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        by=_by(event, own, team, hidden),
        reason=event.reason,
        version=event.version,
    )


def _by(event: Event, own: bool, team: bool, hidden: bool) -> str:
    if event.role is Role.SYSTEM:
        return ASSISTANT
    if event.by_author:
        return AUTHOR if hidden or event.actor is None else event.actor
    # An author hears what was decided and why, never by whom.
    return event.actor if team and not own and event.actor is not None else MODERATOR


def seen_by(duplicates: Sequence[tuple[Duplicate, Submission | None]], viewer: Actor) -> tuple[Duplicate, ...]:
    """Return near-duplicates as the viewer may see them: what others have not published yet has no title for them."""
    shown = []
    for duplicate, other in duplicates:
        if other is None or may_see(viewer, other):
            shown.append(duplicate)
        else:
            shown.append(duplicate.model_copy(update={"title": None}))
    return tuple(shown)
