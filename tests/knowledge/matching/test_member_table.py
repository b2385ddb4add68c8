"""All members in memory as bytes: what is kept of them, what is caught up with, and that the others are not read."""

import numpy as np
import pytest

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector
from knowledge.matching import notices
from knowledge.matching.member_table import MemberTable, as_bytes, code
from knowledge.matching.texts import SCHEME, texts_of
from knowledge.storage.member_protocols import OfferRow
from knowledge.storage.sqlite import member_vectors
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, Clock, add, open_peers

DIMENSION = 24


def vectors(count):
    return np.random.default_rng(3).normal(size=(count, DIMENSION)).astype(np.float32)


def row(member_id, vector, **changed):
    return OfferRow(member_id, 1, hidden=False, offer=as_bytes(vector))._replace(**changed)


def test_bytes_tell_who_is_near_about_as_well_as_the_vectors():
    table, found, need = MemberTable(DIMENSION), vectors(1000), vectors(1)[0]
    for start in range(0, 1000, 70):
        table.put([row(f"m{one}", found[one]) for one in range(start, min(start + 70, 1000))])
    likeness = table.rows().likeness(need)
    assert list(table.rows().ids) == [f"m{one}" for one in range(1000)]
    assert np.abs(likeness - found @ need).max() < 0.2
    assert set(np.argsort(-likeness)[:20]) <= set(np.argsort(-(found @ need))[:25])


def test_a_changed_row_is_written_over_and_who_has_gone_is_left_out():
    table, (one, two, three) = MemberTable(DIMENSION), vectors(3)
    table.put([row("a", one, sector="council"), row("b", two), row("c", three)])
    before = table.rows()
    table.put([row("b", three, hidden=True, nation="wales")])
    assert len(table) == 3
    assert table.rows().hidden.tolist() == before.hidden.tolist() == [False, True, False]
    assert table.rows().nation.tolist() == [-1, code(Nation.WALES), -1]
    left = table.without({"a", "c"})
    assert list(left.rows().ids) == ["a", "c"]
    assert left.rows().sector.tolist() == [code(Sector.COUNCIL), -1]
    left.put([row("b", two)])
    assert list(left.rows().ids) == ["a", "c", "b"]
    zero = np.zeros(DIMENSION, dtype=np.float32)
    left.put([row("b", zero)])
    assert left.rows().likeness(one)[2] == 0


def test_a_process_reads_the_profiles_of_the_nearest_alone(peers, tmp_path, monkeypatch):
    peers.save_all(
        {**GARDEN, "id": f"m{one}", "display_name": f"Sample {one}", "findable": True, "consent": True}
        for one in range(160)
    )
    add(peers, "seeker", WANTS_GARDEN)
    expected = peers.match("seeker").matches
    other = open_peers(tmp_path / "data", Clock())
    try:
        read, members = [], other.library.members.members
        monkeypatch.setattr(other.library.members, "members", lambda ids: read.extend(ids) or members(ids))
        found = other.match("seeker").matches
        assert [one.member_id for one in found] == [one.member_id for one in expected]
        assert 24 <= len(read) <= 110
        assert other.library.chosen_embedder.embedded == []
    finally:
        other.library.close()


def test_presence_alone_is_nothing_to_catch_up_with(peers, clock):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "gardener", GARDEN)
    peers.match("seeker")
    before = peers.library.members.version()
    clock.forward(days=2)
    peers.match("gardener")
    assert peers.library.members.version() == before


def test_other_texts_of_a_profile_are_another_scheme():
    """Whoever changes this changes SCHEME, too: what was made of profiles before is out of date then."""
    profile = Profile(id="a", role="Lead", working_on="Gardens.", can_offer="Advice.", looking_for="Money in Wales")
    assert (SCHEME, texts_of(profile)) == (
        "2",
        ("Money in Wales", "Money in Wales Gardens.", "Gardens. Advice.", "Lead. Gardens. Advice."),
    )


@pytest.fixture
def waiting(peers, monkeypatch):
    """Two who wait for somebody, of whom each look takes one, and a gardener who fits both."""
    monkeypatch.setattr(notices, "_FITTED_AT_ONCE", 1)
    for one in ("ann", "bob"):
        add(peers, one, WANTS_GARDEN, display_name=one)
        peers.tell_me(one)
    add(peers, "gardener", GARDEN, display_name="gardener")
    return peers


def test_those_who_wait_for_somebody_are_looked_at_in_turn(waiting):
    looks = [[one.member_id for one in waiting.due()] for _ in range(3)]
    assert looks in ([["ann"], ["bob"], ["ann"]], [["bob"], ["ann"], ["bob"]])


def test_those_at_the_end_are_looked_at_where_each_process_looks_once(waiting):
    found = set()
    for _ in range(64):
        waiting._last_fitted = None  # as in a new process
        found |= {one.member_id for one in waiting.due()}
        if len(found) == 2:
            break
    assert found == {"ann", "bob"}


def test_members_of_one_change_are_all_read_a_part_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(member_vectors, "_OFFERS_AT_ONCE", 2)
    peers = open_peers(tmp_path)
    for number in range(5):
        add(peers, f"m{number}", GARDEN, region=f"{number}")
    members = peers.library.members
    with members._connections.write() as connection:
        connection.execute("UPDATE members SET change = (SELECT latest FROM member_changes)")
        (latest,) = connection.execute("SELECT latest FROM member_changes").fetchone()
    parts = list(members.offers("nobody", 0))
    assert [row.member_id for part in parts for row in part] == [f"m{number}" for number in range(5)]
    assert list(members.offers("nobody", latest)) == []


def test_who_is_taken_out_of_others_words_changes_only_those(tmp_path):
    peers, gone = open_peers(tmp_path), "123456789012345678"
    for number in range(4):
        words = GARDEN | {"working_on": f"Gardens with <@{gone}>."} if number % 2 else GARDEN
        add(peers, f"m{number}", words, region=f"{number}")
    library = peers.library
    since = library.members.version()
    assert library.store.erase_mentions(gone) == 2
    changed = [row for part in library.members.offers("nobody", since) for row in part]
    assert [(row.member_id, row.change - since) for row in changed] == [("m1", 1), ("m3", 2)]
    library.close()
