"""Real dialogues over the starter library, with the real model: do follow-ups and new topics find their documents?"""

import json

import pytest

from knowledge.assistant import Assistant
from tests.conftest import ROOT

pytestmark = [pytest.mark.model, pytest.mark.slow]


def read_dialogues():
    """Turns: the question, whether it follows, documents of which one is to be cited first, what is to be said."""
    lines = (ROOT / "tests" / "quality" / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def turns(starter):
    """Every turn of every dialogue with its answer."""
    assistant = Assistant(starter, log_questions=False)
    return [
        (turn, assistant.ask(turn["question"], dialogue["id"]))
        for dialogue in read_dialogues()
        for turn in dialogue["turns"]
    ]


def right(turn, answer):
    if turn.get("small_talk"):
        return answer.answered and not answer.citations
    if turn.get("refused"):
        return not answer.answered
    if not answer.answered:
        return turn.get("or_refused", False)
    return answer.citations[0].document_id in turn["documents"]


def share(values):
    values = list(values)
    return sum(values) / len(values)


def test_what_follows_is_told_from_what_stands_alone(turns):
    wrong = [t["question"] for t, answer in turns if (answer.understood is not None) != t["follows"]]
    assert len(wrong) <= 1, wrong


def test_follow_ups_find_the_right_documents(turns):
    followed = [(turn, answer) for turn, answer in turns if turn["follows"]]
    assert len(followed) >= 40
    wrong = [turn["question"] for turn, answer in followed if not right(turn, answer)]
    assert len(wrong) <= 5, wrong


def test_new_topics_find_theirs(turns):
    wrong = [turn["question"] for turn, answer in turns if not turn["follows"] and not right(turn, answer)]
    assert len(wrong) <= 2, wrong


def test_what_was_asked_of_the_topic_is_said(turns):
    said = [any(part in answer.text for part in turn["says"].split("|")) for turn, answer in turns if "says" in turn]
    assert len(said) >= 40
    assert share(said) >= 0.7
