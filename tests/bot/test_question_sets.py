"""Our own question sets: every passage that they name as evidence is still in the starter library."""

from pathlib import Path

import pytest

from bot.evaluation.questions import plain, read_questions
from indexer.library.documents import starter_documents

QUALITY = Path(__file__).parent.parent / "quality"
SETS = ("questions/starter.jsonl", "starter-questions.jsonl", "training/questions/d.jsonl")


@pytest.fixture(scope="module")
def library_texts():
    return {
        document.suggested_id: plain("\n".join(section.text for section in document.sections))
        for document in starter_documents()
    }


@pytest.mark.parametrize("name", SETS)
def test_all_evidence_is_in_the_text_that_it_names(name, library_texts):
    lost = [
        (question.id, gold.file, gold.contains)
        for question in read_questions(QUALITY / name)
        for gold in (*question.gold, *question.gold_all, *(question.also or ()))
        if plain(gold.contains) not in library_texts.get(gold.file, "")
    ]
    assert lost == []


@pytest.mark.parametrize("name", SETS)
def test_what_can_be_answered_has_evidence_and_nothing_else_has(name):
    for question in read_questions(QUALITY / name):
        assert bool(question.gold) == question.answerable, question.id


@pytest.mark.parametrize("name", SETS)
def test_what_an_answer_must_say_stands_in_the_documents_of_its_evidence(name, library_texts):
    for question in read_questions(QUALITY / name):
        told = " ".join(library_texts[gold.file] for gold in (*question.gold, *question.gold_all))
        for wanted in question.answer_must_include:
            assert any(plain(part) in told for part in wanted.split("|")), (question.id, wanted)
