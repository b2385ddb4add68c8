"""Introductions: what each of the two sees, limits, follow-ups, and what happens at the same moment."""

import threading

import pytest

from knowledge.domain.ids import new_id
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.peers import Peers
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, Clock, add, open_library

ASKED, ACCEPTED, LAPSED = IntroductionState.ASKED, IntroductionState.ACCEPTED, IntroductionState.LAPSED


@pytest.fixture
def two(peers):
    add(peers, "ann", WANTS_GARDEN)
    add(peers, "bob", GARDEN)
    return peers


def state(peers, member_id):
    return [(one.state, one.mine, one.counterpart) for one in peers.standings(member_id)]


def kinds(peers, member_id):
    return [due.kind for due in peers.due() if due.member_id == member_id]


def say_all(peers):
    for due in peers.due():
        peers.said(due)


def test_an_accepted_request_gives_both_an_opening(two):
    introduction = two.ask("ann", "bob", "Our lawn")
    assert (introduction.state, kinds(two, "bob")) == (ASKED, [DueKind.REQUEST])
    assert state(two, "bob") == [(ASKED, False, "ann")]
    opening = two.accept("bob", introduction.id)
    assert opening.writes_first == "ann"
    assert opening.first_line == (
        "Sample ann and Sample bob, you both agreed to meet. Sample ann, please write first. It is about: “Our lawn”"
    )
    assert opening.in_common == ()  # no field of theirs is the same; what they have in common is not guessed
    assert two.opening("ann", introduction.id) == opening
    assert state(two, "ann") == [(ACCEPTED, True, "bob")]
    assert kinds(two, "ann") == kinds(two, "bob") == [DueKind.INTRODUCED]


def test_a_request_can_be_answered_by_who_asked_and_twice(two):
    two.ask("ann", "bob")
    assert two.accept("bob", "ann") == two.accept("bob", "ann")
    with pytest.raises(MemberError, match="no open request"):
        two.decline("bob", "ann")


def test_to_the_seeker_a_decline_is_silence(peers, clock):
    for name in ("ann", "eve"):
        add(peers, name, WANTS_GARDEN, organisation=name)
    add(peers, "bob", GARDEN)
    peers.ask("ann", "bob")
    peers.ask("eve", "bob")
    peers.decline("bob", "ann")

    def seen(name):
        return (
            state(peers, name),
            kinds(peers, name),
            [match.member_id for match in peers.match(name).matches],
            peers.export(name).model_dump_json().count("declined"),
        )

    for _ in range(5):
        assert seen("ann")[0] == seen("eve")[0]
        assert seen("ann")[1] == seen("eve")[1]
        assert "bob" not in seen("ann")[2] + seen("eve")[2]
        assert seen("ann")[3] == 0
        for name in ("ann", "eve"):
            with pytest.raises(MemberError, match="asked that member already"):
                peers.ask(name, "bob")
        clock.forward(days=4)
    assert state(peers, "ann") == [(LAPSED, True, "bob")]
    assert kinds(peers, "ann") == [DueKind.LAPSED]


def test_after_its_time_a_request_cannot_be_accepted(two, clock):
    two.ask("ann", "bob")
    clock.forward(days=15)
    with pytest.raises(MemberError, match="its time has passed"):
        two.accept("bob", "ann")
    assert kinds(two, "bob") == []


def test_a_request_can_be_withdrawn_and_is_not_repeated(two):
    two.ask("ann", "bob")
    two.withdraw("ann", "bob")
    assert state(two, "bob") == []
    with pytest.raises(MemberError, match="nobody is asked twice"):
        two.ask("ann", "bob")
    with pytest.raises(MemberError, match="no open request"):
        two.withdraw("ann", "bob")
    with pytest.raises(MemberError, match="no open request"):
        two.accept("bob", "ann")


def test_who_asks_somebody_that_asked_them_accepts(two):
    first = two.ask("ann", "bob")
    second = two.ask("bob", "ann")
    assert (second.id, second.state) == (first.id, ACCEPTED)
    with pytest.raises(MemberError, match="introduced to that member already"):
        two.ask("ann", "bob")


def test_a_decline_leaves_the_other_free_to_ask_later(two):
    two.ask("ann", "bob")
    two.decline("bob", "ann")
    assert two.ask("bob", "ann").state is ASKED


def prepare(peers, why):
    match why:
        case "unknown":
            peers.forget("bob")
        case "hidden":
            peers.set_findable("bob", findable=False)
        case "paused":
            peers.pause("bob")
        case "blocking":
            peers.block("bob", "ann")
        case "blocked":
            peers.block("ann", "bob")
        case "asked often":
            for name in ("x", "y"):
                add(peers, name)
                peers.ask(name, "bob")


@pytest.mark.parametrize("why", ["unknown", "hidden", "paused", "blocking", "blocked", "asked often"])
def test_whoever_cannot_be_asked_gives_the_same_error(two, why):
    prepare(two, why)
    with pytest.raises(MemberError) as raised:
        two.ask("ann", "bob")
    assert str(raised.value) == wording.CANNOT_ASK


@pytest.mark.parametrize("why", ["unknown", "blocking", "blocked"])
def test_a_request_from_before_is_closed_when_one_of_them_leaves_or_blocks(two, why):
    introduction = two.ask("ann", "bob")
    prepare(two, why)
    with pytest.raises(MemberError):
        two.accept("bob", introduction.id)
    assert [counterpart for _, _, counterpart in state(two, "ann")] in ([], [None])
    assert two.due() == []


