"""Learning sets and the coffee rota of members without Discord: by mail and on the page."""

from bot.web import peer_texts
from knowledge.domain.members import LearningSet
from tests.bot.web.conftest import id_of


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


def test_the_coffee_rota_on_the_page(seeker, helper, backend, deliver):
    for browser in (seeker, helper):
        assert peer_texts.COFFEE_IN in browser.submit("/peers/coffee", page="/peers/coffee", action="join").text
    sent = deliver()
    assert {(to, subject) for to, subject, _ in sent} == {
        ("sam@example.org", "You have been introduced to Kim Sample"),
        ("kim@example.org", "You have been introduced to Sam Sample"),
    }
    bad = seeker.submit("/peers/coffee", page="/peers/coffee", action="pause", until="soon")
    assert (bad.status_code, peer_texts.COFFEE_DAY in bad.text) == (400, True)
    paused = seeker.submit("/peers/coffee", page="/peers/coffee", action="pause", until="2030-01-02")
    assert "You pause until Wednesday 2 January 2030" in paused.text
    assert peer_texts.COFFEE_OUT in seeker.submit("/peers/coffee", page="/peers/coffee", action="leave").text
