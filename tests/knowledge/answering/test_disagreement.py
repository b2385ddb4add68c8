"""Two sources that give different figures or dates stand side by side."""

import pytest

from knowledge.answering.disagreement import disagreeing
from tests.knowledge.answering.makers import READER_GATE, chunk, evidence, read


def other_than(question, one, another, *, score=2.0, document="b"):
    lead = read(chunk(one, 1, "a"), 4.0)
    found = evidence(question, lead, read(chunk(another, 2, document), score))
    quote = disagreeing(found, READER_GATE)
    return quote and quote.strong.unit.text


@pytest.mark.parametrize(
    ("question", "one", "another"),
    [
        ("how many jobs were kept?", "The trust kept 40 jobs.", "The trust kept 60 jobs."),
        ("how much did it cost?", "The scheme cost £3m.", "The scheme cost £4 million."),
        ("what share was local?", "Of the spend, 40% was local.", "Of the spend, 45 per cent was local."),
        ("how many jobs were kept?", "In 2020 the trust kept 40 jobs.", "In 2020 the trust kept 60 jobs."),
        ("when did the scheme begin?", "The scheme began in March 2020.", "The scheme began in May 2020."),
        ("when did the scheme begin?", "The scheme began in 2019.", "The scheme began in 2020."),
        ("when was it held?", "It was held in August and May 2020.", "It was held in August and June 2020."),
    ],
)
def test_another_figure_or_date_of_the_same_is_shown(question, one, another):
    assert other_than(question, one, another) == another
    assert other_than(question, another, one) == one


@pytest.mark.parametrize(
    ("question", "one", "another"),
    [
        ("how much did it cost?", "The scheme cost £3m.", "The scheme cost £3 million."),
        ("how many jobs were kept?", "The trust kept forty jobs.", "The trust kept 40 jobs."),
        # Not of one sort.
        ("how much did it cost?", "The scheme cost £3m.", "The scheme cost 4 people their sleep."),
        # Years beside the figure are not the figure.
        ("how many jobs were kept?", "In 2020 the trust kept 40 jobs.", "In 2021 the trust kept 40 jobs."),
        ("how many jobs were kept?", "The trust kept 40 jobs.", "The trust kept jobs in 2021."),
        # Less precise is not different.
        ("when did the scheme begin?", "The scheme began in March 2020.", "The scheme began in 2020."),
        ("when did the scheme begin?", "The scheme began in March 2020.", "The scheme began in March."),
        ("when did the scheme begin?", "The scheme began in March 2020.", "The scheme began in March 2020, it says."),
        ("when did the scheme begin?", "The scheme began in March 2020.", "The scheme began early."),
        # Another date beside the same one.
        ("when did the scheme begin?", "The scheme began in 2020.", "The scheme began in 2020 and ended in 2021."),
        # Of something else.
        ("how many jobs were kept?", "The trust kept 40 jobs.", "Visitors eat 60 cakes."),
        # Not a question for a figure or date.
        ("why were jobs kept?", "The trust kept 40 jobs.", "The trust kept 60 jobs."),
    ],
)
def test_what_agrees_or_is_of_something_else_is_not_shown(question, one, another):
    assert other_than(question, one, another) is None


def test_what_does_not_answer_by_itself_does_not_disagree():
    figures = ("how many jobs were kept?", "The trust kept 40 jobs.", "The trust kept 60 jobs.")
    assert other_than(*figures, score=-1.0) is None
    assert other_than(*figures, document="a") is None


def test_nothing_read_disagrees_with_nothing():
    assert disagreeing(evidence("how many jobs were kept?"), READER_GATE) is None
