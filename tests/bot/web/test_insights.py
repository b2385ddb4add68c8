"""Insights on the web, for moderators alone: votes dealt with, answers written, members asked, figures fetched."""

import re

import pytest

from knowledge.dates import utc_now
from knowledge.domain.vocabulary import FeedbackReason
from tests.bot.web.conftest import QUESTION
from tests.knowledge.matching.people import GARDEN, add

UNKNOWN = "Which zoo keeps green roofs for penguins?"


@pytest.fixture(autouse=True)
def _no_names(monkeypatch, clock):
    clock.now = utc_now()  # questions are logged by the clock of the machine
    monkeypatch.setattr("indexer.sandbox.personal_data.SandboxedCheck.find", lambda _, text: [])


@pytest.fixture
def moderator(sign_in):
    return sign_in("mo@example.net")


@pytest.fixture
def disliked(moderator):
    """The id of a question whose answer did not help."""
    page = moderator.answer(UNKNOWN)
    question_id = re.search(r"/answers/([\w-]+)/feedback", page.text)[1]
    moderator.submit(f"/answers/{question_id}/feedback", page=f"/answers/{question_id}", helpful="no", reason="wrong")
    return question_id


def test_a_vote_reaches_moderators_and_is_dealt_with(moderator, disliked):
    page = moderator.get("/insights").text
    assert UNKNOWN in page
    assert FeedbackReason.WRONG.label in page
    gap = moderator.get(f"/insights/gaps/{disliked}").text
    for action in ("Write an answer", "Add a resource", "Ask these members", "Commission a case study"):
        assert action in gap
    done = moderator.submit(f"/insights/gaps/{disliked}/settle", page="/insights")
    assert "Dealt with." in done.text
    assert "Nothing is left to deal with." in done.text


def test_a_moderator_writes_an_answer_that_whoever_asks_gets_first(moderator, disliked, members):
    page = f"/insights/answers/new?gap={disliked}"
    assert UNKNOWN in moderator.get(page).text
    wrong = moderator.submit("/insights/answers/new", page=page, question=UNKNOWN, text="None yet.", sources="nothing")
    assert wrong.status_code == 400
    assert "no document of the library" in wrong.text
    assert "None yet." in wrong.text, "nothing that was typed is lost"
    kept = moderator.submit(
        "/insights/answers/new", page=page, question=UNKNOWN, text="None that we know of [1].", sources="green"
    )
    assert "Kept." in kept.text
    answer = moderator.answer(UNKNOWN).text
    assert "Checked by a person on" in answer
    assert "None that we know of." in answer
    address = re.search(r"/insights/answers/(?!new)\w+", moderator.get("/insights/answers").text)[0]
    assert "None that we know of [1]." in moderator.get(address).text
    moderator.submit(f"{address}/remove", page=address)
    assert "Checked by a person" not in moderator.answer(UNKNOWN).text


def test_members_who_can_help_are_shown_and_asked_in_the_moderators_name(moderator, members, monkeypatch):
    peers = members.backend.peers
    add(peers, "m-2", GARDEN, display_name="Sample helper", organisation="Sample House")
    monkeypatch.setattr(type(peers), "members_on", lambda self, text, k: [self.profile("m-2").profile])
    moderator.answer(UNKNOWN)
    (question,) = members.backend.library.insights.asked("", "9")
    gap = f"/insights/gaps/{question.id}"
    assert "Sample helper" in moderator.get(gap).text
    asked = moderator.submit(f"{gap}/ask", page=gap)
    assert asked.status_code == 400
    assert "profile" in asked.text, "who has none is told so"


def test_figures_come_as_csv_markdown_and_charts(moderator):
    moderator.answer(QUESTION)
    page = moderator.get("/insights").text
    chart = re.search(r"/insights/charts/\w+\.svg", page)[0]
    assert moderator.get(chart).headers["content-type"] == "image/svg+xml"
    assert moderator.get("/insights/charts/nothing.svg").status_code == 404
    assert moderator.get("/insights/figures.csv").text.startswith("table,title,")
    report = moderator.get("/insights/report.md")
    assert "attachment" in report.headers["content-disposition"]
    assert "*How it was counted:" in report.text
    assert moderator.get("/insights/report.md?year=1066").status_code == 400
    assert moderator.get("/insights/gaps/nothing").status_code == 404
    assert moderator.get("/insights/answers/nothing").status_code == 404
