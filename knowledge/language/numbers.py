"""Figures in a text as normalised values: counts, amounts, shares, ranks and number words.

Each is in one form, so that "61 per cent" is found in "61%" and "£1.8 million" in "£1.8m".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from text_to_num import alpha2digit

# "One" is a number where it counts something, and elsewhere most often a pronoun: "one of them", "this one".
_PRONOUN_ONE = re.compile(
    r"\bones\b|(?<!ty[ -])(?<!hundred and )\bone\b"
    r"(?!\s+(?:in|out of|hundred|thousand|million|billion|dozen|person|year|month|week|day|hour|third|half|quarter"
    r"|per ?cent)\b)",
    re.IGNORECASE,
)
# "First, ..." at the beginning of a sentence says what comes when, and counts nothing.
_ORDER = re.compile(r"^(?:first|second|third|fourth)(?:ly)?,|\bfirst(?:ly)? of all\b|\bat first\b", re.IGNORECASE)
_SPAN_OF_YEARS = re.compile(r"\b((?:19|20)\d\d)\s?[/–-]\s?(\d\d)\b(?!\d)")
_NUMBER = re.compile(
    r"(?P<money>[£$€])?(?<![\d.])(?P<digits>\d+(?:,\d{3}(?!\d))+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<rank>(?:st|nd|rd|th)\b)?"
    r"(?:\s?(?P<scale>k|m|mn|bn|million|billion|dozen|1000000000|1000000|1000)\b)?"
    r"(?:(?P<share>\s?(?:%|per ?cent\b|percentage points?\b))|(?P<pounds>\s?pounds?\b)|(?P<pence>\s?(?:p|pence)\b))?",
    re.IGNORECASE,
)
_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "dozen": 12.0}
# "Three quarters", "two-thirds", "a third of", "one in five": shares before the words in them are read as counts.
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(
    r"\b(?P<top>a|one)[ -](?P<part>third|quarter|fifth|tenth)\b(?=[ -]of\b|[^\w-]*$|,)"
    r"|\b(?P<tops>two|three|four|seven|nine)[ -](?P<parts>third|quarter|fifth|tenth)s\b",
    re.IGNORECASE,
)
_IN_EVERY = re.compile(r"(?<![\d.,])\b(?P<top>\d) in (?:every )?(?P<of>\d{1,3})\b(?![\d,]|\.\d)")
_TOPS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "seven": 7, "nine": 9}
# Words that are figures: for each what it is in the form of the others.
_WORDS = {
    r"hal(?:f|ves|ved|ving)": ("50", "%"),
    r"quarters?": ("25", "%"),
    r"doubl(?:e|ed|es|ing)|twice|twofold": ("2", "×"),
    r"tripl(?:e|ed|es|ing)|threefold": ("3", "×"),
    r"(?<!\d )dozens?": ("12", ""),
}
_WORD_FIGURES = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), figure) for words, figure in _WORDS.items())


class Figure(NamedTuple):
    """A number as it counts: its value in digits, and what it is of.

    `of` is "%" for a share, "£", "$" or "€" for an amount, "th" for a rank, "×" for a multiple, or nothing for a count.
    """

    value: str
    of: str


def figures(text: str) -> frozenset[Figure]:
    """Return every number in a text, whether in digits or in words; a share also as "two thirds" or "one in five"."""
    counted = _PRONOUN_ONE.sub("a", _ORDER.sub("", _SPAN_OF_YEARS.sub(r"\1, 20\2", text.strip())))
    counted = _FRACTION.sub(_as_share, counted)
    # A hyphen joins a number to what it counts: "five-year plan".
    in_digits = alpha2digit(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", counted), "en", threshold=0)
    shares = _IN_EVERY.sub(_of_each, in_digits)
    return frozenset(_in(shares))


def _as_share(match: re.Match[str]) -> str:
    """Return a fraction in words as a percentage."""
    top = _TOPS[(match["top"] or match["tops"]).lower()]
    return _percentage(top, _PARTS[(match["part"] or match["parts"]).lower()])


def _of_each(match: re.Match[str]) -> str:
    """Return "1 in 5" as a percentage; what is no share stays as it is ("5 in 2021", "3 in 2")."""
    top, of = int(match["top"]), int(match["of"])
    return _percentage(top, of) if 0 < top < of else match.group()


def _percentage(top: int, of: int) -> str:
    return f"{100 * top / of:.2f}".rstrip("0").rstrip(".") + "%"


def _in(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        value = float(match.group("digits").replace(",", ""))
        if scale := match.group("scale"):
            value *= _SCALES.get(scale.lower()) or float(scale)
        if match.group("pence"):
            value /= 100
        yield Figure(f"{value:.6f}".rstrip("0").rstrip("."), _of(match))
    yield from (Figure(*figure) for pattern, figure in _WORD_FIGURES if pattern.search(text))


def _of(match: re.Match[str]) -> str:
    if match.group("share"):
        return "%"
    if match.group("pounds") or match.group("pence"):
        return "£"
    return match.group("money") or ("th" if match.group("rank") else "")
