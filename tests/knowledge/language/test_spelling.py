import pytest

from knowledge.language.spelling import corrected, other_spellings

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


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("organization", "organisation"),
        ("organizational", "organisational"),
        ("program", "programme"),
        ("neighborhoods", "neighbourhoods"),
        ("labor", "labour"),
        ("centers", "centres"),
        ("defense", "defence"),
    ],
)
def test_british_and_american_spelling(american, british):
    assert other_spellings(american, {british}.__contains__) == [british]


@pytest.mark.parametrize("word", ["partnership", "four", "our", "per"])
def test_words_with_one_spelling(word):
    assert other_spellings(word, {*WORDS, "for", "or", "pre"}.__contains__) == []
