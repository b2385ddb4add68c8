"""What one member may ask of others: how many at a time and in a month, when again, and what an introduction ends."""

import pytest

from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.errors import MemberError
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

ASKED, ACCEPTED, LAPSED = IntroductionState.ASKED, IntroductionState.ACCEPTED, IntroductionState.LAPSED


@pytest.fixture
def many(peers):
    add(peers, "ann", WANTS_GARDEN)
    for number in range(18):
        add(
            peers,
            f"bob{number}",
            GARDEN,
            organisation=f"House {number}",
            display_name=f"Sample {'abcdefghijklmnopqr'[number]}",
        )
    return peers


def test_five_requests_wait_at_a_time(many):
    for number in range(5):
        many.ask("ann", f"bob{number}")
    with pytest.raises(MemberError, match="5 of your requests are waiting"):
        many.ask("ann", "bob5")
    many.withdraw("ann", "bob0")
    many.ask("ann", "bob5")


def test_a_decline_waits_as_long_as_silence_does(many):
    for number in range(5):
        many.decline("bob0", many.ask("ann", f"bob{number}").id) if number == 0 else many.ask("ann", f"bob{number}")
    with pytest.raises(MemberError, match="5 of your requests are waiting"):
        many.ask("ann", "bob5")


def test_ten_are_asked_in_a_month_whatever_becomes_of_it(many, clock):
    for number in range(10):
        many.withdraw("ann", many.ask("ann", f"bob{number}").id)
    with pytest.raises(MemberError, match="10 members in the last 30 days"):
        many.ask("ann", "bob10")
    clock.forward(days=31)
    many.ask("ann", "bob10")


def test_who_is_asked_back_accepts_whatever_they_have_asked_themselves(many):
    for number in range(5):
        many.ask("ann", f"bob{number}")
    many.ask("bob9", "ann")
    assert many.ask("ann", "bob9").state is ACCEPTED


@pytest.mark.parametrize("outcome", ["silence", "decline", "withdrawal"])
def test_what_came_to_nothing_may_be_asked_again_after_three_months(many, clock, outcome):
    asked = many.ask("ann", "bob0")
    if outcome == "decline":
        many.decline("bob0", asked.id)
    if outcome == "withdrawal":
        many.withdraw("ann", asked.id)
    clock.forward(days=89)
    assert "bob0" not in {one.member_id for one in many.match("ann", k=15).matches}
    with pytest.raises(MemberError, match="You can ask again from Sunday 31 May 2026"):
        many.ask("ann", "bob0")
    clock.forward(days=2)
    assert "bob0" in {one.member_id for one in many.match("ann", k=15).matches}
    again = many.ask("ann", "bob0")
    assert (again.state, again.id != asked.id) == (ASKED, True)
    with pytest.raises(MemberError, match="nobody is asked twice"):
        many.ask("ann", "bob0")


def test_accepting_ends_what_else_the_two_asked_of_each_other(many, clock):
    many.decline("bob0", many.ask("ann", "bob0").id)
    clock.forward(days=5)
    many.accept("ann", many.ask("bob0", "ann").id)
    assert [(one.state, one.mine) for one in many.standings("ann")] == [(ACCEPTED, False)]
    clock.forward(days=20)
    kinds = [due.kind for due in many.due() if due.member_id == "ann"]
    assert DueKind.LAPSED not in kinds
    assert DueKind.INTRODUCED in kinds


def test_a_second_request_that_is_accepted_ends_the_first(many, clock):
    many.ask("ann", "bob0")
    clock.forward(days=91)
    opening = many.accept("bob0", many.ask("ann", "bob0").id)
    assert [(one.introduction_id, one.state) for one in many.standings("bob0")] == [(opening.introduction_id, ACCEPTED)]
    with pytest.raises(MemberError, match="introduced to that member already"):
        many.ask("bob0", "ann")


def test_three_questions_go_to_members_in_a_day_and_ten_in_a_month(many, clock):
    many.library.settings  # noqa: B018 - each member takes two a month: eighteen of them are enough
    passed = 0
    for day in range(4):
        for number in range(3):
            if day * 3 + number == 10:
                with pytest.raises(MemberError, match="10 questions to members in the last 30 days"):
                    many.ask_peers("ann", f"{GARDEN['working_on']} {day} {number}")
                return
            assert many.ask_peers("ann", f"{GARDEN['working_on']} {day} {number}").question_id, passed
            passed += 1
        if day < 3:
            with pytest.raises(MemberError, match="3 questions to members today"):
                many.ask_peers("ann", f"{GARDEN['working_on']} {day} more")
        clock.forward(days=1, minutes=1)
