"""A filled-in form, as a file or a spreadsheet's row has it, to what the assistant keeps; errors name the field."""

import difflib
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from knowledge.dates import last_day, utc_now
from knowledge.domain.examples import TAG_FIELDS, Author, Content
from knowledge.domain.vocabulary import Credit, Level, Nation, Outcome, Pillar, Term
from knowledge.errors import ExampleError
from knowledge.examples.period import HappenedPeriod, read_period

_TERMS: dict[str, tuple[Term, ...]] = {
    "outcome": Outcome.for_examples(),
    "level": tuple(Level),
    "nation": tuple(Nation),
    "credit": tuple(Credit),
}
# From when to when in one field, as people write it.
HAPPENED = "happened"
_DATES = ("happened_from", "happened_to")
_PERSONAL = ("author", "author_name", "request_id")
FORM_FIELDS = (*Content.model_fields, HAPPENED, *_PERSONAL)
# Tags without which an example is as good; how it went is no such tag.
OPTIONAL_TAGS = frozenset({*TAG_FIELDS, HAPPENED} - {"outcome"})
_YES = frozenset({"yes", "y", "true", "1", "x", "on", "agreed", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "0", "", "off", "-"})
_WHEN = "write when it happened as 2023, March 2023 or March 2022 to June 2024"


class FormError(ExampleError):
    """One field of a form cannot be taken."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Form(NamedTuple):
    """A form as it was filled in. `request_id` makes handing it in twice do it once."""

    content: Content
    author: Author
    request_id: str | None


class FormReading(NamedTuple):
    """A form as far as it could be read, and a problem for each field, or part of one, that could not."""

    form: Form
    problems: tuple[FormError, ...]


def read_form(values: Mapping[str, object]) -> Form:
    """Return a form from raw values by field name; words of the vocabulary may be written as people write them.

    Raises:
        FormError: A field is unknown or cannot be what it says; the message names it and what it may be.
    """
    reading = read_fields(values)
    if reading.problems:
        raise reading.problems[0]
    return reading.form


def read_fields(values: Mapping[str, object], today: date | None = None) -> FormReading:
    """Return a form with every field that can be read, and all problems of the others; `today` is this day in UTC."""
    problems = [unknown_field(name) for name in values if name not in FORM_FIELDS]
    content: dict[str, object] = {}
    day = today or utc_now().date()
    for name in (*Content.model_fields, HAPPENED):
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        found, wrong = _read_field(name, value, day)
        content |= {field: read for field, read in found.items() if field not in content}
        problems += wrong
    problems += _disordered(content)
    filled, wrong = _validated(content)
    author, author_name, request_id = (clean_text(values[key]) if values.get(key) else None for key in _PERSONAL)
    form = Form(filled, Author(member=author or None, name=author_name or None), request_id or None)
    return FormReading(form, (*problems, *wrong))


def read_given(values: Mapping[str, object]) -> dict[str, object]:
    """Return the content's fields that a form fills in, and no others: what it leaves empty is as it was.

    Raises:
        FormError: A field is unknown or cannot be what it says.
    """
    content = read_form(values).content
    return {field: getattr(content, field) for field in content.model_fields_set}


def read_happened(text: str, today: date | None = None) -> HappenedPeriod:
    """Return from when to when something happened, as somebody wrote it; `today` is this day in UTC.

    Raises:
        FormError: It names no date, or one that lies ahead.
    """
    return _period(HAPPENED, text, today or utc_now().date())


def unknown_field(name: str) -> FormError:
    """Return the error that no field is called so, with the one that was probably meant."""
    close = difflib.get_close_matches(name, FORM_FIELDS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"the fields are {', '.join(FORM_FIELDS)}."
    return FormError(name, f"{name} is no field of an example: {hint}")


def clean_text(value: object) -> str:
    """Return text without control characters besides line ends; lone halves of characters replaced."""
    text = str(value).encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text).strip()


def _read_field(name: str, value: object, today: date) -> tuple[dict[str, object], list[FormError]]:
    """Return what a field's value says, by field of the content, and what of it cannot be read."""
    if name == "pillars":
        return _pillars(value)
    readers: dict[str, Callable[[object], object]] = {"clearance": _truth}
    readers |= {field: lambda given, field=name: _term(field, given, _TERMS[field]) for field in _TERMS}  # type: ignore[misc]
    try:
        if name in (HAPPENED, *_DATES):
            ends: dict[str, object] = dict(zip(_DATES, _period(name, value, today), strict=True))
            # Each of the two fields says its own end only.
            return ends if name == HAPPENED else {name: ends[name]}, []
        if name in readers:
            return {name: readers[name](value)}, []
        if isinstance(value, str | int | float):
            return {name: clean_text(value)}, []
        raise FormError(name, f"{name} must be text.")
    except FormError as error:
        return {}, [error]


def _validated(content: dict[str, object]) -> tuple[Content, list[FormError]]:
    """Return the content of the fields that are as they must be, and a problem for each other one."""
    try:
        return Content.model_validate(content), []
    except ValidationError as error:
        problems = []
        for found in error.errors(include_url=False, include_input=False):
            field = str(found["loc"][0])
            problems.append(FormError(field, f"{field} is not usable: {found['msg'][0].lower()}{found['msg'][1:]}."))
    wrong = {problem.field for problem in problems}
    return Content.model_validate({name: value for name, value in content.items() if name not in wrong}), problems


def _truth(value: object) -> bool:
    word = str(value).strip().lower()
    if word in _YES or value is True:
        return True
    if word in _NO or value is False:
        return False
    raise FormError("clearance", "clearance must be yes or no (true or false).")


def _pillars(value: object) -> tuple[dict[str, object], list[FormError]]:
    parts = value.replace(";", ",").replace("/", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return {}, [FormError("pillars", "pillars must be a list.")]
    found: list[Term] = []
    problems = []
    for part in parts:
        if str(part).strip():
            try:
                found.append(_term("pillars", part, tuple(Pillar)))
            except FormError as error:
                problems.append(error)
    return {"pillars": tuple(dict.fromkeys(found))}, problems


def _period(name: str, value: object, today: date) -> HappenedPeriod:
    said = str(value)
    period = read_period(said, today)
    if period is None:
        raise FormError(name, f"{name} cannot be {said[:60]!r}: {_WHEN}.")
    if period.first > today.isoformat():
        raise FormError(name, f"{name} cannot be {said[:60]!r}, which is still to come: {_WHEN}.")
    return period


def _disordered(content: dict[str, object]) -> list[FormError]:
    """Return the error where something ended before it began; both dates are taken out of the content."""
    first, last = (content.get(field) for field in _DATES)
    if first is None or last is None or str(first) <= last_day(str(last)):
        return []
    for field in _DATES:
        del content[field]
    return [FormError(_DATES[1], f"{_DATES[1]} ({last}) is before {_DATES[0]} ({first}).")]


def _term(field: str, value: object, terms: tuple[Term, ...]) -> Term:
    """Return a word of the vocabulary by its value or its label: "Did not work" as `did_not_work`."""
    word = "_".join(str(value).strip().lower().replace("-", " ").replace("_", " ").split())
    for term in terms:
        if word in (term.value, "_".join(term.label.lower().replace("-", " ").split())):
            return term
    raise FormError(field, f"{field} cannot be {str(value)[:60]!r}; use {', '.join(terms)}.")
