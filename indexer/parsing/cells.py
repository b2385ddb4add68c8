"""Cells of spreadsheets as their sheet shows them: "March 2024", "24.4%", "£171,300"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from indexer.parsing.text import printable
from knowledge.dates import spoken_date

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[ T]\d\d:\d\d(?::\d\d)?)?")
# What a format says besides its codes: "words", an escaped sign, [a colour or country], a gap or a filling.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_MINUTES = re.compile(r"(h+[^a-z]*)m+|m+([^a-z]*s)")
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+,*")
# Formats that this module does not follow: the number is shown plainly. Fractions, powers of ten, conditions.
_UNUSUAL = re.compile(r"general|[eE][+-]|[#?0]\s*/|@|\[[<>=]", re.IGNORECASE)
_MONEY = re.compile(r"[£$€]")
_MOST_FORMAT = 255
# Beyond what sheets keep whole, and what a decimal rounds without complaint.
_LARGEST = 10**15


class Formatted(NamedTuple):
    """A cell's value with the number format of its cell, e.g. `mmm yyyy` or `0.0%`, and whether it is bold."""

    value: object
    number_format: str
    bold: bool = False


def shown(value: object) -> str:
    """Return a cell as a person reads it, on one line; a day as members write it ("29 March 2024")."""
    if isinstance(value, Formatted):
        return _shown(value.value, value.number_format[:_MOST_FORMAT])
    return _shown(value, "")


def _shown(value: object, code: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, code)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, date):  # a datetime is one
        return _moment(value, code)
    if isinstance(value, time):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    text = " ".join(printable(str(value)).split())
    return _spoken(text) or text


def _spoken(text: str) -> str | None:
    """Return a cell that is nothing but a day as programs write it ("2024-03-29") in words; `None` for any other."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return shown(datetime.fromisoformat(text) if match["time"] else date.fromisoformat(text))
    except ValueError:  # no such day: as it was typed
        return None


def _moment(value: date, code: str) -> str:
    """Return the parts of a moment that its format shows; all that it has where no format is known."""
    codes = _LITERAL.sub(" ", code.split(";")[0].lower())
    parts = _MINUTES.sub(r"\1\2", codes.replace("am/pm", " "))
    of_day = isinstance(value, datetime) and value.time() != time(0) and ("h" in parts or not code)
    clock = f"{value:%H:%M}" if of_day else ""
    has_day, has_month, has_year = "d" in parts, "m" in parts, "y" in parts
    if not (has_day or has_month or has_year) or (has_day and has_year):
        day = spoken_date(value.isoformat()[:10]) if has_day or not clock or not code else ""
    elif has_day:
        day = f"{value.day} {value:%B}" if has_month else f"{value:%A}" if "ddd" in parts else str(value.day)
    else:
        day = " ".join(filter(None, (f"{value:%B}" if has_month else "", str(value.year) if has_year else "")))
    return ", ".join(filter(None, (day, clock)))


def _number(value: float, code: str) -> str:
    """Return a number by its format: percent, currency, thousands, decimals, signs and words around it."""
    plain = format(Decimal(f"{value:.15g}"), "f") if isinstance(value, float) else str(value)
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    sections = _sections(code)
    if value == 0 and len(sections) > 2 and not sections[2].strip():
        return ""
    # A dash for nothing is a number's absence to a reader of one row, so that nothing is said as a number.
    chosen = sections[1] if value < 0 and len(sections) > 1 and sections[1].strip() else sections[0]
    if not chosen or abs(value) > _LARGEST or _UNUSUAL.search(_LITERAL.sub(_kept_condition, chosen)):
        return plain
    before, digits, after = _parted(chosen)
    if not digits:
        return plain
    number = Decimal(plain) * (100 if "%" in before + after else 1)
    unscaled = digits.rstrip(",")  # every comma after the digits leaves out a thousand
    number /= 1000 ** (len(digits) - len(unscaled))
    whole, _, decimals = unscaled.partition(".")
    text = _rounded(abs(number), whole, decimals, bool(_MONEY.search(before + after)))
    negative = value < 0 and not (chosen is not sections[0] and re.search(r"[-(]", before))
    signed = "-" if negative and text.strip("0.,") else ""
    return " ".join(f"{signed}{before}{text}{after}".split())


def _rounded(number: Decimal, whole: str, decimals: str, money: bool) -> str:
    """Return the digits of a number: rounded as sheets do, without pence that are zero."""
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    thousands = "," if "," in whole else ""
    text = format(rounded, f"{thousands}f")
    first, _, rest = text.partition(".")
    if money and not rest.strip("0"):
        rest = ""
    while rest.endswith("0") and decimals[len(rest) - 1] == "#":
        rest = rest[:-1]
    return first.zfill(whole.count("0")) + (f".{rest}" if rest else "")


def _sections(code: str) -> list[str]:
    """Return the parts of a format for numbers above zero, below it, and zero."""
    hidden = _LITERAL.sub(lambda literal: "x" * len(literal[0]), code)
    ends = [place for place, sign in enumerate(hidden) if sign == ";"]
    return [code[start:end] for start, end in zip([0, *(e + 1 for e in ends)], [*ends, len(code)], strict=True)]


def _kept_condition(literal: re.Match[str]) -> str:
    return literal[0] if literal[0][:2] in ("[<", "[>", "[=") else ""


def _parted(section: str) -> tuple[str, str, str]:
    """Return what stands before the digits, their code, and what stands after; no digits where they are apart."""
    hidden = _LITERAL.sub(lambda literal: "x" * len(literal[0]), section)
    places = list(_DIGITS.finditer(hidden))
    if len(places) != 1:
        return "", "", ""
    start, end = places[0].span()
    return _said(section[:start]), section[start:end], _said(section[end:])


def _said(around: str) -> str:
    """Return the words and signs of a format without its quotes, colours and gaps."""
    return _LITERAL.sub(_literal, around)


def _literal(literal: re.Match[str]) -> str:
    text = literal[0]
    if text.startswith('"'):
        return text[1:-1]
    if text.startswith("\\"):
        return text[1:]
    currency = _CURRENCY.fullmatch(text)
    return currency[1] if currency else ""
