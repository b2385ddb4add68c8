"""How long a server asks to be left alone: a number of seconds, or a date."""

from datetime import UTC, datetime

import pytest

from knowledge.dates import seconds_asked_for


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Sat, 01 Jan 2022 00:01:00 GMT", 60.0),
        ("Sat, 01 Jan 2022 00:01:00 -0000", 60.0),
        ("Fri, 31 Dec 2021 00:00:00 GMT", 0.0),
        ("-3", 0.0),
        ("soon", None),
        ("²", None),
        ("9" * 400, None),
        ("", None),
        (None, None),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone(header, seconds):
    assert seconds_asked_for(header, datetime(2022, 1, 1, tzinfo=UTC)) == seconds
