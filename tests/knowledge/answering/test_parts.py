import pytest

from knowledge.answering.parts import points_back, question_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how do we get started?", ["how do we get started?"]),
        (
            "what did the trust spend on food, and who measured the local share?",
            ["what did the trust spend on food", "who measured the local share?"],
        ),
        (
            "Pear Trust - what's their carbon goal, and what did they buy from nearby growers?",
            ["Pear Trust - what's their carbon goal", "Pear Trust - what did they buy from nearby growers?"],
        ),
        (
            "Is anchor work paid for? What does the plan say about money?",
            ["Is anchor work paid for?", "What does the plan say about money?"],
        ),
        # Joined things, not joined questions; and what only goes on with the part before it.
        ("who buys bread and what?", ["who buys bread and what?"]),
        (
            "how many organisations joined, and who did it?",
            ["how many organisations joined, and who did it?"],
        ),
        ("jobs and what they pay", ["jobs and what they pay"]),
        (
            "sorry if this is daft but why can't a trust buy from the firm down the road?",
            ["sorry if this is daft but why can't a trust buy from the firm down the road?"],
        ),
        ("hi there. we are new and small", ["hi there. we are new and small"]),
    ],
)
def test_a_question_is_taken_apart_where_it_asks_two_things(text, parts):
    assert question_parts(text) == parts


def test_whether_a_part_points_back():
    assert points_back("what did they buy from nearby growers?")
    assert not points_back("what does the plan say about money?")
