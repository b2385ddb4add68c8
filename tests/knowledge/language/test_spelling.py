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


def test_british_and_american_spelling():
    assert other_spellings("organization", WORDS) == ["organisation"]
    assert other_spellings("program", WORDS) == ["programme"]
    assert other_spellings("partnership", WORDS) == []
