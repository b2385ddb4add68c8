"""Questions that ask for people are told from those that ask for what the library says."""

import pytest

from knowledge.answering.answer_kind import asks_for_people
from knowledge.assistant import Assistant


@pytest.mark.parametrize(
    "question",
    [
        "who can I talk to about toy libraries?",
        "Who should we speak to about green roofs",
        "is anyone else doing toy libraries?",
        "Is there anybody working on social value in Wales?",
        "are any other trusts working on this?",
        "can you put me in touch with somebody who runs a repair cafe?",
        "could you introduce us to a council?",
        "I am looking for someone to talk to about local hiring",
        "who else is working on apprenticeships?",
        "does anyone know somebody who buys food locally?",
    ],
)
def test_asking_for_people(question):
    assert asks_for_people(question)


@pytest.mark.parametrize(
    "question",
    [
        "who runs the toy library?",
        "Who led the Humber scheme?",
        "has anybody failed with green roofs?",
        "how do we work with other councils?",
        "which trusts pay the living wage?",
        "are there events for people working in estates?",
        "what did the people interviewed think?",
    ],
)
def test_asking_the_library(question):
    assert not asks_for_people(question)


def test_an_answer_and_a_refusal_say_that_people_were_asked_for(filled):
    assistant = Assistant(filled)
    assert assistant.ask("who can I talk to about keeping entry jobs for local residents?").asks_for_people
    refused = assistant.ask("can you put me in touch with an astronaut?")
    assert (refused.answered, refused.asks_for_people) == (False, True)
    assert not assistant.ask("Which football club won yesterday?").asks_for_people
