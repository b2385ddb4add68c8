"""A filled-in form, as a file or a spreadsheet's row has it, to what the assistant keeps; errors name the field."""

import difflib
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import ValidationError

from knowledge.domain.examples import Author, Content
from knowledge.domain.vocabulary import Credit, Level, Nation, Outcome, Pillar, Term
from knowledge.errors import ExampleError

_TERMS: dict[str, tuple[Term, ...]] = {
    "outcome": Outcome.for_examples(),
    "level": tuple(Level),
    "nation": tuple(Nation),
    "credit": tuple(Credit),
}
_PERSONAL = ("author", "author_name", "request_id")
FORM_FIELDS = (*Content.model_fields, *_PERSONAL)
_YES = frozenset({"yes", "y", "true", "1", "x", "on", "agreed", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "0", "", "off", "-"})


class FormError(ExampleError):
    """One field of a form cannot be taken."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Form(NamedTuple):
    """What was filled in. `request_id` makes handing it in twice do it once."""

    content: Content
    author: Author
    request_id: str | None


def read_form(values: Mapping[str, object]) -> Form:
    """Return a form from raw values by field name; words of the vocabulary may be written as people write them.

    Raises:
        FormError: A field is unknown or cannot be what it says; the message names it and what it may be.
    """
    for name in values:
        if name not in FORM_FIELDS:
            close = difflib.get_close_matches(name, FORM_FIELDS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"the fields are {', '.join(FORM_FIELDS)}."
            raise FormError(name, f"{name} is no field of an example: {hint}")
    content: dict[str, object] = {}
    for name in Content.model_fields:
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if name == "clearance":
            content[name] = _truth(value)
        elif name == "pillars":
            content[name] = _pillars(value)
        elif name in _TERMS:
            content[name] = _term(name, value, _TERMS[name])
        elif isinstance(value, str | int | float):
            content[name] = clean_text(value)
        else:
            raise FormError(name, f"{name} must be text.")
    try:
        filled = Content.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0])
        raise FormError(field, f"{field} is not usable: {first['msg'][0].lower()}{first['msg'][1:]}.") from None
    author, author_name, request_id = (clean_text(values[key]) if values.get(key) else None for key in _PERSONAL)
    return Form(filled, Author(member=author or None, name=author_name or None), request_id or None)


def clean_text(value: object) -> str:
    """Return text without control characters besides line ends; lone halves of characters replaced."""
    text = str(value).encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text).strip()


def _truth(value: object) -> bool:
    word = str(value).strip().lower()
    if word in _YES or value is True:
        return True
    if word in _NO or value is False:
        return False
    raise FormError("clearance", "clearance must be yes or no (true or false).")


def _pillars(value: object) -> tuple[Term, ...]:
    parts = value.replace(";", ",").replace("/", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise FormError("pillars", "pillars must be a list.")
    words = [part for part in parts if str(part).strip()]
    return tuple(dict.fromkeys(_term("pillars", word, tuple(Pillar)) for word in words))


def _term(field: str, value: object, terms: tuple[Term, ...]) -> Term:
    """Return a word of the vocabulary by its value or its label: "Did not work" as `did_not_work`."""
    word = "_".join(str(value).strip().lower().replace("-", " ").replace("_", " ").split())
    for term in terms:
        if word in (term.value, "_".join(term.label.lower().replace("-", " ").split())):
            return term
    raise FormError(field, f"{field} cannot be {str(value)[:60]!r}; use {', '.join(terms)}.")
