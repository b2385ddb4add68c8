"""The coffee rota: across sectors, never the same pair again, nobody left out twice, with pauses."""

import itertools
import threading
from datetime import date

import pytest

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import coffee_rota, wording
from knowledge.matching.coffee_rota import NOBODY, possible_pairs, weighted_pairs
from knowledge.matching.visibility import requests
from tests.knowledge.matching.people import add

SECTORS = ("nhs_trust", "council", "university")


@pytest.fixture
def rota(peers, clock):
    """Five members: two of the NHS, two of councils, one of a university."""
    for number, sector in enumerate(("nhs_trust", "nhs_trust", "council", "council", "university")):
        add(peers, f"m{number}", sector=sector, working_on="Payroll", pillars=["employment"])
        peers.join_coffee(f"m{number}")
    return peers


def pairs_of(peers):
    found = peers.library.members.introductions_in((IntroductionState.ACCEPTED,))
    return [frozenset((one.seeker, one.other)) for one in found]


def months(peers, clock, count):
    """Draw for some months; each one's pairs, and who was left out."""
    drawn = []
    for _ in range(count):
        before = len(pairs_of(peers))
        peers.draw_coffee()
        new = pairs_of(peers)[before:]
        out = {one.member_id for one in peers.library.members.coffee_members()} - set(itertools.chain(*new))
        drawn.append((new, out))
        clock.forward(days=35)
    return drawn


def sector(peers, member_id):
    return peers.profile(member_id).profile.sector


def test_pairs_are_across_sectors_never_again_and_nobody_is_left_out_twice_running(rota, clock):
    drawn = months(rota, clock, 3)
    for pairs, out in drawn:
        assert len(pairs) == 2
        assert len(out) == 1
        assert all(len({sector(rota, one) for one in pair}) == 2 for pair in pairs)
    every = [pair for pairs, _ in drawn for pair in pairs]
    assert len(every) == len(set(every))
    assert all(not before & after for (_, before), (_, after) in itertools.pairwise(drawn))


def test_a_month_is_drawn_once_and_on_a_working_day(rota, clock):
    assert rota.draw_coffee() == 2
    assert rota.draw_coffee() == 0
    clock.forward(days=33)  # a Saturday
    assert clock().strftime("%A") == "Saturday"
    assert rota.draw_coffee() == 0
    clock.forward(days=2)
    assert rota.draw_coffee() == 2


def test_both_hear_of_each_other_and_are_asked_how_it_went_and_who_is_left_out_is_told(rota, clock):
    rota.draw_coffee()
    introduced = [due for due in rota.due() if due.kind is DueKind.INTRODUCED]
    assert len(introduced) == 4
    opening = rota.opening(introduced[0].member_id, introduced[0].introduction_id)
    assert "a coffee, online or in person (March 2026)" in opening.first_line
    (left_out,) = {f"m{number}" for number in range(5)} - {due.member_id for due in introduced}
    assert [message.kind for message in rota.library.outbox.waiting_for(left_out)] == [NOBODY]
    clock.forward(days=15)
    assert DueKind.DID_YOU_SPEAK in {due.kind for due in rota.due()}


def test_who_pauses_is_back_by_themselves(rota, clock):
    rota.pause_coffee("m4", date(2026, 4, 10))
    (_, first), (_, second) = months(rota, clock, 2)
    assert first == {"m4"}  # drawn in March, without anybody being told that there was nobody
    assert rota.library.outbox.waiting_for("m4") == []
    assert second == {"m4"}  # 6 April
    clock.forward(days=-5)
    months(rota, clock, 1)
    assert rota.library.members.coffee_months("m4") == ["2026-05"]


def test_blocks_pauses_of_the_profile_and_people_who_have_met_are_kept_to(rota):
    rota.block("m0", "m2")
    rota.pause("m3")
    rota.draw_coffee()
    assert frozenset(("m0", "m2")) not in pairs_of(rota)
    assert not any("m3" in pair for pair in pairs_of(rota))


