"""The numbers of a text in one form, so that "61 per cent" is found in "61%" and "£1.8 million" in "£1.8m"."""

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
    r"(?:(?P<share>\s?(?:%|per ?cent\b|percentage points?\b))|(?P<pounds>\s?pounds?\b))?",
    re.IGNORECASE,
)
_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "dozen": 12.0}
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
    """A number as it counts: its value in digits, and what it is of: "%", "£", "th" for a rank, "×", or nothing."""

    value: str
    of: str


def figures(text: str) -> frozenset[Figure]:
    """Every number in a text, whether in digits or in words."""
    counted = _PRONOUN_ONE.sub("a", _ORDER.sub("", _SPAN_OF_YEARS.sub(r"\1, 20\2", text.strip())))
    # A hyphen joins a number to what it counts: "five-year plan".
    in_digits = alpha2digit(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", counted), "en", threshold=0)
    return frozenset(_in(in_digits))


def _in(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        value = float(match.group("digits").replace(",", ""))
        if scale := match.group("scale"):
            value *= _SCALES.get(scale.lower()) or float(scale)
        yield Figure(f"{value:.6f}".rstrip("0").rstrip("."), _of(match))
    yield from (Figure(*figure) for pattern, figure in _WORD_FIGURES if pattern.search(text))


def _of(match: re.Match[str]) -> str:
    if match.group("share"):
        return "%"
    if match.group("pounds"):
        return "£"
    return match.group("money") or ("th" if match.group("rank") else "")
