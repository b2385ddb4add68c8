"""Queries read as they were meant: slips, acronyms, British and American spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.pipeline import Indexer
from knowledge.retrieval.acronyms import find_acronyms
from knowledge.retrieval.query import QueryReader
from knowledge.retrieval.spelling import corrected, other_spellings
from knowledge.types import Acronym
from tests.fakes import WordEmbedder

WORDS = {"students": 3, "funding": 2, "partnership": 9, "organisation": 5, "programme": 4, "learn": 2, "learns": 7}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("studnets", "students"),
        ("learnss", "learns"),
        ("fuunndg", None),
        ("fundng", "funding"),
        ("partnrship", "partnership"),
        ("lern", "learn"),
        ("cat", None),
        ("xyzzy", None),
        ("b2b2", None),
    ],
)
def test_slips(typed, meant):
    assert corrected(typed, WORDS) == meant


def test_british_and_american_spelling():
    assert other_spellings("organization", WORDS) == ["organisation"]
    assert other_spellings("program", WORDS) == ["programme"]
    assert other_spellings("partnership", WORDS) == []


@pytest.mark.parametrize(
    ("text", "acronym"),
    [
        ("East London NHS Foundation Trust (ELFT) tests", Acronym("ELFT", "East London NHS Foundation Trust", True)),
        ("through integrated care systems (ICSs) in", Acronym("ICS", "integrated care systems", True)),
        ("the Mid and South Essex (MSE) NHS Trust", Acronym("MSE", "Mid and South Essex", True)),
        ("on the last page of NHS Long Term Plan is", Acronym("LTP", "Long Term Plan", False)),
        ("in Lancashire and South Cumbria, partners", Acronym("LSC", "Lancashire and South Cumbria", False)),
    ],
)
def test_acronyms_that_documents_explain(text, acronym):
    assert acronym in find_acronyms(text)


@pytest.mark.parametrize("text", ["growth (see page 9)", "the site (NHS) was", "nothing of the sort (ABC)", ""])
def test_brackets_that_explain_nothing(text):
    assert find_acronyms(text) == set()


@given(st.text(max_size=300))
def test_any_text_can_be_read_for_acronyms(text):
    for acronym in find_acronyms(text):
        assert acronym.short
        assert acronym.long


@pytest.fixture
def reader(library, tmp_path):
    text = "The Sample Green Hospital Trust (SGHT) organises gardens for students. Students of SGHT dig."
    (tmp_path / "a.txt").write_text(text)
    Indexer(library).add([str(tmp_path / "a.txt")])
    embedder = WordEmbedder()
    # As a real model would: a word of the language is one token, a slip is several.
    embedder.count_tokens = lambda word: 1 if word in {"gardens", "what", "firms", "did"} else 2
    return QueryReader(library.store, embedder)


def test_slips_are_mended_and_words_of_the_language_left_alone(reader):
    query = reader.read("what firms did studnets dig?")
    assert query.mended == {"studnets": "students"}
    assert query.meaning == "what firms did students dig?"
    assert query.terms == ("firms", "students", "dig")
    assert query.typed == "what firms did studnets dig?"


@pytest.mark.parametrize("typed", ["SGHT", "sght"])
def test_acronyms_are_spelled_out(reader, typed):
    query = reader.read(f"gardens of {typed}")
    assert query.meaning == f"gardens of Sample Green Hospital Trust ({typed})"
    assert query.terms == ("gardens", "sght")
    assert query.phrases == ("sample green hospital trust",)


def test_both_spellings_are_searched(reader):
    assert "organises" in reader.read("who organizes this").terms


def test_what_is_removed_is_forgotten(reader, library):
    library.store.remove_document("a")
    assert library.store.vocabulary() == {}
    assert library.store.acronyms() == []
    assert reader.read("studnets of SGHT").mended == {}
    assert library.store.problems() == []