def test_a_seeker_who_pauses_or_leaves_takes_the_request_along(two):
    introduction = two.ask("ann", "bob")
    two.pause("ann")
    assert state(two, "bob") == []
    assert two.due() == []
    with pytest.raises(MemberError, match="no open request"):
        two.accept("bob", introduction.id)
    two.resume("ann")
    assert state(two, "bob") == [(ASKED, False, "ann")]
    two.forget("ann")
    with pytest.raises(MemberError, match="no open request"):
        two.accept("bob", introduction.id)


def test_who_is_paused_takes_no_part(two):
    two.ask("ann", "bob")
    two.pause("bob")
    for action in (lambda: two.accept("bob", "ann"), lambda: two.ask("bob", "ann")):
        with pytest.raises(MemberError, match="You are paused"):
            action()
    assert two.decline("bob", "ann").state is IntroductionState.DECLINED


def test_nobody_meets_themselves(two):
    with pytest.raises(QuestionError):
        two.ask("ann", "ann")
    with pytest.raises(QuestionError):
        two.block("ann", "ann")


def test_a_member_may_take_more_requests_or_none(peers):
    add(peers, "keen", GARDEN, requests_a_month=3)
    add(peers, "busy", GARDEN, requests_a_month=0, organisation="Other house", nation="wales")
    for number in range(4):
        add(peers, f"asker{number}", WANTS_GARDEN)
    for number in range(3):
        peers.ask(f"asker{number}", "keen")
    for name in ("keen", "busy"):
        with pytest.raises(MemberError, match="cannot be asked"):
            peers.ask("asker3", name)


def test_follow_ups_come_after_two_and_eight_weeks_once(two, clock):
    introduction = two.ask("ann", "bob")
    two.accept("bob", introduction.id)
    say_all(two)
    assert two.due() == []
    clock.forward(days=14)
    assert kinds(two, "ann") == kinds(two, "bob") == [DueKind.DID_YOU_SPEAK]
    assert two.answer("ann", introduction.id, DueKind.DID_YOU_SPEAK, yes=True) is False
    assert two.answer("bob", introduction.id, DueKind.DID_YOU_SPEAK, yes=False) is False
    assert two.due() == []
    clock.forward(days=42)
    # Who said that they did not speak is not asked what it changed.
    assert (kinds(two, "ann"), kinds(two, "bob")) == ([DueKind.DID_IT_CHANGE], [])
    assert two.answer("ann", introduction.id, DueKind.DID_IT_CHANGE, yes=True) is True
    assert two.due() == []
    with pytest.raises(MemberError):
        two.answer("ann", "another", DueKind.DID_YOU_SPEAK, yes=True)


def test_what_was_said_is_not_said_again(two, clock):
    two.ask("ann", "bob")
    say_all(two)
    assert two.due() == []
    clock.forward(days=15)
    assert [due.kind for due in two.due()] == [DueKind.LAPSED]


def test_the_unmatched_are_told_when_somebody_fits_once(peers):
    add(peers, "ann", WANTS_GARDEN)
    assert wording.NOBODY_AT_ALL in peers.match("ann").note
    peers.tell_me("ann")
    assert peers.due() == []
    add(peers, "bob", GARDEN)
    due = peers.due()
    assert [(one.kind, one.member_id, one.counterpart) for one in due] == [(DueKind.SOMEONE_FITS, "ann", "bob")]
    peers.said(due[0])
    assert peers.due() == []
    assert not peers.profile("ann").waiting


def test_old_introductions_and_absent_members_expire(two, clock):
    two.ask("ann", "bob")
    clock.forward(days=366)
    two.library.store.accept_clock(clock())
    two.set_findable("ann", findable=True)
    assert two.expire() == 0
    assert state(two, "ann") == []
    clock.forward(days=365)
    two.library.store.accept_clock(clock())
    assert [due.kind for due in two.due()] == [DueKind.RENEW_CONSENT]
    assert two.expire() == 0  # `due` did it
    assert [member.profile.id for member in two.library.members.members()] == ["ann"]


def at_once(*actions):
    """Run actions in threads that start at the same moment; their results or errors."""
    barrier, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place, action):
        barrier.wait()
        try:
            results[place] = action()
        except MemberError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_ask_each_other_at_the_same_moment_are_introduced_once(two, tmp_path):
    other = Peers(open_library(tmp_path / "data"), Clock(), lambda: "from-other")
    results = at_once(lambda: two.ask("ann", "bob"), lambda: other.ask("bob", "ann"))
    assert {result.id for result in results} == {two.standings("ann")[0].introduction_id}
    assert sorted(result.state for result in results) == [ACCEPTED, ASKED]
    assert [one.state for one in two.standings("bob")] == [ACCEPTED]
    other.library.close()


def test_many_requests_at_the_same_moment_keep_to_the_limit(peers):
    add(peers, "star", GARDEN)
    for number in range(6):
        add(peers, f"asker{number}", WANTS_GARDEN)
    results = at_once(*(lambda number=number: peers.ask(f"asker{number}", "star") for number in range(6)))
    assert sum(isinstance(result, MemberError) for result in results) == 4
    assert len(peers.standings("star")) == 2


def test_leaving_and_accepting_at_the_same_moment_leaves_nothing(two):
    introduction = two.ask("ann", "bob")
    accepted, forgotten = at_once(lambda: two.accept("bob", introduction.id), lambda: two.forget("ann"))
    assert forgotten.left == 0
    assert isinstance(accepted, MemberError) or accepted.writes_first == "ann"
    assert two.standings("bob") == []


def test_ids_are_never_taken_for_an_option():
    ids = [new_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert all(one.isascii() and one.isalnum() for one in ids)
