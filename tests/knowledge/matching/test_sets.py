"""Learning sets: what must hold of every set, and that better ones are preferred."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector, Stage
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.needs import SharedNeed
from knowledge.matching.sets import Rules, make_sets
from tests.knowledge.matching.people import GARDEN, add


def people(count, **fields):
    return [
        Profile(
            id=f"m{number:02}",
            **{name: value[number % len(value)] for name, value in fields.items()},
            looking_for=f"Question {number}",
        )
        for number in range(count)
    ]


def wants(*topics):
    return [
        SharedNeed(name, {place: 1.0 for place, one in enumerate(topics) if one == name}) for name in ("gardens", "pay")
    ]


def test_those_who_look_for_the_same_are_together_with_a_reason_and_a_question():
    found = make_sets(people(12), wants(*["gardens", "pay"] * 6), Rules(6, 8), 10)
    assert {group.topic: group.members for group in found.sets} == {
        "gardens": tuple(f"m{number:02}" for number in range(0, 12, 2)),
        "pay": tuple(f"m{number:02}" for number in range(1, 12, 2)),
    }
    assert found.optimal
    assert found.unplaced == ()
    gardens = next(group for group in found.sets if group.topic == "gardens")
    assert gardens.reason.startswith("6 members who are looking for much the same; ")
    assert "Question 0" in gardens.first_question


def test_who_finds_no_set_is_named():
    found = make_sets(people(7), wants(*["gardens"] * 6, "pay"), Rules(6, 8), 10)
    assert [len(group.members) for group in found.sets] == [6]
    assert found.unplaced == ("m06",)


def test_why_somebody_is_in_no_set_is_said():
    profiles = [*people(8), Profile(id="silent"), Profile(id="alone", looking_for="Bees")]
    found = make_sets(profiles, wants(*["gardens"] * 8), Rules(6, 7), 10)
    assert found.note is None
    assert len(found.unplaced) == 3
    [room] = set(found.unplaced) - {"silent", "alone"}
    assert found.reasons == {
        room: wording.UNPLACED_NO_ROOM,
        "silent": wording.UNPLACED_SAYS_NOTHING,
        "alone": wording.UNPLACED_TOO_FEW,
    }


def test_why_there_is_no_set_is_said():
    found = make_sets(people(7), wants(*["gardens", "pay"] * 3, "pay"), Rules(6, 8), 10)
    why = wording.NO_SET_TOO_FEW.format(smallest=6)
    assert (found.sets, found.note) == ((), f"{why} {wording.SMALLER_MAY_WORK}")
    assert set(found.reasons.values()) == {wording.UNPLACED_TOO_FEW}
    same_house = people(7, organisation=["House A"])
    found = make_sets(same_house, wants(*["gardens"] * 7), Rules(6, 8), 10)
    assert (found.sets, len(found.unplaced)) == ((), 7)
    assert found.note.startswith("There is no set yet: 6 or more members share “gardens”, but")
    assert "block" not in found.note


def test_sets_are_mixed_rather_than_of_one_kind():
    """Eight, four of each sector, nation and stage by turns: two sets of four can each have all of them."""
    profiles = people(
        8,
        sector=[Sector.NHS_TRUST] * 4 + [Sector.COUNCIL] * 4,
        nation=[Nation.WALES] * 4 + [Nation.ENGLAND] * 4,
        stage=[Stage.ESTABLISHED] * 4 + [Stage.STARTING] * 4,
    )
    found = make_sets(profiles, wants(*["gardens"] * 8), Rules(4, 4), 10)
    assert len(found.sets) == 2
    for group in found.sets:
        assert len({profile.sector for profile in profiles if profile.id in group.members}) == 2
        assert "2 sectors and 2 nations" in group.reason


def test_too_few_and_impossible_rules_are_said():
    with pytest.raises(MemberError, match="2 members"):
        make_sets(people(2), wants("pay", "pay"), Rules(), 1)
    for rules in (Rules(8, 6), Rules(1, 2), Rules(6, 99), Rules(6, 8, frozenset(), 0)):
        with pytest.raises(QuestionError):
            make_sets(people(9), wants(*["pay"] * 9), rules, 1)


def test_a_pillar_gathers_those_whose_topics_are_too_few():
    profiles = people(6, pillars=[("estates",)])
    found = make_sets(profiles, [], Rules(6, 8), 10)
    assert [group.topic for group in found.sets] == ["estates"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["gardens", "pay"]),
            st.sampled_from(["House A", "house a ", "House B", "House C", ""]),
            st.sampled_from([None, *Sector]),
            st.sampled_from([None, *Stage]),
        ),
        min_size=3,
        max_size=14,
    ),
    st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda pair: pair[0] != pair[1]), max_size=6),
    st.sampled_from([(3, 4), (3, 6), (4, 5)]),
    st.integers(1, 2),
)
def test_no_rule_is_ever_broken(drawn, apart, size, per_organisation):
    profiles = [
        Profile(id=f"m{number:02}", organisation=organisation, sector=sector, stage=stage)
        for number, (_, organisation, sector, stage) in enumerate(drawn)
    ]
    pairs = frozenset(frozenset((f"m{one:02}", f"m{other:02}")) for one, other in apart)
    rules = Rules(*size, pairs, per_organisation)
    if len(profiles) < size[0]:
        return
    found = make_sets(profiles, wants(*(row[0] for row in drawn)), rules, 5)
    placed = [member for group in found.sets for member in group.members]
    assert sorted([*placed, *found.unplaced]) == [profile.id for profile in profiles]
    by_id = {profile.id: profile for profile in profiles}
    for group in found.sets:
        assert size[0] <= len(group.members) <= size[1]
        assert not any(frozenset(pair) in pairs for pair in itertools.combinations(group.members, 2))
        names = [by_id[member].organisation.casefold().strip() for member in group.members]
        assert all(names.count(name) <= per_organisation for name in names if name)


def test_peers_make_sets_of_those_who_can_be_found_and_keep_blocks(peers):
    for number in range(7):
        add(
            peers,
            f"m{number}",
            GARDEN,
            looking_for="Opening hospital or clinic grounds to the public",
            organisation=f"House {number}",
            nation=list(Nation)[number % 4],
            sector=list(Sector)[number],
        )
    add(peers, "m0-again", GARDEN, display_name="Sample m0", organisation="House 0", sector=Sector.NHS_TRUST)
    add(peers, "hidden", GARDEN, findable=False)
    peers.block("m1", "m2")
    found = peers.learning_sets(Rules(6, 8))
    assert len(found.sets) == 1
    assert len(found.unplaced) == 1
    assert found.unplaced[0] in ("m1", "m2")
    assert set(found.sets[0].members) <= {f"m{number}" for number in range(7)}
    assert found.registered_again == {"m0-again": "m0"}


def test_members_with_different_names_are_all_counted(peers):
    names = ["Jane Doe", "Omar Said", "Eve Roe"]
    for number, name in enumerate(names):
        house = "Riverside NHS Trust" if number else "Lakeside NHS Trust"
        add(peers, f"m{number}", GARDEN, display_name=name, organisation=house, looking_for="How to open our grounds")
    found = peers.learning_sets(Rules(3, 4, per_organisation=2))
    assert found.registered_again == {}
    assert sorted([*(one for group in found.sets for one in group.members), *found.unplaced]) == ["m0", "m1", "m2"]


def test_more_members_than_can_be_compared_are_refused_before_they_are(peers, monkeypatch):
    monkeypatch.setattr("knowledge.matching.peers._MOST_IN_SETS", 1)
    for one in ("ann", "bob"):
        add(peers, one, GARDEN, display_name=one)
    with pytest.raises(MemberError, match="at most 1 members who can be found, and there are 2"):
        peers.learning_sets(Rules())
