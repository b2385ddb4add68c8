"""Rows of tables and sentences that only say that something follows are quoted in ways of their own."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.shapes import announces
from knowledge.assistant import Assistant
from knowledge.language.sentences import split_units

GRANTS = """Project,Lead organisation,Start date,End date,Grant,Status
Warm rooms,Sample North Trust,2023-10-02,2024-03-29,12000,Finished
Allotments for patients,Sample South Council,2024-04-15,2025-04-14,8500,Running
Walking groups,Sample West Charity,2025-02-03,2026-02-02,6400,Running
Job fair,Sample North Trust,2024-09-12,2024-09-12,1500,Finished
"""


@pytest.fixture
def ask(library, tmp_path):
    def asked(name, text, question):
        (tmp_path / name).write_text(text)
        # How much a word tells is known from more than one document.
        (tmp_path / "other.md").write_text("# Sample hedges\n\nThe project planted hedges with its lead gardener.\n")
        Indexer(library).add([str(tmp_path / name), str(tmp_path / "other.md")])
        return Assistant(library).ask(question)

    return asked


def test_only_the_row_that_is_asked_about_is_quoted_with_its_days_in_words(ask, library):
    answer = ask("grants.csv", GRANTS, "when does the allotments project end?")
    (sentence,) = answer.sentences
    assert sentence.text == (
        "Project: Allotments for patients; Lead organisation: Sample South Council; Start date: 15 April 2024; "
        "End date: 14 April 2025; Grant: 8500; Status: Running"
    )
    (citation,) = answer.citations
    assert citation.quote in library.store.chunks([int(citation.chunk_id)])[int(citation.chunk_id)].text


def test_every_row_that_answers_is_quoted(ask):
    table = "Project,Lead\nWarm rooms,Sample North Trust\nHen house,Sample West Charity\nJob fair,Sample North Trust\n"
    answer = ask("leads.csv", table, "which project has Sample North Trust as its lead?")
    assert {sentence.text for sentence in answer.sentences} == {
        "Project: Warm rooms; Lead: Sample North Trust",
        "Project: Job fair; Lead: Sample North Trust",
    }


def test_a_sentence_that_announces_brings_what_follows(ask):
    text = "# Lending toys\n\nLending toys taught three lessons. Label every single box. "
    text += "Count the pieces on return. Wash it all weekly.\n"
    answer = ask("toys.md", text, "what lessons did lending toys teach?")
    said = [sentence.text for sentence in answer.sentences]
    assert said == [
        "Lending toys taught three lessons.",
        "Label every single box.",
        "Count the pieces on return.",
        "Wash it all weekly.",
    ]


@pytest.mark.parametrize(
    ("text", "announcing"),
    [
        ("The trust tried three things in the first year.", True),
        ("There were several practical problems.", True),
        ("Three lessons: label boxes, count pieces, wash weekly.", False),
        ("The trust tried toys.", False),
        ("Three members of staff left.", False),
    ],
)
def test_what_only_announces(text, announcing):
    (unit,) = split_units(text)
    assert announces(unit) is announcing
