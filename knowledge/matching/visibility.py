"""Visibility of members to each other, decided in one place."""

from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.members import Introduction, Member
from knowledge.domain.vocabulary import IntroductionState
from knowledge.errors import MemberError
from knowledge.matching import wording
from knowledge.matching.wording import CONSENT_VERSION
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

REQUEST_DAYS = 30
# After so long, a request that came to nothing may be made again.
ASKED_AGAIN = timedelta(days=90)


def suggestible(member: Member, now: datetime, settings: Settings) -> bool:
    """Return whether a member may be suggested: findable, not paused, agreed to the text in force, and active."""
    return (
        member.findable
        and not member.paused
        and member.consent == CONSENT_VERSION
        and member.active_at >= stamp(now - timedelta(days=settings.peer_inactive_days))
    )


def suggestible_ids(store: MemberStore, ids: list[str] | None, now: datetime, settings: Settings) -> set[str]:
    """Return the ids of those of these members, or of all, who may be suggested."""
    since = stamp(now - timedelta(days=settings.peer_inactive_days))
    return store.suggestible_ids(ids, CONSENT_VERSION, since)


def suggestible_members(store: MemberStore, ids: list[str] | None, now: datetime, settings: Settings) -> list[Member]:
    """Return those of these members, or of all, who may be suggested. The others' profiles are not read."""
    found = store.members(suggestible_ids(store, ids, now, settings))
    return [member for member in found if suggestible(member, now, settings)]  # it may have changed since


def required(store: MemberStore, member_id: str) -> Member:
    """Return the member with that id, who acts.

    Raises:
        MemberError: There is none.
    """
    member = store.member(member_id)
    if member is None:
        raise MemberError(wording.NO_PROFILE.format(id=member_id))
    return member


def taking_part(member: Member) -> Member:
    """Return the member, if they take part now.

    Raises:
        MemberError: They are paused, or agreed to an older text.
    """
    if member.paused:
        raise MemberError(wording.PAUSED)
    if member.consent != CONSENT_VERSION:
        raise MemberError(wording.CONSENT_AGAIN)
    return member


def requests(store: MemberStore, members: list[str], now: datetime) -> dict[str, int]:
    """Return how many requests each of these members had in the last 30 days: introductions and questions passed on.

    The pairs of the coffee rota are nobody's requests.
    """
    since = stamp(now - timedelta(days=REQUEST_DAYS))
    counts = dict.fromkeys(members, 0)
    for introduction in store.introductions_asked_since(since, members):
        counts[introduction.other] += not introduction.coffee
    for route in store.routes_sent_since(since, members):
        counts[route.member_id] += 1
    return counts


def askable_again(introduction: Introduction, now: datetime) -> bool:
    """Return whether the seeker may ask the same member once more: nothing came of it, three months ago.

    Whether they took it back, were declined or not answered makes no difference, so that it tells nothing.
    """
    over = introduction.state is not IntroductionState.ACCEPTED
    return over and introduction.asked_at <= stamp(now - ASKED_AGAIN)


def load(member: Member, asked: int, settings: Settings) -> float:
    """Return how much of what a member takes in a month they had: 0 nothing, 1 or more all of it."""
    most = settings.peer_requests if member.most_requests is None else member.most_requests
    return asked / most if most else 1.0
