"""The project's own questions over the starter library, as a retrieval collection that anyone can compare on."""

from pathlib import Path

from bot.evaluation.questions import read_questions
from bot.evaluation.retrieval import Collection
from indexer.library import LOCATION_PREFIX
from indexer.library.documents import starter_documents
from tests.conftest import ROOT

QUESTIONS = ROOT / "tests" / "quality" / "starter-questions.jsonl"


def starter_collection(questions: Path = QUESTIONS) -> Collection:
    """The starter library as a collection: a document is relevant when a question's gold passage is in it."""
    documents = list(starter_documents())
    asked = {q.id: q for q in read_questions(questions) if q.answerable}
    judgements = {
        name: {f"{LOCATION_PREFIX}{gold.file}": 1 for gold in (*question.gold, *question.gold_all)}
        for name, question in asked.items()
    }
    known = {document.location for document in documents}
    if missing := {location for judged in judgements.values() for location in judged} - known:
        raise ValueError(f"The questions name documents that the starter library does not have: {sorted(missing)}")
    return Collection("starter questions", documents, {name: q.question for name, q in asked.items()}, judgements)
