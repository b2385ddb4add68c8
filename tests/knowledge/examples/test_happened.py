"""When an example happened: read as people write it, kept, and the date that it is cited with."""

from datetime import date

import pytest

from bot.texts.sources import source_details
from knowledge.domain.examples import Action
from knowledge.domain.library import Filters
from knowledge.errors import ExampleError
from knowledge.examples.form import FormError, read_form, read_happened
from knowledge.examples.period import known_until, read_period, spoken_period
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023", "2023"),
        ("2023-03", "2023-03", "2023-03"),
        ("2023-03-25", "2023-03-25", "2023-03-25"),
        ("March 2023", "2023-03", "2023-03"),
        ("Mar '23", "2023-03", "2023-03"),
        ("25 March 2023", "2023-03-25", "2023-03-25"),
        ("March 25th, 2023", "2023-03-25", "2023-03-25"),
        ("3 to 25 March 2023", "2023-03-03", "2023-03-25"),
        ("25th of March, 2023", "2023-03-25", "2023-03-25"),
        ("12/03/2023", "2023-03-12", "2023-03-12"),
        ("12-03-23", "2023-03-12", "2023-03-12"),
        ("03/2023", "2023-03", "2023-03"),
        ("2022 to 2024", "2022", "2024"),
        ("2022-2024", "2022", "2024"),
        ("2023/24", "2023", "2024"),
        ("Q2 22/23", "2022-07", "2022-09"),
        ("Q4 2022/23", "2023-01", "2023-03"),
        ("March to June 2022", "2022-03", "2022-06"),
        ("from May 2021 until March 2023", "2021-05", "2023-03"),
        ("since 2021", "2021", "2026-03"),
        ("June 2025 - ongoing", "2025-06", "2026-03"),
        ("44927", "2023-01-01", "2023-01-01"),
        ("spring 2023", "2023", "2023"),
        ("2025 - 2030", "2025", "2030"),
    ],
)
def test_dates_as_people_write_them(text, first, last):
    assert read_period(text, TODAY) == (first, last)


@pytest.mark.parametrize("text", ["last spring", "ongoing", "we may", "31/06/2022", "tbc", "soon"])
def test_what_names_no_date(text):
    assert read_period(text, TODAY) is None
    with pytest.raises(FormError, match="write when it happened as 2023"):
        read_happened(text, TODAY)


def test_what_lies_ahead_has_not_happened():
    with pytest.raises(FormError, match="still to come"):
        read_happened("2031", TODAY)


def test_a_form_says_both_ends_or_all_in_one():
    both = read_form({"happened_from": "March 2022", "happened_to": "2024"}).content
    assert (both.happened_from, both.happened_to) == ("2022-03", "2024")
    one = read_form({"happened": "March 2022 to 2024"}).content
    assert (one.happened_from, one.happened_to) == ("2022-03", "2024")
    with pytest.raises(ExampleError, match=r"happened_to \(2021\) is before happened_from \(2023\)"):
        read_form({"happened_from": "2023", "happened_to": "2021"})


def test_periods_are_said():
    assert spoken_period("2022-03", "2024") == "March 2022 to 2024"
    assert spoken_period("2023", "2023") == "2023"
    assert spoken_period(None, None) == ""


def test_a_date_tells_how_far_it_is_known():
    assert known_until("2022", "2023", "2026-03-02") == "2023"
    assert known_until("2022", None, "2026-03-02") == "2022"
    # What goes on beyond the day on which it was shared, was so on that day.
    assert known_until("2025", "2030", "2026-03-02") == "2026-03-02"
    assert known_until(None, None, "2026-03-02") == "2026-03-02"


def cited(examples, library, **changes):
    given = examples.share(AUTHOR, content(**changes)).id
    examples.review(MODERATOR, given, Action.APPROVE)
    results = library.searcher.search("bicycle workshop", 20, Filters()).results
    return next(result for result in results if result.document_id == given)


def test_an_example_is_cited_as_of_when_it_happened(examples, library):
    old = cited(examples, library, happened_from="2022", happened_to="2023")
    assert (old.published, old.true_as_of) == ("2023", "2023")
    assert source_details(old, TODAY) == "Sample Hospital Trust · member's example · 2023"
    ancient = cited(examples, library, title="Long ago", happened_from="2012", happened_to="2014")
    assert "2014, more than 5 years ago" in source_details(ancient, TODAY)


def test_where_nobody_said_when_it_is_the_day_on_which_it_was_shared(examples, library):
    undated = cited(examples, library)
    assert (undated.published, undated.true_as_of) == ("2026-03-02", None)


def test_a_moderator_can_add_the_date(examples, library):
    given = cited(examples, library).document_id
    examples.tag(MODERATOR, given, happened=read_happened("2021", TODAY), region="Gwent")
    view = examples.show(AUTHOR, given)
    assert (view.happened_from, view.happened_to, view.region) == ("2021", "2021", "Gwent")
    assert library.store.document(given).metadata.published == "2021"
    assert library.store.document(given).metadata.region == "Gwent"