def test_who_may_take_part(peers):
    add(peers, "ann", sector=None)
    with pytest.raises(MemberError, match="sort of organisation"):
        peers.join_coffee("ann")
    with pytest.raises(MemberError):
        peers.join_coffee("nobody")
    with pytest.raises(MemberError, match="nothing to pause"):
        peers.pause_coffee("ann", date(2027, 1, 1))
    with pytest.raises(QuestionError, match="in the future"):
        peers.pause_coffee("ann", date(2020, 1, 1))
    assert not peers.leave_coffee("ann")


def test_it_is_exported_and_erased(rota):
    rota.draw_coffee()
    exported = rota.export("m0")
    assert exported.coffee_rota is not None
    assert rota.leave_coffee("m0")
    rota.forget("m0")
    assert rota.library.members.coffee_member("m0") is None
    assert not any("m0" in pair for pair in rota.library.members.coffee_history())
    assert wording.COFFEE_TOPIC


def test_a_whole_network_is_paired_in_seconds():
    profiles = [Profile(id=f"p{number:03}", sector=SECTORS[number % 3]) for number in range(300)]
    worth = possible_pairs(profiles, set(), {"p000"}, "2026-06")
    pairs = weighted_pairs(worth, 10)
    assert len(pairs) == 150
    assert len(set(itertools.chain(*pairs))) == 300


def test_of_many_nearly_all_are_paired_however_little_time_there_is():
    profiles = [Profile(id=f"p{number:04}", sector=SECTORS[number % 3]) for number in range(900)]
    left_out = {f"p{number:04}" for number in range(0, 900, 40)}
    worth = possible_pairs(profiles, set(), left_out, "2026-06")
    pairs = weighted_pairs(worth, 0.2)
    paired = set(itertools.chain(*pairs))
    assert len(paired) == 2 * len(pairs) >= 850
    assert left_out <= paired


def alone(peers, count):
    """Let some members of different sectors take part, and nobody else."""
    for number, sector in enumerate(SECTORS[:count]):
        add(peers, f"c{number}", sector=sector)
        peers.join_coffee(f"c{number}")


def test_a_pair_is_nobodys_request(peers, clock):
    alone(peers, 2)
    assert peers.draw_coffee() == 1
    (shown,) = peers.standings("c0")
    assert shown.coffee
    assert requests(peers.library.members, ["c0", "c1"], clock()) == {"c0": 0, "c1": 0}
    assert peers.library.insights.introductions("2026", "2027") == []
    assert not any(part.asked for part in peers.library.insights.participation("2026", "2027"))


def test_who_was_introduced_before_is_not_paired_and_an_open_request_is_over(peers, clock):
    alone(peers, 3)
    peers.accept("c1", peers.ask("c0", "c1").id)
    waiting = peers.ask("c0", "c2")
    assert peers.draw_coffee() == 1
    (pair,) = [one for one in peers.standings("c2") if one.coffee]
    assert pair.counterpart in ("c0", "c1")
    assert (peers.library.members.introduction(waiting.id) is None) == (pair.counterpart == "c0")
    peers.forget("c2")
    clock.forward(days=35)
    peers.draw_coffee()
    assert [one.coffee for one in peers.standings("c0")] in ([False], [False, True])
    assert frozenset(("c0", "c1")) not in peers.library.members.coffee_history()


def test_others_write_while_pairs_are_sought_and_what_they_changed_counts(peers, monkeypatch):
    alone(peers, 2)
    writers, waited = [], []

    def slow(worth, seconds):
        pairs = weighted_pairs(worth, seconds)
        writers.append(threading.Thread(target=peers.block, args=pairs[0]))
        writers[0].start()
        writers[0].join(5)
        waited.append(writers[0].is_alive())
        return pairs

    monkeypatch.setattr(coffee_rota, "weighted_pairs", slow)
    assert peers.draw_coffee() == 0
    writers[0].join()
    assert waited == [False]
    assert pairs_of(peers) == []
    assert {one.left_out is not None for one in peers.library.members.coffee_members()} == {True}
