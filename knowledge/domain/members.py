"""The nouns of meeting people, frozen and typed: Profile, Member, Match, Introduction and what goes with them."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from knowledge.domain.library import Noun
from knowledge.domain.visible_text import visible_text
from knowledge.domain.vocabulary import DueKind, IntroductionState, Level, Nation, Pillar, Sector, Stage

# Discord's ids are numbers; operators may give names. A comma or a space would break lists of them.
_ID = r"^[\w.@+-]{1,64}$"


def _tidy(value: object) -> object:
    """Return text that can be seen, without needless space; `None` is an empty text."""
    if value is None:
        return ""
    return visible_text(value).replace("\t", " ").strip() if isinstance(value, str) else value


def _unset(value: object) -> object:
    """Return an empty choice is no choice."""
    return None if value == "" else value


def _once(pillars: tuple[Pillar, ...]) -> tuple[Pillar, ...]:
    return tuple(dict.fromkeys(pillars))


Line = Annotated[str, BeforeValidator(_tidy), Field(max_length=200)]
Words = Annotated[str, BeforeValidator(_tidy), Field(max_length=2000)]
MemberId = Annotated[str, Field(pattern=_ID)]


class Profile(Noun):
    """A member's own account of themselves. Everything but the id may be empty."""

    id: MemberId
    display_name: Line = ""
    role: Line = ""
    organisation: Line = ""
    sector: Annotated[Sector | None, BeforeValidator(_unset)] = None
    nation: Annotated[Nation | None, BeforeValidator(_unset)] = None
    region: Line = ""
    pillars: Annotated[tuple[Pillar, ...], AfterValidator(_once)] = ()
    level: Annotated[Level | None, BeforeValidator(_unset)] = None
    stage: Annotated[Stage | None, BeforeValidator(_unset)] = None
    working_on: Words = ""
    can_offer: Words = ""
    looking_for: Words = ""


class Member(Noun):
    """A profile with what its owner decided about it. Moments are ISO 8601 in UTC.

    `consent` is the version of the text that they agreed to. `most_requests` is how many requests a month they take,
    `None` for the usual number. `waiting` asks to be told when somebody fits.
    """

    profile: Profile
    findable: bool = False
    paused: bool = False
    consent: str
    consented_at: str
    joined_at: str
    active_at: str
    most_requests: int | None = None
    waiting: bool = False


class Match(Noun):
    """A member who may help, with reasons in words. `fits` is false where there is no more than a likeness.

    `score` is higher for the better; comparable within one list only. `mutual` says that each has what the other seeks.
    """

    member_id: str
    score: float
    reasons: tuple[str, ...]
    mutual: bool
    fits: bool
    display_name: str = ""
    role: str = ""
    organisation: str = ""
    sector: Sector | None = None
    nation: Nation | None = None


class Matches(Noun):
    """The outcome of one search for peers. `note` is for the member: what was honoured, or that nobody fits yet."""

    member: str
    matches: tuple[Match, ...]
    note: str | None
    timings_ms: dict[str, float]


class CoffeeMember(Noun):
    """A member of the coffee rota: since when, until which day they pause, and when nobody was left for them last.

    `left_out` is a month ("2026-06"), `None` once they have had a partner again.
    """

    member_id: str
    since: str
    paused_until: str | None = None
    left_out: str | None = None


class Introduction(Noun):
    """A request of one member to be introduced to another, as it is stored. Shown as an `IntroductionView` only.

    `coffee`: nobody asked, the coffee rota introduced the two.
    """

    id: str
    seeker: str
    other: str
    topic: str
    state: IntroductionState
    asked_at: str
    answered_at: str | None = None
    coffee: bool = False


class IntroductionView(Noun):
    """An introduction as one of the two may see it.

    `counterpart` is `None` where the other may not be named (any more). `mine` says whether this member asked;
    `coffee`, that nobody did, and the coffee rota introduced the two.
    """

    introduction_id: str
    state: IntroductionState
    mine: bool
    counterpart: str | None
    topic: str
    asked_at: str
    coffee: bool = False


