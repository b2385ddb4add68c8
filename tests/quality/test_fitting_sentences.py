"""The sentence that is meant, not the one next to it: small sample documents with the real model."""

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.library import Library
from knowledge.settings import Settings, Switch

pytestmark = pytest.mark.model

TOYS = """# Sample Hill toy library

The Sample Hill toy library is in the Old Fire Station on Mill Lane. The toy library lends toys to 120 families who
could not otherwise buy them. It is run by a part-time coordinator and eleven volunteers.
Sample Hill Trust pays the rent.

## What did not work

The trust tried three things in the first year. Opening on Saturday mornings failed, because parents were at work. A
deposit of ten pounds kept the poorest families away. Toys came back with parts missing.
"""
KITCHEN = """---
title: A sample kitchen that bought from local farms
outcome: did_not_work
---
Sample Valley Hospital serves 900 meals a day. The kitchen buying scheme was part of the hospital's anchor plan.

The scheme ended after nine months. Deliveries were late in winter. Two farms could not afford to wait for their money.
"""
BIKES = """# Bikes for night-shift staff

Night buses stopped in Sample City in 2020. The council and the hospital bought bikes for night-shift staff.

## Who pays

The bikes are paid for by the council's climate fund. Repairs are done by Sample Spokes, a social enterprise.
"""


@pytest.fixture(scope="module")
def assistant(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fitting")
    for name, text in (("toys", TOYS), ("kitchen", KITCHEN), ("bikes", BIKES)):
        (folder / f"{name}.md").write_text(text)
    library = Library.open(Settings(data_dir=folder / "data", starter_library=Switch.OFF), lambda _: model)
    Indexer(library).add([str(folder / f"{name}.md") for name in ("toys", "kitchen", "bikes")])
    yield Assistant(library, log_questions=False)
    library.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("who runs the toy library?", "It is run by a part-time coordinator and eleven volunteers."),
        ("who pays the rent of the toy library?", "Sample Hill Trust pays the rent."),
        ("who pays for the bikes for night-shift staff?", "The bikes are paid for by the council's climate fund."),
        ("who repairs the bikes?", "Repairs are done by Sample Spokes, a social enterprise."),
    ],
)
def test_who_is_answered_by_the_sentence_that_says_who(assistant, question, first):
    assert next(sentence.text for sentence in assistant.ask(question).sentences if sentence.strong) == first


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("What went wrong at Sample Valley Hospital?", "Deliveries were late in winter.", "900 meals"),
        ("what went wrong at the Sample Hill toy library?", "Toys came back with parts missing.", "lends toys"),
        ("what didn't work in the toy library?", "Toys came back with parts missing.", "Mill Lane"),
    ],
)
def test_what_went_wrong_is_told_and_not_what_introduces_it(assistant, question, told, not_told):
    said = [sentence.text for sentence in assistant.ask(question).sentences]
    assert told in said
    assert not any(not_told in text for text in said)
