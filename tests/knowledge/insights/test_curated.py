"""Curated answers: kept, given to whoever surely asks the same, hidden once a source is gone, erasable."""

import json
from datetime import timedelta

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.errors import QuestionError
from knowledge.insights.curated import CuratedAnswers
from knowledge.insights.same_question import asks_the_same
from tests.conftest import ROOT
from tests.fakes import Clock

QUESTION = "How do hospitals recruit porters locally?"
TEXT = "Start with porters' vacancies [1]. Tell the job centre early, and ask the council for a van."


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def curated(filled, clock):
    return CuratedAnswers(filled, clock)


@pytest.fixture
def assistant(filled, clock):
    return Assistant(filled, now=clock)


def write(curated, **changes):
    given = {"question": QUESTION, "text": TEXT, "sources": ["jobs-for-local-people"], "checked_by": "4242424242"}
    return curated.write(**{**given, **changes})


@pytest.fixture
def documents(filled):
    return {document.metadata.title: document.id for document in filled.store.documents()}


@pytest.fixture
def kept(curated, documents):
    return write(curated, sources=[documents["Jobs for local people"], documents["Green roofs"]])


def test_it_is_given_first_and_labelled(assistant, kept):
    answer = assistant.ask("how do hospitals recruit porters locally")
    assert answer.curated.id == kept.id
    assert answer.curated.checked_on == kept.checked_on
    assert answer.answered
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (1, 2)]
    assert answer.sentences[0].text == "Start with porters' vacancies."
    assert json.loads(answer.model_dump_json())["curated"]["question"] == QUESTION


def test_its_quotes_stand_in_the_stored_chunks(assistant, kept, filled):
    for citation in assistant.ask(QUESTION).citations:
        assert citation.quote in filled.store.chunks([int(citation.chunk_id)])[int(citation.chunk_id)].text


def test_another_question_does_not_get_it(assistant, kept):
    for other in ("How do hospitals recruit nurses locally?", "How many porters did hospitals recruit locally?"):
        assert assistant.ask(other).curated is None


def test_a_follow_up_does_not_get_it(assistant, kept):
    assistant.ask("How many entry jobs for local residents were kept?", "chat")
    assert assistant.ask("And where?", "chat").curated is None


def test_another_way_to_ask_is_given_with_it(assistant, curated, kept):
    curated.add_wording(kept.id, "Where would we find ward staff nearby?")
    assert assistant.ask("where would we find ward staff nearby").curated.id == kept.id


def test_no_answer_rests_on_a_source_that_is_gone(assistant, curated, kept, filled, documents):
    question_id = assistant.ask(QUESTION).question_id
    Indexer(filled).remove([documents["Green roofs"]])
    assert assistant.ask(QUESTION).curated is None
    (due,) = curated.due()
    assert due.hidden
    assert documents["Green roofs"] in due.reason
    shown = assistant.stored_answer(question_id).answer
    assert all(sentence.citations == (1,) for sentence in shown.sentences)


def test_a_source_that_changed_or_a_date_that_passed_is_due(curated, kept, filled, sources, clock):
    assert curated.due() == []
    (sources / "green.md").write_text((sources / "green.md").read_text() + "\nBees like them.\n")
    Indexer(filled).add([str(sources)])
    assert [due.hidden for due in curated.due()] == [False]
    curated.checked(kept.id, "4242424242")
    assert curated.due() == []
    clock.now += timedelta(days=400)
    assert [due.reason[:18] for due in curated.due()] == ["to be reviewed by "]


def test_past_its_review_it_is_given_and_says_so(assistant, kept, clock):
    assert not assistant.ask(QUESTION).curated.due
    clock.now += timedelta(days=400)
    assert assistant.ask(QUESTION).curated.due


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sources": []}, "1 to 5 documents"),
        ({"sources": ["no-such-document"]}, "no document of the library"),
        ({"text": " "}, "needs a question and an answer"),
        ({"text": "x" * 1501}, "1500"),
        ({"text": "So it is [7]."}, "names source [7]"),
        ({"review_by": "2020-01-01"}, "after today"),
        ({"review_by": "soon"}, "no day"),
        ({"answer_id": "nothing"}, "no curated answer"),
    ],
)
def test_what_cannot_be_kept_is_said_and_not_kept(curated, documents, changes, said):
    with pytest.raises(QuestionError, match="(?s)" + said.replace("[", r"\[")):
        write(curated, **{"sources": [documents["Green roofs"]], **changes})
    assert curated.all() == []


def test_a_language_model_does_not_reword_it(assistant, kept):
    assert assistant.written(assistant.ask(QUESTION)) is None


def test_it_can_be_removed(assistant, curated, kept):
    curated.remove(kept.id)
    assert assistant.ask(QUESTION).curated is None
    with pytest.raises(QuestionError, match="no curated answer"):
        curated.remove(kept.id)


def test_who_checked_it_is_forgotten_with_them(curated, kept, filled):
    assert filled.curated.checked_by("4242424242")
    assert filled.curated.forget("4242424242") == 1
    assert curated.find(kept.id).checked_by is None


PAIRS = [json.loads(line) for line in (ROOT / "tests" / "quality" / "curated_questions.jsonl").read_text().splitlines()]


def test_words_tell_most_questions_apart_that_likeness_does_not():
    """By the rules alone, whatever the model says of them."""
    taken = [other for pair in PAIRS for other in pair["other"] if asks_the_same(pair["question"], other)]
    meant = [same for pair in PAIRS for same in pair["same"] if asks_the_same(pair["question"], same)]
    assert len(taken) < len(meant)
    assert len(taken) <= 25
    assert asks_the_same("How do we start?", "how do we start")
