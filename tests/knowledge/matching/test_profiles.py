"""Profiles, consent, and their owners' control: export, pause, erasure that leaves nothing."""

import hashlib
import json

import pytest

from knowledge.errors import MemberError, QuestionError
from knowledge.matching import profiles, visibility, wording
from knowledge.storage.sqlite import open_database
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add


def test_findable_is_off_until_it_is_switched_on(peers):
    assert not peers.save({"id": "ann", "consent": True}).findable
    assert peers.set_findable("ann", findable=True).findable
    # A profile that is handed in anew says so again.
    assert not peers.save({"id": "ann"}).findable


def test_nothing_is_stored_without_consent(peers):
    for values in ({"id": "ann"}, {"id": "ann", "consent": False}):
        with pytest.raises(MemberError, match="Nothing was stored"):
            peers.save(values)
    assert peers.library.members.member("ann") is None
    add(peers, "ann", GARDEN)
    with pytest.raises(MemberError, match="withdrawn by deleting"):
        peers.save({"id": "ann", "consent": False})
    assert peers.profile("ann").profile.can_offer


def test_another_text_is_agreed_to_anew_before_anybody_is_seen_again(peers, monkeypatch):
    add(peers, "ann", WANTS_GARDEN)
    add(peers, "bob", GARDEN)
    for module in (wording, profiles, visibility):
        monkeypatch.setattr(module, "CONSENT_VERSION", "another")
    assert peers.match("ann").matches == ()
    with pytest.raises(MemberError, match="changed"):
        peers.save({"id": "bob"})
    with pytest.raises(MemberError, match="changed"):
        peers.ask("ann", "bob")
    add(peers, "bob", GARDEN)
    assert [match.member_id for match in peers.match("ann").matches] == ["bob"]
    assert peers.profile("bob").consent == "another"


def test_the_text_says_what_who_and_how_long(peers):
    text = peers.consent_text()
    assert all(word in text for word in ("What is kept", "Who sees it", "730 days", "delete"))
    assert all(word in text for word in ("every server", "Who runs this", "How to complain", "ico.org.uk", "file"))
    assert len(text.split()) < 230


