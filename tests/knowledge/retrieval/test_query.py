"""Queries read as they were meant: slips, acronyms, British and American spelling."""

import pytest

from indexer.pipeline import Indexer
from knowledge.retrieval.lexical import IndexedWords
from knowledge.retrieval.query import QueryReader
from tests.fakes import WordEmbedder


@pytest.fixture
def reader(library, tmp_path):
    text = "The Sample Green Hospital Trust (SGHT) organises gardens for students. Students of SGHT dig."
    (tmp_path / "a.txt").write_text(text)
    Indexer(library).add([str(tmp_path / "a.txt")])
    embedder = WordEmbedder()
    # As a real model would: a word of the language is one token, a slip is several.
    embedder.count_tokens = lambda word: 1 if word in {"gardens", "what", "firms", "did"} else 2
    return QueryReader(IndexedWords(library.store, library.lexical), embedder)


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
