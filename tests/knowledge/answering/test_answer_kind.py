"""The sort of thing that a question asks for, and whether a text has one."""

import pytest

from knowledge.answering.answer_kind import asks_for_date, asks_for_figure, has_asked_kind


@pytest.mark.parametrize(
    ("question", "fitting", "unfitting"),
    [
        ("How many joined?", "six teams joined", "teams joined"),
        ("How many joined?", "several joined", "they joined"),
        ("how long did it take?", "It took two years.", "It took ages."),
        ("when did it begin?", "It began in March.", "It began early."),
        ("what year was it?", "That was 2019.", "That was before."),
        ("how much did it cost?", "It cost £3m.", "It cost 40 people their sleep."),
        ("how much money was there?", "There was $5,000.", "There was enough."),
        ("what did they spend on it?", "They spent £1.8m.", "They spent 3 years."),
        ("what % of it was local?", "48% was local", "48 were local"),
        ("what share was local?", "half of it was local", "it was local"),
        ("how much smaller was it?", "It was 9% smaller.", "It was smaller."),
        ("Who ran it?", "It was run by Sample Trust", "it was run well"),
        ("which trusts ran it?", "It was run by Sample Trust", "it was run well"),
        ("is there a phone number i can ring", "Ring 020 7946 0000.", "Ring us."),
        ("what is the email address?", "Write to a@example.org.", "Write to us."),
    ],
)
def test_the_sort_of_thing_asked_for(question, fitting, unfitting):
    assert has_asked_kind(question, fitting)
    assert not has_asked_kind(question, unfitting)
    assert has_asked_kind("why did it begin?", unfitting)


def test_who_is_not_answered_with_the_name_that_is_asked_with():
    assert not has_asked_kind("who led the Humber scheme?", "The Humber scheme was led with care")
    assert has_asked_kind("who led the Humber scheme?", "The Humber scheme was led by Sam Lee")


@pytest.mark.parametrize(
    ("question", "figure", "date"),
    [
        ("how many jobs were kept?", True, False),
        ("what percentage was local?", True, False),
        ("how much did it cost?", True, False),
        ("when did it start?", False, True),
        ("and when did it start?", False, True),
        ("which year was that?", False, True),
        ("what happens when a trust leaves?", False, False),
        ("how do we start?", False, False),
    ],
)
def test_figures_and_dates_are_told_apart(question, figure, date):
    assert asks_for_figure(question) is figure
    assert asks_for_date(question) is date
