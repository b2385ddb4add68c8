"""What a small act asks of the database does not grow with the network: what is over is not gone through again."""

import itertools
import random
import re
from datetime import timedelta
from functools import partial

import pytest

from knowledge.dates import stamp
from knowledge.domain.members import Introduction
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import DueKind
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError
from knowledge.insights.figures import outcome_tables
from knowledge.matching import notices
from knowledge.matching import peers as front
from knowledge.matching.sets import Rules
from knowledge.privacy.member_data import PersonalData
from tests.knowledge.answering.test_statements import statements_of
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

STATES = (State.ASKED, State.ACCEPTED, State.DECLINED)
KINDS = (DueKind.REQUEST, DueKind.LAPSED, DueKind.INTRODUCED, DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE)


@pytest.fixture
def asked(peers, monkeypatch):
    """The statements that the store of members runs."""
    return statements_of(peers.library.members._connections, monkeypatch)


def plan_of(connections, statement, values, *, small=False):
    """How a statement is run. A server reads a `small` table whole, unless it is told not to."""
    if not hasattr(connections, "address"):
        with connections.read() as connection:
            return "\n".join(str(tuple(row)) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values))
    import psycopg

    from knowledge.storage.postgres.statements import translated

    # On a connection of its own: the plan is no answer that another network must not get.
    with psycopg.connect(connections.address) as raw:
        raw.execute(f"SET enable_seqscan = {'off' if small else 'on'}")
        query = translated(statement)
        marked = {f"v{place}": value for place, value in enumerate(values, start=1)} if "%(v1)s" in query else values
        return "\n".join(row[0] for row in raw.execute(f"EXPLAIN {query}", marked))


def introduce(peers, clock, seeker, other, state, days, number):
    """Store an introduction that was asked for some days ago, and answered on the next, if it was."""
    asked_at = clock.now - timedelta(days=days)
    answered = None if state is State.ASKED else stamp(asked_at + timedelta(days=1))
    made = Introduction(
        id=f"i{number}",
        seeker=seeker,
        other=other,
        topic="",
        state=state,
        asked_at=stamp(asked_at),
        answered_at=answered,
    )
    peers.library.members.add_introduction(made)
    return made


def test_a_look_for_notices_does_not_go_through_what_was_said(peers, clock, asked):
    people = [f"m{number}" for number in range(9)]
    for one in people:
        add(peers, one, GARDEN)
    clock.forward(days=100)
    numbers, counts = itertools.count(), []
    for _ in range(2):
        for seeker, other in itertools.combinations(people, 2):
            state = (State.ACCEPTED, State.ASKED, State.DECLINED)[next(numbers) % 3]
            introduce(peers, clock, seeker, other, state, 100, next(numbers))
        for due in peers.due():
            peers.said(due)
        del asked[:]
        assert peers.due() == []
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 40


def test_what_is_passed_over_is_what_nothing_is_said_about(peers, clock, monkeypatch):
    """Whatever was said, answered, blocked or paused: all introductions gone through give the same notices."""
    draw, store = random.Random(6), peers.library.members
    people = [f"m{number}" for number in range(8)]
    for one in people:
        add(peers, one, GARDEN)
    clock.forward(days=100)
    with store.atomically():
        for number in range(70):
            seeker, other = draw.sample(people, 2)
            made = introduce(peers, clock, seeker, other, draw.choice(STATES), draw.choice([3, 20, 40, 70]), number)
            for kind, one in itertools.product(KINDS, (seeker, other)):
                if draw.random() < 0.6:
                    store.save_said(one, f"{kind}:{made.id}", made.asked_at)
            for kind, one in itertools.product(KINDS[3:], (seeker, other)):
                if draw.random() < 0.2:
                    store.save_answer(made.id, one, kind, answer=draw.random() < 0.5, moment=made.asked_at)
    peers.pause("m3")
    peers.block("m4", "m5")
    found = peers.due()
    monkeypatch.setattr(store, "introductions_to_tell", lambda *_: store.introductions_in(STATES))
    assert found == peers.due()
    assert {due.kind for due in found} == set(KINDS)


def test_of_those_who_wait_a_look_reads_the_next_alone(peers, monkeypatch):
    monkeypatch.setattr(notices, "_FITTED_AT_ONCE", 2)
    people = ("ann", "bob", "cat", "dot")
    for one in people:
        add(peers, one, WANTS_GARDEN, display_name=one)
        peers.tell_me(one)
    add(peers, "gardener", GARDEN, display_name="gardener")
    peers.pause("dot")
    read, members = [], peers.library.members.members
    monkeypatch.setattr(peers.library.members, "members", lambda ids: read.append(set(ids)) or members(ids))
    looks = []
    for _ in range(3):
        del read[:]
        looks.append({one.member_id for one in peers.due()})
        assert looks[-1] in read
    assert [len(one) for one in looks] == [2, 2, 2]
    assert peers.due(fits=False) == []
    assert set.union(*looks) == {"ann", "bob", "cat"}


