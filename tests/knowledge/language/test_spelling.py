import random

import pytest

from knowledge.language.spelling import Vocabulary, corrected, other_spellings

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


def test_a_prepared_vocabulary_finds_what_comparing_with_every_word_finds():
    chance = random.Random(3)
    known = {"".join(chance.choices("abeilnorst", k=chance.randint(3, 10))): chance.randint(1, 9) for _ in range(3000)}
    known |= {"café": 2, "ﬁnance": 1, "日本語": 3}
    vocabulary = Vocabulary(known)
    slips = []
    for word in chance.sample(sorted(known), 200):
        place = chance.randrange(len(word))
        slips += [
            word[:place] + word[place + 1 :],
            word[:place] + "z" + word[place:],
            word[:place] + word[place:][::-1],
        ]
    assert [corrected(slip, vocabulary) for slip in slips] == [corrected(slip, known) for slip in slips]


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