class Opening(Noun):
    """The message that both get when an introduction is accepted: a first line, what they share, who writes first."""

    introduction_id: str
    members: tuple[str, str]
    writes_first: str
    first_line: str
    in_common: tuple[str, ...]


class Due(Noun):
    """Something that a face should say to a member now, once: `kind` says which text it makes of it.

    `key` is its identity: hand it to `Peers.said` when it was said.
    """

    key: str
    kind: DueKind
    member_id: str
    introduction_id: str | None = None
    counterpart: str | None = None
    question_id: str | None = None


class PeerQuestion(Noun):
    """A question that the library could not answer, passed to members who may. `named` false: the asker is not told."""

    id: str
    asker: str
    question: str
    named: bool
    asked_at: str


class Route(Noun):
    """A question on its way to one member, and what became of it.

    `helpful` is what the asker said of the reply. `may_share` is its author's consent that it becomes an example, and
    `passed_on` that it did. `told`: the asker was told of the reply.
    """

    question_id: str
    member_id: str
    sent_at: str
    reply: str | None = None
    replied_at: str | None = None
    helpful: bool | None = None
    may_share: bool = False
    passed_on: bool = False
    told: bool = False


class Search(Noun):
    """A member's search for peers, kept so that its pages can be turned. An empty topic is what the profile says."""

    id: str
    member_id: str
    topic: str = ""
    sector: Sector | None = None
    nation: Nation | None = None
    different: str | None = None
    made_at: str


class Place(Noun):
    """A meeting place of the two of an introduction: server and channel of the request, and the thread once it is."""

    introduction_id: str
    server_id: int
    channel_id: int
    thread_id: int | None = None


class Asked(Noun):
    """The outcome of a question to peers: to how many it went.

    `question_id` is `None` and `note` says why for none; `note` also says where they had it already.
    """

    question_id: str | None
    peers: int
    note: str | None


class ForPeer(Noun):
    """A question as the member sees it whom it was passed to; `asker` is `None` where they wish not to be named."""

    question_id: str
    question: str
    asker: str | None


class PeerReply(Noun):
    """A reply as the asker sees it."""

    question_id: str
    question: str
    author: str
    reply: str
    helpful: bool | None


class Shareable(Noun):
    """A reply that helped and whose author agreed that it becomes a shared example."""

    author: str
    question: str
    reply: str


class LearningSet(Noun):
    """A group of members who look for the same, those nearest to its topic first."""

    topic: str
    members: tuple[str, ...]
    reason: str
    first_question: str


class RunningSet(Noun):
    """A learning set that was proposed, and what became of it. Moments are ISO 8601 in UTC.

    `thread_id` is where it talks on a server, `poll_id` the message with the poll of dates there; both `None` for one
    that goes by mail. `meets_on` is the date that was fixed, `draft` the example that its closing note began.
    """

    id: str
    topic: str
    first_question: str
    server_id: int | None = None
    channel_id: int | None = None
    thread_id: int | None = None
    poll_id: int | None = None
    made_at: str
    started_at: str | None = None
    meets_on: str | None = None
    asked_at: str | None = None
    closed_at: str | None = None
    draft: str | None = None


class LearningSets(Noun):
    """Learning sets, who is in none and why (in words, by id), and whether no better sets exist.

    `unplaced` found no place. `registered_again` are later registrations, by id, with the id of the one that counts for
    the same person. `note` says why there is no set, where there is none.
    """

    sets: tuple[LearningSet, ...]
    unplaced: tuple[str, ...]
    optimal: bool
    reasons: dict[str, str] = Field(default_factory=dict)
    registered_again: dict[str, str] = Field(default_factory=dict)
    note: str | None = None


class Forgotten(Noun):
    """The rows erased of a member, by table, and how many rows still hold their id or are theirs: 0.

    `pending`: another program reads an older state, so what was erased is overwritten on the disk once it is done.
    `unattributed` are the questions that members asked before it was noted whose they are, and that expire.
    """

    id: str
    removed: dict[str, int]
    left: int
    pending: bool = False
    unattributed: int = 0
