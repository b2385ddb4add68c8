"""Raised digits: marks of footnotes, which are no part of the number before them, and powers, which are."""

import re

# What a mark of a footnote is made of; several may stand together ("1,2", "[3]").
MARKS = frozenset("0123456789,;–-*†‡§¶[]()¹²³⁰⁴⁵⁶⁷⁸⁹ ")
_RAISED_FORM = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_PLAIN_FORM = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# "40 m²", "120 kg/m²", "10⁶" after a multiplication, "R²": the little number says how large the other is.
_MEASURED = re.compile(r"(?:^|[\s\d/(.])(?:[kcdmµ]?m|ft|yd|in|mi|[sh])$")
_TIMES = re.compile(r"[×x*]\s?10$")
_SYMBOL = re.compile(r"(?:^|[\s(])[A-Zχρη]$")
_OF_UNICODE = re.compile(r"(?<=\S)[¹²³⁰⁴⁵⁶⁷⁸⁹]+(?:[,–-][¹²³⁰⁴⁵⁶⁷⁸⁹]+)*")


def is_mark(text: str) -> bool:
    """Return whether raised letters can be a footnote's mark: digits or signs, and nothing else."""
    return bool(text.strip()) and all(letter in MARKS for letter in text)


def raised(before: str, text: str) -> str:
    """Return what raised letters add to the text before them: a power, letters as in "1st", or "" for a mark."""
    if not is_mark(text):
        return text
    plain = text.strip().translate(_PLAIN_FORM)
    if plain in ("2", "3") and (_MEASURED.search(before) or _SYMBOL.search(before)):
        return plain.translate(_RAISED_FORM)
    if _TIMES.search(before) and plain.lstrip("-–").isdigit():
        return plain.translate(_RAISED_FORM)
    return ""


def without_raised_signs(text: str) -> str:
    """Return a text without marks that are written with Unicode's own raised digits ("in 2024²"); powers stay."""
    if not _OF_UNICODE.search(text):
        return text
    return _OF_UNICODE.sub(lambda found: raised(text[max(0, found.start() - 12) : found.start()], found.group()), text)
