"""Raw values from front matter, catalogues and pages to metadata, with every problem named at once."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from pydantic import ValidationError

from indexer.parsing.text import printable
from knowledge.domain.library import OWN_FIELDS, Measure, Metadata
from knowledge.domain.vocabulary import EvidenceKind, Kind, Level, Nation, Outcome, Pillar, Stage, Term
from knowledge.errors import SourceError

_TERMS: dict[str, type[Term]] = {
    "kind": Kind,
    "evidence": EvidenceKind,
    "level": Level,
    "nation": Nation,
    "outcome": Outcome,
    "pillars": Pillar,
    "stage": Stage,
}
_MOST_SHOWN = 80
# Beyond these nobody means fields; a likeness to every name that is known is looked for in each.
_MOST_FIELDS = 100
_MEASURE = tuple(Measure.model_fields)
_DATES = ("published", "true_as_of", "review_by")
# Front matter that says something to people or other programs, and nothing wrong to us. `facts` says to editors which
# passage of which source each fact stands on.
_PASSED_OVER = frozenset(
    {"id", "source_url", "date", "tags", "layout", "description", "summary", "slug", "draft", "facts"}
)


def metadata_from(title: str, *sources: Mapping[str, object]) -> Metadata:
    """Return metadata from mappings of raw values, a later one winning; other fields are passed over.

    Raises:
        SourceError: A value is not one the vocabulary has; the message names every such field and what it may be.
    """
    values: dict[str, object] = {"title": title}
    for source in sources:
        values |= {key: value for key, value in source.items() if key in OWN_FIELDS and value}
    try:
        return Metadata.model_validate(_prepared(values))
    except ValidationError as error:
        raise SourceError("; ".join(_problems(error, values).values())) from None


def usable(row: Mapping[str, object]) -> tuple[dict[str, object], str]:
    """Return the fields of a row or front matter that metadata can take, and each problem with others ("" for none)."""
    try:
        Metadata.model_validate(_prepared({"title": "", **row}))
    except ValidationError as error:
        problems = _problems(error, row)
        return {name: value for name, value in row.items() if name not in problems}, "; ".join(problems.values())
    return dict(row), ""


def field_name(written: object) -> str:
    """Return the name of a field as metadata has it, from how an editor wrote it: " Source Title" as `source_title`."""
    return _as_term(str(written))


def meant(name: str, known: Iterable[str]) -> str | None:
    """Return the one of the known names that may have been meant."""
    return next(iter(difflib.get_close_matches(name.strip().lower(), list(known), n=1)), None)


def _prepared(values: Mapping[str, object]) -> dict[str, object]:
    """Return raw values with terms of the vocabulary as they are stored, lists as lists and dates as text."""
    values = {name: printable(value) if isinstance(value, str) else value for name, value in values.items()}
    if isinstance(pillars := values.get("pillars"), str):
        values["pillars"] = [part.strip() for part in pillars.replace(";", ",").split(",") if part.strip()]
    for name in _TERMS:
        if isinstance(word := values.get(name), str):
            values[name] = _as_term(word)
    if isinstance(terms := values.get("pillars"), list):
        values["pillars"] = [_as_term(term) if isinstance(term, str) else term for term in terms]
    if isinstance(measured := values.get("measured"), str | dict | list):
        values["measured"] = _measures(measured)
    for name in (*_DATES, "starts", "ends"):
        if name in values:
            values[name] = str(values[name])
    if isinstance(title := values.get("title"), int | float | date):
        values["title"] = str(title)  # YAML takes `title: 2024` for a number
    return values


def _measures(written: str | dict[str, object] | list[object]) -> list[object]:
    """Return measures from a list of them in front matter, or from a cell: "indicator | baseline | period; ..."."""
    parts = written.split(";") if isinstance(written, str) else [written] if isinstance(written, dict) else written
    return [_measure(part) for part in parts if not isinstance(part, str) or part.strip()]


def _measure(part: object) -> object:
    if isinstance(part, str):
        part = dict(zip(_MEASURE, part.split("|"), strict=False))
    if not isinstance(part, dict):
        return part
    return {field_name(name): _said(value) for name, value in part.items()}


def _said(value: object) -> object:
    """Return a part of a measure as text, as YAML takes "2020" for a number; `None` for an empty one."""
    return printable(str(value)).strip() or None if isinstance(value, str | int | float | date) else value


def stated(front_matter: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of metadata that a front matter states, by the names that metadata has for them."""
    fields = {field_name(name): value for name, value in front_matter.items() if value}
    return {name: value for name, value in fields.items() if name in OWN_FIELDS}


def unknown_fields(front_matter: Iterable[str]) -> dict[str, str | None]:
    """Return the fields of a front matter that say nothing to the assistant, each with the one that may be meant."""
    known = set(OWN_FIELDS)
    names = (str(name)[:_MOST_SHOWN] for name in islice(front_matter, _MOST_FIELDS))
    unknown = [name for name in names if field_name(name) not in known | _PASSED_OVER]
    return {name: meant(name, known) for name in unknown}


def _problems(error: ValidationError, values: Mapping[str, object]) -> dict[str, str]:
    """Return what is wrong with each field, by its name. `values` are as they were written."""
    names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
    return {name: _problem(name, values.get(name)) for name in names}


def _problem(field: str, value: object) -> str:
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    said = f'{field} is "{written if len(written) <= _MOST_SHOWN else written[:_MOST_SHOWN] + "..."}"'
    if field in _TERMS:
        return f"{said}; it may be {', '.join(str(term) for term in _TERMS[field])}"
    if field in _DATES:
        return f"{said}; write 2021, 2021-03 or 2021-03-25"
    if field == "url":
        return f"{said}; it has to begin with https:// or http:// and hold no spaces"
    if field in ("starts", "ends"):
        return f"{said}; write 2026-05-12 or 2026-05-12T13:00:00Z"
    if field == "measured":
        return f'{said}; write a list with indicator, baseline and period, or "indicator | baseline | period"'
    if field == "title":
        return f"{said}; it may have up to 300 characters"
    return f"{said}; write a text"


def _as_term(word: str) -> str:
    """Return a word of the vocabulary as it is stored: "Case study" as `case_study`."""
    return "_".join(word.lower().replace("_", " ").replace("-", " ").split())
