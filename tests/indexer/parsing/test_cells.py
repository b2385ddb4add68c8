"""Cells of spreadsheets as their sheet shows them."""

from datetime import datetime, time, timedelta

import pytest

from indexer.parsing.cells import Formatted, shown

MARCH = datetime.fromisoformat("2024-03-01T00:00")
AFTERNOON = datetime.fromisoformat("2024-03-01T14:30")
ACCOUNTS = r'_-"£"* #,##0.00_-;\-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (MARCH, "mmm yyyy", "March 2024"),
        (MARCH, r"mmm\-yy", "March 2024"),
        (MARCH, r"[$-809]mmmm\ yyyy;@", "March 2024"),
        (MARCH, "mm-dd-yy", "1 March 2024"),
        (MARCH, "yyyy", "2024"),
        (MARCH, "mmmm", "March"),
        (MARCH, "dddd", "Friday"),
        (MARCH, "General", "1 March 2024"),
        (AFTERNOON, "dd/mm/yyyy", "1 March 2024"),
        (AFTERNOON, "yyyy-mm-dd h:mm:ss", "1 March 2024, 14:30"),
        (AFTERNOON, "d mmm hh:mm", "1 March, 14:30"),
        (AFTERNOON, "h:mm AM/PM", "14:30"),
    ],
)
def test_a_day_is_as_precise_as_its_sheet_shows_it(value, number_format, text):
    assert shown(Formatted(value, number_format)) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.244, "0.0%", "24.4%"),
        (0.244, "0%", "24%"),
        (171300, '"£"#,##0', "£171,300"),
        (171300, '"£"#,##0.00', "£171,300"),
        (171300.5, "[$£-809]#,##0.00", "£171,300.50"),
        (-5, r'"£"#,##0.00;[Red]\-"£"#,##0.00', "-£5"),
        (1234, ACCOUNTS, "£1,234"),
        (-1234, ACCOUNTS, "-£1,234"),
        (0, ACCOUNTS, "£0"),
        (1200, "#,##0.00 [$€-407]", "1,200 €"),
        (1200000, '£0.0,,"m"', "£1.2m"),
    ],
)
def test_shares_and_sums_of_money(value, number_format, text):
    assert shown(Formatted(value, number_format)) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234567, "#,##0", "1,234,567"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-1234, "#,##0;[Red]#,##0", "-1,234"),
        (1500000, "#,##0,", "1,500"),
        (2.5, "0", "3"),
        (3, "0.00", "3.00"),
        (2.5, "0.###", "2.5"),
        (42, "00000", "00042"),
        (3, '0" trees"', "3 trees"),
        (0, "0;-0;;@", ""),
        (-0.001, "0.0", "0.0"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1.5, "# ?/?", "1.5"),
        (1.5, "0.00E+00", "1.5"),
        (7700900123, "0#### ######", "7700900123"),
        (5, "[>100]0.0;0", "5"),
        (1e300, "#,##0.00", "1" + 300 * "0"),
        (True, "0", "yes"),
    ],
)
def test_other_numbers(value, number_format, text):
    assert shown(Formatted(value, number_format)) == text


def test_times_and_durations():
    assert [shown(value) for value in (time(9, 5), timedelta(hours=26, minutes=7), None)] == ["09:05", "26:07", ""]