def test_the_text_names_who_runs_it_and_where_to_complain(library, tmp_path):
    settings = library.settings.model_copy(update={"operator": "Sample Network", "contact": "help@example.org"})
    text = wording.consent_text(settings)
    assert "Who runs this: Sample Network." in text
    assert "How to complain: to help@example.org." in text
    assert "{" not in wording.consent_text(library.settings)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sector", "circus"),
        ("nation", "narnia"),
        ("pillars", ["gold"]),
        ("unknown", 1),
        ("working_on", "x" * 2001),
        ("id", "two words"),
        ("id", ""),
        ("requests_a_month", 31),
        ("findable", "perhaps"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_changed(peers, field, value):
    add(peers, "ann", GARDEN)
    before = peers.profile("ann")
    with pytest.raises(QuestionError, match=f"{field}.*Nothing was changed|requests_a_month is a number"):
        peers.save({"id": "ann", "consent": True, field: value})
    assert peers.profile("ann") == before


def test_several_are_stored_all_or_none(peers):
    with pytest.raises(QuestionError):
        peers.save_all([{"id": "ann", "consent": True}, {"id": "bob", "consent": True, "sector": "circus"}])
    assert peers.library.members.members() == []


def test_empty_choices_and_odd_characters_are_tidied(peers):
    member = peers.save(
        {"id": "ann", "consent": True, "sector": "", "stage": None, "role": " Buyer\x00\n", "region": None}
    )
    assert (member.profile.sector, member.profile.stage, member.profile.role, member.profile.region) == (
        None,
        None,
        "Buyer",
        "",
    )


def test_a_pause_outlasts_a_new_profile(peers):
    add(peers, "ann", GARDEN)
    peers.pause("ann")
    assert add(peers, "ann", GARDEN, region="North").paused


@pytest.fixture
def busy(peers):
    """Two members with everything that can be held about somebody."""
    add(peers, "ann-secret-id", WANTS_GARDEN, looking_for="hospital grounds, MARKERTEXT", organisation="House of A")
    add(peers, "bob", GARDEN)
    add(peers, "cid", GARDEN, nation="scotland", organisation="House of C", looking_for="Careers talks")
    peers.match("ann-secret-id")
    introduction = peers.ask("ann-secret-id", "bob", "MARKERTOPIC")
    peers.accept("bob", introduction.id)
    peers.ask("cid", "ann-secret-id")
    for due in peers.due():
        peers.said(due)
    peers.answer("ann-secret-id", introduction.id, "did_you_speak", yes=True)
    peers.block("ann-secret-id", "cid")
    peers.block("bob", "ann-secret-id")
    question = peers.ask_peers("ann-secret-id", "Opening hospital or clinic grounds to the public? MARKERQUESTION")
    assert question.peers == 0  # both who fit are kept apart from her
    add(peers, "dee", GARDEN, nation="wales", organisation="House of D")
    peers.ask_peers("ann-secret-id", "Opening hospital or clinic grounds to the public? MARKERQUESTION")
    return peers


def test_the_export_holds_everything_about_the_member(busy):
    held = busy.export("ann-secret-id")
    text = held.model_dump_json()
    assert all(mark in text for mark in ("MARKERTEXT", "MARKERTOPIC", "MARKERQUESTION"))
    assert held.blocked == ("cid",)
    assert held.embeddings == 4
    assert [answer.kind for answer in held.answers] == ["did_you_speak"]
    assert len(held.introductions) == 1  # the request of somebody she blocked is shown no more
    # What others decided about her is theirs.
    assert json.loads(busy.export("bob").model_dump_json())["blocked"] == ["ann-secret-id"]
    assert "bob" not in text


def test_erasure_leaves_no_trace_in_any_table_or_file(busy, tmp_path):
    forgotten = busy.forget("ann-secret-id")
    assert forgotten.left == 0
    assert set(forgotten.removed) >= {
        "members",
        "member_embeddings",
        "member_offers",
        "introductions",
        "introduction_answers",
        "member_notices",
        "member_blocks",
        "peer_questions",
    }
    connections = open_database(tmp_path / "data" / "haln.db")
    with connections.read() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        dump = "\n".join(str(tuple(row)) for table in tables for row in connection.execute(f"SELECT * FROM {table}"))
    connections.close()
    marks = ("ann-secret-id", "MARKERTEXT", "MARKERTOPIC", "MARKERQUESTION")
    assert [mark for mark in marks if mark in dump] == []
    for file in (tmp_path / "data").iterdir():
        content = file.read_bytes()
        assert [mark for mark in marks if mark.encode() in content] == [], file.name
    assert busy.match("bob").matches
    with pytest.raises(MemberError):
        busy.forget("ann-secret-id")


def test_a_block_outlives_the_blocked_ones_leaving(busy):
    busy.forget("ann-secret-id")
    add(busy, "ann-secret-id", WANTS_GARDEN)
    assert "bob" not in [match.member_id for match in busy.match("ann-secret-id").matches]
    assert busy.export("bob").blocked == ("ann-secret-id",)
    busy.unblock("bob", "ann-secret-id")
    assert "bob" in [match.member_id for match in busy.match("ann-secret-id").matches]


def test_blocking_somebody_unknown_tells_nothing(peers):
    add(peers, "ann")
    peers.block("ann", "nobody")
    assert peers.unblock("ann", "nobody")
    assert not peers.unblock("ann", "nobody")
    with pytest.raises(QuestionError):
        peers.block("ann", "no id")


def test_another_model_embeds_anew_and_keeps_nothing_of_the_old(peers):
    add(peers, "ann", GARDEN)
    peers.match("ann")
    store = peers.library.members
    assert set(store.vectors("words@1", ["ann"])) == {"ann"}
    assert store.vectors("other@2", ["ann"]) == {}
    stored = store.vectors("words@1", ["ann"])
    store.save_vectors("other@2", {**stored, "gone": stored["ann"]})
    assert (store.vectors("words@1", ["ann"]), set(store.vectors("other@2", ["ann", "gone"]))) == ({}, {"ann"})


def test_another_text_has_another_version():
    # Who agreed to one text has not agreed to another: add a version and its hash here, and change neither of another.
    texts = {
        "2": "22231a06a4d78bfb7f284256ee4017c2500fb0ae2947d235caa5c9a45d6be788",
        "3": "8b8c7b98b8c157fb5c7960aaf04602d4348c552a6c0eb8944cca3b068bc43d05",
        "4": "c5fa712f51c57babb4fbc88083d943637485f15683d4c5e331c41cb1e8e87012",
        "5": "3f98725408fc27a535bec124da7182a427d6f92b5ab07f88a4d28ed5ef859b68",
    }
    assert hashlib.sha256(wording.CONSENT.encode()).hexdigest() == texts[wording.CONSENT_VERSION]


def test_the_usual_number_of_requests_is_not_todays(peers):
    add(peers, "ann", GARDEN, requests_a_month=5)
    add(peers, "ann", GARDEN)
    assert peers.profile("ann").most_requests == 5
    add(peers, "ann", GARDEN, requests_a_month=None)
    assert peers.profile("ann").most_requests is None
