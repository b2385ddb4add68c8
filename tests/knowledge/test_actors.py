"""Who does what: told from sentences that only name what is done, and quoted before them."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.actors import acting
from knowledge.assistant import Assistant
from knowledge.language.words import stems

TOYS = """# Sample Hill toy library

The Sample Hill toy library is in the Old Fire Station on Mill Lane. The toy library lends toys to 120 families.
It is run by a part-time coordinator and eleven volunteers. Sample Hill Trust pays the rent.
"""


@pytest.mark.parametrize(
    ("question", "says", "says_not"),
    [
        ("who runs the toy library?", "It is run by two volunteers.", "The toy library is on Mill Lane."),
        ("Who runs the toy library?", "The council's new team manages it.", "The toy library runs on Mondays."),
        ("who is the toy library run by?", "Sample Trust runs it.", "The toy library was run well."),
        ("who pays for the bikes?", "Bikes are paid for by a fund.", "The bikes cost the same as in Leeds."),
        ("who funds it", "Funding comes from the levy of three employers.", "It began to seek funding in Leeds."),
        ("who mentors them?", "Mentors are experienced workers.", "Each apprentice has a mentor."),
        ("which council led the work?", "The work was led by Sample Borough.", "Sample Borough liked the work."),
    ],
)
def test_a_text_says_who_does_what_is_asked_after(question, says, says_not):
    acts = acting(question, stems)
    assert acts(says)
    assert not acts(says_not)


@pytest.mark.parametrize("question", ["when did it begin?", "how many people run it?", "who", "what runs the bus?"])
def test_what_is_not_asked_after_somebody(question):
    assert acting(question, stems) is None


@pytest.fixture
def assistant(library, tmp_path):
    (tmp_path / "toys.md").write_text(TOYS)
    Indexer(library).add([str(tmp_path / "toys.md")])
    return Assistant(library)


def test_what_it_is_stands_in_the_sentence_before(assistant):
    """ "It is run by ..." is about the toy library, though it does not name it."""
    answer = assistant.ask("is the toy library run by volunteers?")
    assert answer.sentences[0].text == "It is run by a part-time coordinator and eleven volunteers."
