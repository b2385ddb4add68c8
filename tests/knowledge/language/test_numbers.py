import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.numbers import figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("61%", "sixty-one per cent"),
        ("61%", "61 percent"),
        ("£1.8m", "£1.8 million"),
        ("£3 million", "three million pounds"),
        ("1,200 people", "1200 people"),
        ("two hundred and fifty", "250"),
        ("a dozen", "12"),
        ("two dozen", "24"),
        ("the 3rd", "the third"),
        ("2021/22", "2021 and 2022"),
        ("half of them", "50%"),
        ("twice as many", "double the number"),
        ("5k", "five thousand"),
        ("one in five", "1 in 5"),
        ("a five-year plan", "5 years"),
        ("one hundred and one", "101"),
        ("twenty-one", "21"),
        ("three quarters of staff", "75%"),
        ("three-quarters", "75 per cent"),
        ("two thirds", "two-thirds of staff"),
        ("a third of staff", "one third of them"),
        ("1 in 5", "20%"),
        ("one in every four", "a quarter"),
        ("50p", "£0.50"),
        ("20 pence", "£0.2"),
    ],
)
def test_the_same_number_in_another_form(one, other):
    assert figures(one)
    assert figures(one) == figures(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("61%", "61"),
        ("61%", "16%"),
        ("£5", "$5"),
        ("£1.4bn", "£1.4m"),
        ("1.5", "15"),
        ("third", "three"),
        ("forty-one", "forty"),
        ("2021-22", "2021-23"),
        ("1,200", "1,2000"),
        ("half", "a quarter"),
        ("three quarters", "a quarter"),
        ("a third of staff", "the third of May"),
        ("5 in 2021", "5"),
        ("twenty pounds", "twenty"),
    ],
)
def test_another_number(one, other):
    assert figures(one) != figures(other)


@pytest.mark.parametrize(
    "text", ["", "no one of the small ones, and this one", "First, they met.", "first of all", "Secondly, this", "² ½"]
)
def test_what_counts_nothing(text):
    assert figures(text) == frozenset()


@given(st.text())
def test_no_text_is_too_odd(text):
    assert figures(text) >= frozenset()


@given(st.integers(0, 10**12))
def test_a_number_is_found_however_it_is_grouped(number):
    assert figures(f"about {number:,} people") == figures(f"{number}")
