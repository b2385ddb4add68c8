"""One member's data as they get it: profile, introductions, questions to peers, replies, searches."""

from knowledge.domain.library import Noun
from knowledge.domain.members import CoffeeMember, IntroductionView, Member, Profile, Search
from knowledge.domain.vocabulary import DueKind
from knowledge.storage.member_protocols import MemberStore


class ExportedAnswer(Noun):
    """A member's account of how an introduction went."""

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


class ExportedLetter(Noun):
    """A message to somebody whom the member was introduced to, that has not arrived yet."""

    introduction_id: str
    text: str


class ExportedSet(Noun):
    """A learning set that a member is in, and the days that suit them."""

    topic: str
    started_at: str | None
    meets_on: str | None
    days: tuple[str, ...]


class Exported(Noun):
    """The data held about one member, as they get it. `embeddings` is how many vectors are kept."""

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
    coffee_rota: CoffeeMember | None
    coffee_months: tuple[str, ...]
    learning_sets: tuple[ExportedSet, ...]
    letters: tuple[ExportedLetter, ...] = ()


def everything_about(store: MemberStore, member: Member, introductions: list[IntroductionView]) -> Exported:
    """Return everything that is held about a member. Others are named only where the member may see them."""
    member_id = member.profile.id
    return Exported(
        **dict(member),
        embeddings=store.embedding_count(member_id),
        introductions=tuple(introductions),
        answers=tuple(
            ExportedAnswer(introduction_id=key, kind=DueKind(kind), answer=answer)
            for key, kind, answer in store.answers_of(member_id)
        ),
        notices=tuple(sorted(store.said(member_id))),
        blocked=tuple(store.blocked_by(member_id)),
        questions=tuple(
            ExportedQuestion(question_id=one.id, question=one.question, named=one.named, asked_at=one.asked_at)
            for one in store.questions_of(member_id)
        ),
        replies=tuple(
            ExportedReply(
                question_id=route.question_id,
                sent_at=route.sent_at,
                reply=route.reply,
                replied_at=route.replied_at,
                may_share=route.may_share,
            )
            for route in store.routes_of(member_id)
        ),
        searches=tuple(store.searches_of(member_id)),
        coffee_rota=store.coffee_member(member_id),
        coffee_months=tuple(store.coffee_months(member_id)),
        learning_sets=tuple(
            ExportedSet(
                topic=one.topic,
                started_at=one.started_at,
                meets_on=one.meets_on,
                days=tuple(day for day, who in store.days_of(one.id).items() if member_id in who),
            )
            for one in store.sets_of(member_id)
        ),
        letters=tuple(ExportedLetter(introduction_id=key, text=text) for key, text in store.letters_of(member_id)),
    )
