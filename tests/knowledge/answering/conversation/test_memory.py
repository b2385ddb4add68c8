"""Conversations through the assistant: what it remembers, prefers, and lets go of."""

import sqlite3

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.storage.sqlite import SQLiteQuestionStore, open_database

APPLE = """---
title: Jobs at Apple Trust
kind: case_study
organisation: Apple Trust
---

Apple Trust kept entry jobs for local people from its poorest streets.

## How it was measured

Apple Trust counted how many local people were still in their jobs after one year.

## Advice to others

Tell the job centre early about every entry job for local people.
"""
PEAR = """---
title: Jobs at Pear Council
kind: case_study
organisation: Pear Council
---

Pear Council kept entry jobs for local people who had left school.
"""
FOOD = "# Food\n\nKitchens buy food from growers nearby, and schools share one van to fetch the food."


@pytest.fixture
def assistant(library, tmp_path):
    # Words tell something only in a library where most documents lack them.
    others = {
        f"other-{n}": f"# Note {n}\n\nA roof garden number {n} holds rain water and cools rooms." for n in range(20)
    }
    texts = {"apple": APPLE, "pear": PEAR, "food": FOOD} | others
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    Indexer(library).add([str(tmp_path / f"{name}.md") for name in texts])
    return Assistant(library)


FIRST = "Which entry jobs did Apple Trust keep for local people?"


def cited(answer):
    return [citation.document_id for citation in answer.citations]


def test_the_same_question_of_another_place(assistant):
    assert cited(assistant.ask(FIRST, "one"))[0] == "apple"
    answer = assistant.ask("and at Pear Council?", "one")
    assert answer.question == "and at Pear Council?"
    assert answer.understood == "Which entry jobs did Pear Council keep for local people?"
    assert set(cited(answer)) == {"pear"}
    refused = assistant.ask("and at Plum Hospital?", "one")
    assert not refused.answered
    assert "Plum Hospital" in refused.reason


def test_a_reference_is_answered_from_what_was_just_cited(assistant):
    assistant.ask(FIRST, "one")
    answer = assistant.ask("how did they measure that?", "one")
    assert "still in their jobs after one year" in answer.text
    assert set(cited(answer)) == {"apple"}


def test_more_repeats_nothing(assistant):
    shown = {citation.quote for citation in assistant.ask(FIRST, "one").citations}
    for _ in range(4):
        answer = assistant.ask("tell me more", "one")
        quotes = {citation.quote for citation in answer.citations}
        assert not quotes & shown
        shown |= quotes
    assert not answer.answered
    assert len(shown) > 1


def test_a_new_topic_leaves_the_old_one_behind(assistant):
    assistant.ask(FIRST, "one")
    answer = assistant.ask("How do kitchens buy food nearby?", "one")
    assert answer.understood is None
    assert set(cited(answer)) == {"food"}
    after = assistant.ask("who else?", "one")
    assert after.understood == "How do kitchens buy food nearby?"


def test_small_talk_in_between_is_no_turn(assistant):
    assistant.ask(FIRST, "one")
    assistant.ask("thanks!", "one")
    assert set(cited(assistant.ask("and at Pear Council?", "one"))) == {"pear"}


def test_conversations_do_not_mix_and_without_one_nothing_is_remembered(assistant):
    assistant.ask(FIRST, "one")
    assistant.ask(FIRST)
    assert assistant.ask("and at Pear Council?", "two").understood is None
    assert assistant.ask("and at Pear Council?").understood is None


def test_a_conversation_can_be_forgotten(assistant):
    assistant.ask(FIRST, "one")
    assert assistant.forget("one")
    assert assistant.ask("and at Pear Council?", "one").understood is None


def test_a_conversation_goes_on_after_a_restart(assistant, library):
    assistant.ask(FIRST, "one")
    connections = open_database(library.settings.database_path)
    assert len(SQLiteQuestionStore(connections, library.settings).turns("one")) == 1
    connections.close()
    assert Assistant(library).ask("and at Pear Council?", "one").understood is not None


def test_no_quote_is_kept_with_a_turn(assistant, library):
    quote = assistant.ask(FIRST, "one").citations[0].quote
    connection = sqlite3.connect(library.settings.database_path)
    stored = str(connection.execute("SELECT * FROM turns").fetchall())
    connection.close()
    assert FIRST in stored
    assert quote not in stored


def test_a_removed_document_answers_no_follow_up(assistant, library):
    assistant.ask(FIRST, "one")
    library.store.remove_document("apple")
    answer = assistant.ask("how did they measure that?", "one")
    assert "apple" not in cited(answer)
    assert "after one year" not in answer.text


def test_measuring_may_hold_conversations_without_logging_questions(assistant, library):
    measuring = Assistant(library, log_questions=False)
    assert measuring.ask(FIRST, "one").question_id is None
    answer = measuring.ask("and at Pear Council?", "one")
    assert answer.understood is not None
    assert answer.question_id is None


def test_a_stored_follow_up_says_how_it_was_understood(assistant):
    assistant.ask(FIRST, "one")
    answer = assistant.ask("and at Pear Council?", "one")
    assert assistant.stored_answer(answer.question_id).answer.understood == answer.understood


def test_of_two_readings_the_one_with_the_nearer_evidence_counts(assistant):
    assistant.ask(FIRST, "one")
    answer = assistant.ask("what about food from growers nearby?", "one")
    assert answer.understood is None
    assert set(cited(answer)) == {"food"}
