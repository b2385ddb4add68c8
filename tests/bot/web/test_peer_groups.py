"""Learning sets and the coffee rota of members without Discord: by mail and on the page."""

import pytest

from bot.web import peer_texts
from knowledge.domain.members import LearningSet
from knowledge.errors import MemberError
from tests.bot.web.conftest import id_of
from tests.knowledge.matching.people import GARDEN, add


def test_a_learning_set_without_discord_chooses_its_day_and_closes_with_a_note(seeker, helper, backend, deliver, clock):
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    made = LearningSet(topic="Open grounds", members=(sam, kim), reason="", first_question="Who has opened theirs?")
    set_id = backend.peers.keep_set(made, None, None).id
    backend.peers.start_set(set_id)
    assert {(to, subject) for to, subject, _ in deliver()} == {
        ("sam@example.org", "A learning set for you: Open grounds"),
        ("kim@example.org", "A learning set for you: Open grounds"),
    }
    path = f"/peers/sets/{set_id}"
    page = seeker.get(path).text
    assert "Kim Sample" in page
    assert "Who has opened theirs?" in page
    days = list(backend.library.members.days_of(set_id))
    assert peer_texts.SET_CHOSEN in seeker.submit(path, page=path, day=days[1]).text
    assert "suits 1" in helper.get(path).text
    helper.submit(path, page=path, day=days[1])
    sent = deliver()
    assert len(sent) == 2
    assert all(subject.startswith("Your learning set meets on") for _, subject, _ in sent)
    assert deliver() == []
    clock.later(days=25)
    assert {subject for _, subject, _ in deliver()} == {"What came of your learning set?"}
    assert helper.submit(f"{path}/close", page=path, note="").status_code == 400
    draft = helper.submit(f"{path}/close", page=path, note="We opened two gardens.")
    assert draft.url.path.startswith("/share/")
    assert "We opened two gardens." in draft.text
    assert "This learning set is closed." in seeker.get(path).text


def test_a_set_of_others_is_nobodys_to_see(seeker, helper, backend):
    kim = id_of(backend, "kim@example.org")
    made = LearningSet(topic="Open grounds", members=(kim,), reason="", first_question="Who?")
    set_id = backend.peers.keep_set(made, None, None).id
    backend.peers.start_set(set_id)
    assert seeker.get(f"/peers/sets/{set_id}").status_code == 404
    assert helper.get(f"/peers/sets/{set_id}").status_code == 200


def proposed(backend, *members):
    made = LearningSet(topic="Open grounds", members=members, reason="", first_question="Who?")
    return backend.peers.keep_set(made, None, None).id


def test_who_is_apart_or_away_by_now_is_put_together_with_nobody(seeker, helper, backend, deliver):
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    add(backend.peers, "web-ali", GARDEN)
    set_id = proposed(backend, sam, kim, "web-ali")
    backend.peers.pause("web-ali")
    backend.peers.start_set(set_id)
    assert sorted(backend.library.members.set_members(set_id)) == sorted([sam, kim])
    other = proposed(backend, sam, kim)
    backend.peers.block(kim, sam)
    with pytest.raises(MemberError, match="have changed"):
        backend.peers.start_set(other)
    backend.peers.unblock(kim, sam)
    backend.peers.pause(kim)
    with pytest.raises(MemberError, match="have changed"):
        backend.peers.start_set(other)
    assert backend.library.members.learning_set(other).started_at is None


def test_the_page_of_a_set_shows_nobody_who_paused_or_blocked(seeker, helper, backend):
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    set_id = proposed(backend, sam, kim)
    backend.peers.start_set(set_id)
    assert "Kim Sample" in seeker.get(f"/peers/sets/{set_id}").text
    backend.peers.pause(kim)
    assert "Kim Sample" not in seeker.get(f"/peers/sets/{set_id}").text
    backend.peers.resume(kim)
    backend.peers.block(kim, sam)
    assert "Kim Sample" not in seeker.get(f"/peers/sets/{set_id}").text


def test_that_nobody_chose_a_day_is_said_once_and_one_can_still_be_chosen(seeker, helper, backend, deliver, clock):
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    set_id = proposed(backend, sam, kim)
    backend.peers.start_set(set_id)
    deliver()
    clock.later(days=8)
    said = deliver()
    assert [subject for _, subject, _ in said] == ["No day yet for your learning set"] * 2
    assert deliver() == []
    path = f"/peers/sets/{set_id}"
    seeker.submit(path, page=path, day=list(backend.library.members.days_of(set_id))[2])
    assert {subject.partition(" on ")[0] for _, subject, _ in deliver()} == {"Your learning set meets"}


def test_a_set_that_was_closed_meanwhile_stays_closed(seeker, helper, backend, clock, monkeypatch):
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    set_id, members = proposed(backend, sam, kim), backend.library.members
    backend.peers.start_set(set_id)
    backend.peers.choose_days(sam, set_id, tuple(members.days_of(set_id)))
    backend.peers.fix_day(set_id)
    clock.later(days=30)
    read_before = members.open_sets()
    backend.peers.close_set(kim, set_id, "We have met.")
    monkeypatch.setattr(members, "open_sets", lambda: read_before)
    assert backend.peers.ask_for_notes() == 0
    assert members.learning_set(set_id).closed_at is not None


def test_the_coffee_rota_on_the_page(seeker, helper, backend, deliver):
    for browser in (seeker, helper):
        assert peer_texts.COFFEE_IN in browser.submit("/peers/coffee", page="/peers/coffee", action="join").text
    sent = deliver()
    assert {(to, subject) for to, subject, _ in sent} == {
        ("sam@example.org", "You have been introduced to Kim Sample"),
        ("kim@example.org", "You have been introduced to Sam Sample"),
    }
    assert "The coffee rota introduced you to Kim Sample" in seeker.get("/peers/introductions").text
    assert "asked to meet" not in helper.get("/peers/introductions").text
    bad = seeker.submit("/peers/coffee", page="/peers/coffee", action="pause", until="soon")
    assert (bad.status_code, peer_texts.COFFEE_DAY in bad.text) == (400, True)
    paused = seeker.submit("/peers/coffee", page="/peers/coffee", action="pause", until="2030-01-02")
    assert "You pause until Wednesday 2 January 2030" in paused.text
    assert peer_texts.COFFEE_OUT in seeker.submit("/peers/coffee", page="/peers/coffee", action="leave").text
