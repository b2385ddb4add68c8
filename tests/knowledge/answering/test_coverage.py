"""How much of what a question tells stands in a text."""

import pytest

from knowledge.answering.signals import share_covered
from knowledge.language.words import stems

ASKED = {"bread": 3.0, "baker": 2.0, "trust": 1.0}


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Nothing of it.", 0.0),
        ("Breads and bakers, says the trust.", 1.0),
        ("The trusts met.", 1 / 6),
        ("Bread! Bread! Bread!", 0.5),
    ],
)
def test_words_count_by_what_they_tell(text, share):
    assert share_covered(ASKED, text) == pytest.approx(share)


def test_an_acronym_stands_for_its_long_form_and_the_other_way_round():
    short, long = frozenset(stems(["ics"])), frozenset(stems(["integrated", "care", "system"]))
    same = [(long, short)]
    assert share_covered(dict.fromkeys(short, 2.0), "An integrated care system plans.", same) == 1.0
    assert share_covered(dict.fromkeys(long, 1.0), "The ICS plans.", same) == 1.0
    assert share_covered(dict.fromkeys(short, 2.0), "A caring system plans.", same) == 0.0


def test_nothing_asked_is_not_covered():
    assert share_covered({}, "Any text.") == 0.0
