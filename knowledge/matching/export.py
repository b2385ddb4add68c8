"""What is held about one member as they get it: profile, introductions, questions to peers, replies, searches."""

from knowledge.domain.library import Noun
from knowledge.domain.members import IntroductionView, Profile, Search
from knowledge.domain.vocabulary import DueKind


class ExportedAnswer(Noun):
    """What a member said about how an introduction went."""

    introduction_id: str
    kind: DueKind
    answer: bool


class ExportedQuestion(Noun):
    """A question that a member passed to peers."""

    question_id: str
    question: str
    named: bool
    asked_at: str


class ExportedReply(Noun):
    """A question that was passed to a member, and their reply."""

    question_id: str
    sent_at: str
    reply: str | None
    replied_at: str | None
    may_share: bool


class Exported(Noun):
    """Everything that is held about one member, as they get it. `embeddings` is how many vectors are kept."""

    profile: Profile
    findable: bool
    paused: bool
    consent: str
    consented_at: str
    joined_at: str
    active_at: str
    most_requests: int | None
    waiting: bool
    embeddings: int
    introductions: tuple[IntroductionView, ...]
    answers: tuple[ExportedAnswer, ...]
    notices: tuple[str, ...]
    blocked: tuple[str, ...]
    questions: tuple[ExportedQuestion, ...]
    replies: tuple[ExportedReply, ...]
    searches: tuple[Search, ...]
