"""Greetings and thanks get a sensible reply, and what is asked beside them is a question."""

import pytest

from knowledge.answering.smalltalk import small_talk
from knowledge.answering.wording import ABILITIES, FAREWELL, GREETING, ONLY_PICTURES, THANKS


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Hello!", GREETING),
        ("hiya", GREETING),
        ("Bore da", GREETING),
        ("hi there, how are you?", GREETING),
        ("Thanks so much", THANKS),
        ("Thank you 🙂", THANKS),
        ("diolch", THANKS),
        ("that’s great thanks", THANKS),
        ("what can you do?", ABILITIES),
        ("who are you", ABILITIES),
        ("help", ABILITIES),
        ("good morning, can you help me?", ABILITIES),
        ("bye", FAREWELL),
        ("cheers, bye", FAREWELL),
        ("🙂", ONLY_PICTURES),
        ("👍🏽👍🏽 ❤️", ONLY_PICTURES),
    ],
)
def test_small_talk_has_a_reply(text, reply):
    assert small_talk(text) == reply


@pytest.mark.parametrize(
    "text",
    [
        "hiya, does signing up cost anything?",
        "thanks - and who led the Humber scheme?",
        "what can trusts do?",
        "help us buy",
        "🌳 planting",
        "hello world projects",
        "7",
    ],
)
def test_a_question_with_a_greeting_is_a_question(text):
    assert small_talk(text) is None
