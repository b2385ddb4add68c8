"""Acronyms: what they mean is answered, and either form of a name finds what is said by the other."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.shapes import asked_acronym
from knowledge.assistant import Assistant
from knowledge.domain.library import Acronym

KNOWN = [
    Acronym("ICS", "integrated care system", stated=True),
    Acronym("CCG", "clinical commissioning group", stated=True),
    Acronym("TEN", "The Elder Network", stated=False),
]


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is an ICS?", "ICS"),
        ("what's ICS", "ICS"),
        ("What does ICS stand for?", "ICS"),
        ("ICS meaning", "ICS"),
        ("What are CCGs?", "CCG"),
        ("define ccg", "CCG"),
        ("What is an ICS doing about jobs?", None),
        ("What is the TEN?", None),
        ("Who runs the ICS?", None),
        ("What is social value?", None),
    ],
)
def test_only_a_question_for_a_meaning_is_one(question, short):
    found = asked_acronym(question, lambda: KNOWN)
    assert (found.short if found else None) == short


@pytest.fixture
def explained(library, tmp_path):
    folder = tmp_path / "terms"
    folder.mkdir()
    (folder / "ics.md").write_text(
        "---\ntitle: Integrated care system (ICS)\nkind: glossary\n---\n\n"
        "An integrated care system plans health and care for an area. It brings councils and trusts together.\n"
    )
    (folder / "report.md").write_text(
        "# Report\n\nThe East Sample Hospital Trust (ESHT) moved its kitchen contracts to farms.\n\n"
        "The integrated care system (ICS) paid for a cold store.\n"
    )
    (folder / "short.md").write_text("# Vans\n\nESHT bought two electric vans for its porters in 2021.\n")
    (folder / "long.md").write_text("# Roofs\n\nThe East Sample Hospital Trust planted roofs on its wards.\n")
    Indexer(library).add([str(folder)])
    return library


@pytest.mark.parametrize("question", ["What is an ICS?", "what does ICS stand for"])
def test_the_glossary_answers_what_an_acronym_means(explained, question):
    answer = Assistant(explained).ask(question)
    assert answer.answered
    assert answer.citations[0].document_id == "ics"
    assert answer.sentences[0].text == "An integrated care system plans health and care for an area."


def test_without_a_glossary_entry_the_sentence_that_spells_it_out_answers(explained):
    answer = Assistant(explained).ask("What is ESHT?")
    assert answer.sentences[0].text == "The East Sample Hospital Trust (ESHT) moved its kitchen contracts to farms."


def test_either_form_of_a_name_finds_the_other(explained):
    def lexical(query):
        read = explained.searcher.read(query)
        found = explained.store.lexical_search(read.terms + read.phrases, 20).found
        return {chunk.document_id for chunk in explained.store.chunks([i for i, _ in found]).values()}

    assert {"short", "long"} <= lexical("ESHT")
    assert {"short", "long"} <= lexical("East Sample Hospital Trust")
    vans = Assistant(explained).ask("Did East Sample Hospital Trust buy two electric vans for porters in 2021?")
    assert "short" in {citation.document_id for citation in vans.citations}
    assert Assistant(explained).ask("Where did ESHT plant roofs on wards?").citations[0].document_id == "long"