def test_who_is_behind_a_button_is_looked_up_and_not_tried_out(peers, asked):
    store = peers.library.members
    for one in ("ann", "web-bob"):
        add(peers, one, GARDEN)
    known = {one: store.handle("list", one) for one in ("ann", "web-bob")}
    add(peers, "ann", WANTS_GARDEN)
    assert store.handle("list", "ann") == known["ann"] != store.handle("other list", "ann")
    assert [store.has_ids_of(one) for one in ("web-", "web-c", "x")] == [True, False, False]
    del asked[:]
    assert [store.behind("list", handle) for handle in known.values()] == ["ann", "web-bob"]
    assert [one for one in asked if "FROM members" in one] == ["SELECT id FROM members WHERE number = ?"] * 2
    flipped = known["ann"][:-1] + ("0" if known["ann"][-1] != "0" else "1")
    for nobody in (flipped, known["ann"].replace(known["ann"][0], "x"), known["ann"][:-2], "ann", ""):
        assert store.behind("list", nobody) is None
    assert store.behind("other list", known["ann"]) is None
    peers.forget("ann")
    assert store.behind("list", known["ann"]) is None
    add(peers, "ann", GARDEN)
    assert store.handle("list", "ann") != known["ann"]


def test_handles_of_messages_from_before_are_known(peers):
    store = peers.library.members
    stranger = store.handle("list", "ann")
    assert (len(stranger), store.behind("list", stranger)) == (20, None)
    add(peers, "ann", GARDEN)
    assert store.behind("list", stranger) == "ann"


def test_who_left_is_looked_for_once_and_is_kept_apart_when_they_come_back(peers, asked):
    store, library = peers.library.members, peers.library
    for one in ("ann", "1001", "1002"):
        add(peers, one, GARDEN, display_name=one)
    for one in ("1001", "1002"):
        peers.block("ann", one)
        peers.forget(one)
    assert store.kept_apart("ann") == set()
    del asked[:]
    assert store.kept_apart("ann") == set()
    assert [one for one in asked if one == "SELECT id FROM members"] == []
    add(peers, "1001", GARDEN)
    add(peers, "web-bob", GARDEN)
    PersonalData(library, peers, None).join("web-bob", "1002")
    assert store.kept_apart("ann") == {"1001", "1002"} == set(store.blocked_by("ann"))
    assert store.kept_apart("1001") == store.kept_apart("1002") == {"ann"}
    assert peers.unblock("ann", "1001")
    peers.forget("1002")
    assert store.kept_apart("ann") == set()


def test_what_each_look_asks_for_has_an_index(peers, asked):
    store, connections = peers.library.members, peers.library.members._connections
    handle = (add(peers, "ann", GARDEN), store.handle("list", "ann"))[1]
    for look, values, index in (
        (partial(store.behind, "list", handle), [1], "members_by_number"),
        (store.waiting_ids, [], "members_waiting"),
        (partial(store.consented_before, "2025", "5"), ["2025", "5"], "members_by_consent"),
        (partial(store.inactive_since, "2025"), ["2025"], "members_by_activity"),
        (partial(store.has_ids_of, "web-"), ["web-", "web."], "members_pkey|sqlite_autoindex_members"),
    ):
        del asked[:]
        look()
        [statement] = [one for one in asked if "FROM members " in one]
        assert re.search(index, plan_of(connections, statement, values, small=True))


def test_too_many_for_learning_sets_are_counted_and_not_read(peers, monkeypatch):
    for one in ("ann", "bob", "cat"):
        add(peers, one, GARDEN, display_name=one)
    peers.pause("cat")
    monkeypatch.setattr(front, "_MOST_IN_SETS", 1)
    monkeypatch.setattr(peers.library.members, "members", None)
    with pytest.raises(MemberError, match="there are 2"):
        peers.learning_sets(Rules(3, 4))


def test_the_report_counts_members_of_whom_the_same_is_so_together(peers):
    for number in range(12):
        add(peers, f"m{number}", GARDEN if number % 3 else WANTS_GARDEN, region=f"{number}")
    peers.accept("m1", peers.ask("m0", "m1").id)
    found = peers.library.insights.participation("2026", "2027")
    assert sorted((str(one.profile.nation), one.members, one.asked, one.introduced) for one in found) == [
        ("england", 1, True, True),
        ("england", 7, False, False),
        ("wales", 1, True, True),
        ("wales", 3, False, False),
    ]
    assert {one.profile.pillars for one in found} == {("estates",), ("employment",)}
    [by_nation] = [table for table in outcome_tables(found) if table.key == "outcomes_by_nation"]
    assert ("All", 12) in [(row.name, row.figures[0]) for row in by_nation.rows]


def test_the_next_messages_are_taken_in_order_whatever_is_known_of_how_many_wait(peers, clock, asked):
    outbox, connections = peers.library.outbox, peers.library.outbox._connections
    with peers.library.members.atomically():
        for number in range(200):
            outbox.add(Message(recipient=f"m{number}", kind="digest.direct", data={}), clock.now)
    del asked[:]
    assert len(outbox.take(["digest.direct", "digest.mail"], clock.now)) == 20
    [statement] = [one for one in asked if "AS waits" in one]
    values = [stamp(clock.now), 20, "web-", False, 1, "[]", "digest.direct", "digest.mail"]
    plan = plan_of(connections, statement, values)
    assert "outbox_waiting" in plan
    assert not re.search("Sort|Hash|B-TREE|Seq Scan|SCAN earlier", plan), plan
    assert outbox.take([], clock.now) == []


def test_who_erases_themselves_has_each_table_looked_through_once(peers, asked):
    gone = "123456789012345678"
    add(peers, gone, GARDEN)
    add(peers, "other", GARDEN | {"working_on": f"Gardens with <@{gone}>."})
    peers.forget(gone)
    del asked[:]
    assert peers.library.store.erase_mentions(gone) == 1
    changes = [one for one in asked if "SET" in one and "replace(" in one]
    assert changes
    assert all('"members"' in one for one in changes)
    assert peers.profile("other").profile.working_on == "Gardens with a member."
