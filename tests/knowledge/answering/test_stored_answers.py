"""Answers shown again from the log: nothing of a removed document is in them."""

import logging

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.errors import QuestionError, StorageBusyError

QUESTION = "How many entry jobs did the Sample Hospital Trust keep for local residents?"


@pytest.fixture
def assistant(filled):
    return Assistant(filled)


def test_an_answer_is_kept_and_shown_again(assistant):
    answer = assistant.ask(QUESTION)
    stored = assistant.stored_answer(answer.question_id)
    assert stored.answer == answer
    assert not stored.changed
    assert assistant.stored_answer("nobody-knows-it!") is None


def test_a_refusal_is_kept_too(assistant):
    answer = assistant.ask("Which football club won yesterday?")
    assert assistant.stored_answer(answer.question_id).answer == answer


def test_small_talk_and_measuring_are_not_logged(assistant, filled):
    assert assistant.ask("hello").question_id is None
    assert Assistant(filled, log_questions=False).ask(QUESTION).question_id is None


def test_an_operator_may_keep_nothing(filled):
    filled.settings = filled.settings.model_copy(update={"question_days": 0})
    assert Assistant(filled).ask(QUESTION).question_id is None


def test_a_removed_document_is_not_shown_again(assistant, filled):
    question_id = assistant.ask(QUESTION).question_id
    filled.store.remove_document("jobs")
    stored = assistant.stored_answer(question_id)
    assert stored.changed
    assert not stored.answer.answered
    assert "no longer in the library" in stored.answer.reason
    assert stored.answer.citations == ()
    assert "40 entry jobs" not in stored.answer.model_dump_json()
    assert "Jobs for local people" not in stored.answer.model_dump_json()


def test_what_remains_of_an_answer_is_shown_with_its_numbers(library, tmp_path):
    (tmp_path / "a.md").write_text("# Apples\n\nApple Trust grows food for its kitchens on the hospital roof.")
    (tmp_path / "b.md").write_text("# Pears\n\nPear Council grows food for its kitchens in the town park.")
    Indexer(library).add([str(tmp_path)])
    assistant = Assistant(library)
    answer = assistant.ask("who is growing food for kitchens?")
    gone, kept = answer.citations[0], answer.citations[1]
    library.store.remove_document(gone.document_id)
    stored = assistant.stored_answer(answer.question_id)
    assert stored.changed
    assert stored.answer.answered
    assert stored.answer.citations == (kept,)
    assert stored.answer.text == f"{kept.title}: **{kept.quote}** [2]"
    assert gone.quote not in stored.answer.model_dump_json()


def test_an_edited_sentence_is_gone_and_a_rebuilt_index_loses_nothing(assistant, filled, sources):
    answer = assistant.ask(QUESTION)
    Indexer(filled).rebuild()
    stored = assistant.stored_answer(answer.question_id)
    assert not stored.changed
    assert stored.answer.text == answer.text
    chunks = filled.store.chunks([int(c.chunk_id) for c in stored.answer.citations])
    assert all(c.quote in chunks[int(c.chunk_id)].text for c in stored.answer.citations)
    path = sources / "jobs.md"
    path.write_text(path.read_text().replace("40 entry jobs", "30 entry jobs"))
    Indexer(filled).add([str(sources)])
    stored = assistant.stored_answer(answer.question_id)
    assert stored.changed
    assert "40 entry jobs" not in stored.answer.model_dump_json()


@pytest.fixture
def carbon(library, tmp_path):
    """A library that tells of Apple Trust what is asked of Pear Trust."""
    (tmp_path / "a.md").write_text(
        "---\norganisation: Apple Trust\nkind: case_study\n---\n# Carbon\n\n"
        "Apple Trust cut the carbon of its buildings by 60% in a year."
    )
    (tmp_path / "b.md").write_text("# Pears\n\nPear Trust has a plan for its buildings and for homes nearby.")
    Indexer(library).add([str(tmp_path)])
    return library


def test_a_refusal_names_no_document_that_is_gone(carbon):
    assistant = Assistant(carbon)
    answer = assistant.ask("By how much did Pear Trust cut the carbon of its buildings in a year?")
    assert "Apple Trust" in answer.reason
    carbon.store.remove_document("a")
    stored = assistant.stored_answer(answer.question_id)
    assert stored.changed
    assert "no longer in the library" in stored.answer.reason
    assert "Carbon" not in stored.answer.text
    assert "Apple Trust" not in stored.answer.model_dump_json(exclude={"question"})
    assert [near.document_id for near in stored.answer.nearest] == ["b"]


def test_the_closest_passage_stays_as_long_as_its_document(carbon):
    assistant = Assistant(carbon)
    answer = assistant.ask("why was the carbon of parks cut by hand in winter?")
    assert answer.closest
    assert answer.citations[0].document_id == "a"
    carbon.store.remove_document("b")
    stored = assistant.stored_answer(answer.question_id).answer
    assert stored.closest
    assert (stored.reason, stored.sentences) == (answer.reason, answer.sentences)
    assert stored.text == answer.text
    carbon.store.remove_document("a")
    stored = assistant.stored_answer(answer.question_id).answer
    assert not stored.closest
    assert (stored.sentences, stored.citations, stored.nearest) == ((), (), ())
    assert "Carbon" not in stored.text


def test_feedback_is_taken_once_for_each_voter(assistant, filled):
    question_id = assistant.ask(QUESTION).question_id
    assert assistant.feedback(question_id, "member:1", helpful=False, reason=FeedbackReason.TOO_LONG)
    assert assistant.feedback(question_id, "member:1", helpful=True)
    assert filled.questions.feedback(question_id).helpful == 1
    assert filled.questions.feedback(question_id).not_helpful == 0
    assert not assistant.feedback("nobody-knows-it!", "member:1", helpful=True)
    with pytest.raises(QuestionError, match="reason"):
        assistant.feedback(question_id, "member:1", helpful=True, reason=FeedbackReason.OTHER)


def test_an_answer_is_given_even_if_it_cannot_be_logged(assistant, filled, caplog):
    class Full:
        def __getattr__(self, name):
            raise StorageBusyError("the disk is full")

    filled.questions = Full()
    with caplog.at_level(logging.WARNING):
        answer = assistant.ask(QUESTION, "terminal:1")
    assert answer.answered
    assert answer.question_id is None
    assert "the disk is full" in caplog.text
    assert "entry jobs" not in caplog.text
