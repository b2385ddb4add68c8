"""The nouns of shared examples, frozen and typed: what a member gives, how far it is, and who does what to it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from knowledge.domain.library import Noun, on_the_calendar
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import Credit, ExampleState, Level, Nation, Outcome, Pillar

State = ExampleState
LONGEST_TEXT = 4000
LONGEST_TITLE = 150
_SHOWN_TITLE = 80

Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
ShortText = Annotated[str, Field(max_length=LONGEST_TITLE)]
# As precise as it is known: "2023", "2023-03" or "2023-03-25".
PartialDate = Annotated[str | None, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(on_the_calendar)]


class Action(StrEnum):
    """A thing that can be done to a submission.

    `publish`, `correct` (a published example gets the content of an approved correction) and `apply` (that correction
    is done with) are the assistant's own, once a moderator has approved.
    """

    START = "start"
    EDIT = "edit"
    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE = "release"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    MERGE = "merge"
    TAG = "tag"
    PUBLISH = "publish"
    CREDIT = "credit"
    CONFIRM = "confirm"
    CORRECT = "correct"
    APPLY = "apply"
    WITHDRAW = "withdraw"


class Role(StrEnum):
    """A person's part in the network. Being the author of an example is no role: it is seen from the example."""

    OUTSIDER = "outsider"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"
    BANNED = "banned"
    SYSTEM = "system"


class Actor(NamedTuple):
    """The person who acts: a member's id (none for the operator and the assistant itself) and their role."""

    id: str | None
    role: Role


OPERATOR = Actor(None, Role.ADMIN)
SYSTEM = Actor(None, Role.SYSTEM)


class Content(Noun):
    """The fields that the author writes and picks. Empty text and `None` are not yet said: a draft may lack anything.

    `happened_from` and `happened_to` are when it happened, as precise as that is known; `region` is a part of the
    nation in the author's words. `indicator` is what was measured, `baseline` what that was before, `measured_period`
    over which time it was followed.
    """

    title: ShortText = ""
    what: Text = ""
    for_whom: Text = ""
    what_happened: Text = ""
    differently: Text = ""
    measured: Text = ""
    indicator: ShortText = ""
    baseline: ShortText = ""
    measured_period: ShortText = ""
    pillars: tuple[Pillar, ...] = ()
    outcome: Outcome | None = None
    level: Level | None = None
    nation: Nation | None = None
    region: ShortText = ""
    happened_from: PartialDate = None
    happened_to: PartialDate = None
    organisation: ShortText = ""
    credit: Credit | None = None
    clearance: bool = False

    @property
    def shown_title(self) -> str:
        """Return the title, or the first words of what was done."""
        words = " ".join((self.title or self.what).split())
        return words if self.title or len(words) <= _SHOWN_TITLE else words[:_SHOWN_TITLE].rsplit(" ", 1)[0] + " ..."


# The fields that are text of the author's own, in the order in which they are read.
MEASURE_FIELDS = ("indicator", "baseline", "measured_period")
TEXT_FIELDS = ("title", "what", "for_whom", "what_happened", "differently", "measured", *MEASURE_FIELDS)
# What tells of which sort an example is: moderators may correct these.
TAG_FIELDS = ("pillars", "outcome", "level", "nation", "region", "happened_from", "happened_to")


class Author(Noun):
    """The giver of an example: their member id, if they are a member, and the name they are credited with."""

    member: str | None = None
    name: str | None = None


class Finding(Noun):
    """A place in a text that may identify a person: `field[start:end]`. The words themselves are not repeated."""

    kind: str
    label: str
    field: str
    start: int
    end: int
    score: float


# Nobody publishes one of these by accident: each has to be confirmed by its name before an example is approved.
IDENTIFYING = frozenset(
    {
        "UK_NHS",
        "HEALTH_NUMBER",
        "HOSPITAL_NUMBER",
        "UK_NINO",
        "DATE_OF_BIRTH",
        "PHONE_NUMBER",
        "EMAIL_ADDRESS",
    }
)


class Event(Noun):
    """One line of the audit: who did what when, and why. `version` is the submission's after it."""

    at: str
    action: Action
    from_state: State | None
    to_state: State
    actor: str | None
    role: Role
    by_author: bool
    reason: str | None
    version: int


class Submission(Noun):
    """A submission as it is kept. Times are ISO 8601 in UTC, dates YYYY-MM-DD. `version` grows with each change.

    `state_since` is since when it is in its state; what is submitted and in review counts as one: it waits.
    `corrects` is the published example that this one would correct. `base` is what fields said before: of a correction
    all fields as they were published when it was begun, else the author's own tags that a moderator has changed.
    """

    id: str
    state: State
    version: int
    content: Content
    author: Author
    findings: tuple[Finding, ...] = ()
    origin: str = "form"
    created_at: str
    updated_at: str
    state_since: str
    claimed_by: str | None = None
    claimed_at: str | None = None
    published: str | None = None
    review_on: str | None = None
    merged_into: str | None = None
    corrects: str | None = None
    base: Mapping[str, object] = Field(default_factory=dict)

    @property
    def location(self) -> str:
        """Return where its document comes from, as the library knows it."""
        return LOCATION_PREFIX + self.id


LOCATION_PREFIX = "example:"


class Duplicate(Noun):
    """Something that says nearly the same: a document of the library, or a submission that waits.

    `similarity` is between 0 and 1. The title of another member's unpublished submission is for moderators only.
    """

    kind: str
    id: str
    title: str | None
    url: str | None
    similarity: float


class DocumentEffect(StrEnum):
    """The effect of a change on the submission's document in the library, in the same transaction."""

    KEEP = "keep"
    UNCREDIT = "uncredit"
    REMOVE = "remove"


class Command(NamedTuple):
    """An actor's request. `expected_version` is what they saw; `request_id` makes a repetition do nothing.

    `confirmed` are the labels of what identifies a person and is to be published all the same.
    """

    action: Action
    actor: Actor
    reason: str | None = None
    content: Content | None = None
    findings: tuple[Finding, ...] | None = None
    author_name: str | None = None
    merged_into: str | None = None
    review_on: str | None = None
    confirmed: tuple[str, ...] = ()
    expected_version: int | None = None
    request_id: str | None = None


class Change(NamedTuple):
    """A change to be stored: the submission as it is now, the audit's new lines, messages to be delivered."""

    submission: Submission
    events: tuple[Event, ...]
    messages: tuple[Message, ...] = ()
    document: DocumentEffect = DocumentEffect.KEEP
