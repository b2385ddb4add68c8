"""Sample members with what members leave behind, written by the product itself, a thousand in a transaction."""

import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from knowledge.dates import stamp, utc_now
from knowledge.digest.storage.protocols import DigestChoice, Frequency, Means
from knowledge.domain.ids import MAIL_MEMBER, new_id
from knowledge.domain.members import Introduction, PeerQuestion, Route, Search
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.library import Library
from knowledge.matching.peers import Peers
from tests.benchmarks.scale_installation import open_library, settings_of

FIRST = 10**17  # a number as Discord gives them
_SAVED_AT_ONCE = 1000
_SAID = {
    IntroductionState.ACCEPTED: (DueKind.INTRODUCED, DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE),
    IntroductionState.ASKED: (DueKind.REQUEST, DueKind.LAPSED),
    IntroductionState.DECLINED: (DueKind.REQUEST, DueKind.LAPSED),
    IntroductionState.WITHDRAWN: (DueKind.REQUEST,),
}


def filled(home: Path, before: int, number: int) -> Path:
    """Return a data directory with so many members, made of the one before."""
    folder = home / f"members-{number}"
    if folder.exists():
        return folder
    began = time.perf_counter()
    making = home / "making"
    shutil.rmtree(making, ignore_errors=True)
    if before:
        shutil.copytree(home / f"members-{before}", making)
    with closing(open_library(settings_of(making))) as library:
        for start in range(before, number, _SAVED_AT_ONCE):
            _fill(library, start, min(start + _SAVED_AT_ONCE, number))
        stored = time.perf_counter()
        Peers(library, utc_now).match(member_id(0))
    making.rename(folder)
    print(f"{number:,}: stored in {stored - began:.0f} s, embedded in {time.perf_counter() - stored:.0f} s", flush=True)
    return folder


def member_id(member: int) -> str:
    """Return the id of a member by their number: one of ten signs in by mail, the others are on Discord."""
    return f"{MAIL_MEMBER}{member:013}" if member % 10 == 9 else str(FIRST + member)


def _fill(library: Library, first: int, last: int) -> None:
    """Store members with what they leave behind; they were here on one of the last 240 days."""
    today = utc_now()
    day = [today]
    peers, store = Peers(library, lambda: day[0]), library.members
    with store.atomically():
        for member in range(first, last):
            day[0] = today - timedelta(days=member * 37 % 240)
            me = member_id(member)
            peers.save(profile(member))
            library.digests.choose(
                DigestChoice(
                    member_id=me,
                    frequency=Frequency.WEEKLY,
                    means=Means.DIRECT,
                    chosen_at=stamp(day[0]),
                    looked_at=stamp(today - timedelta(days=366)),
                )
            )
            if me.startswith(MAIL_MEMBER):
                library.accounts.account_for(f"sample{member}@example.org", me, stamp(day[0]))
            if member % 20 == 1:
                peers.join_coffee(me)
            if member % 100 == 2:
                peers.tell_me(me)
        for member in range(first, last):
            others = [place for place in (member * 7919 % last, member * 104729 % last, last - 1) if place != member]
            if member % 5 == 0:
                _introduce(library, member, others[0], today)
            if member % 10 == 3:
                store.save_search(Search(id=new_id(), member_id=member_id(member), topic="", made_at=stamp(today)))
            if member % 50 == 4:
                _ask(library, member, others, today)
            if member % 200 == 5:
                store.block(member_id(member), member_id(others[0]), stamp(today))


def _introduce(library: Library, seeker: int, other: int, today: datetime) -> None:
    """Store an introduction of the last 300 days that went its way, and that all was said about it that there was."""
    states = tuple(_SAID)
    state = states[seeker // 5 % len(states)]
    asked = today - timedelta(days=seeker * 13 % 300)
    made = Introduction(
        id=new_id(),
        seeker=member_id(seeker),
        other=member_id(other),
        topic=f"topic{seeker % 89}",
        state=state,
        asked_at=stamp(asked),
        answered_at=None if state is IntroductionState.ASKED else stamp(asked + timedelta(days=2)),
    )
    library.members.add_introduction(made)
    for kind in _SAID[state]:
        for one in (made.seeker, made.other):
            library.members.save_said(one, f"{kind}:{made.id}", stamp(asked))


def _ask(library: Library, asker: int, others: Sequence[int], today: datetime) -> None:
    """Store a question to members, to which all replied but the last, as it mostly is."""
    asked = today - timedelta(days=asker * 11 % 300)
    question = PeerQuestion(
        id=new_id(), asker=member_id(asker), question=f"topic{asker % 89}?", named=True, asked_at=stamp(asked)
    )
    routes = [
        Route(
            question_id=question.id,
            member_id=one,
            sent_at=stamp(asked),
            reply=None if place else "Yes, we did.",
            replied_at=None if place else stamp(asked),
            told=not place,
        )
        for place, one in enumerate(dict.fromkeys(map(member_id, others)))
    ]
    library.members.add_question(question, routes)
    for route in routes:
        library.members.save_said(route.member_id, f"{DueKind.QUESTION}:{question.id}", stamp(asked))


def profile(member: int, extra: str = "") -> dict[str, object]:
    """Return what a sample member says of themselves."""
    topic = f"topic{member % 89} with part{member // 89 % 53}"
    return {
        "id": member_id(member),
        "display_name": f"Sample {member}",
        "organisation": f"House {member // 3}",
        "role": f"Role {member % 300}",
        "sector": ("nhs_trust", "council", "university")[member % 3],
        "nation": ("wales", "england", "scotland")[member % 3],
        "pillars": ["estates", "employment"][: 1 + member % 2],
        "working_on": f"Work on {topic} in town{member % 997} for group{member % 211}. {extra}",
        "can_offer": f"Advice about {topic} and what it cost in year{member % 13}.",
        "looking_for": f"Others with topic{member // 7 % 89} or place{member % 401}.",
        "findable": True,
        "consent": True,
    }
