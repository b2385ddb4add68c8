"""Raw values from front matter, catalogues and pages to metadata, with every problem named at once."""

import difflib
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from knowledge.errors import SourceError
from knowledge.types import Metadata
from knowledge.vocabulary import Evidence, Kind, Level, Nation, Outcome, Pillar, Term

_TERMS: dict[str, type[Term]] = {
    "kind": Kind,
    "evidence": Evidence,
    "level": Level,
    "nation": Nation,
    "outcome": Outcome,
    "pillars": Pillar,
}
# Front matter that says something to people or other programs, and nothing wrong to us.
_PASSED_OVER = frozenset({"id", "source_url", "date", "tags", "layout", "description", "summary", "slug", "draft"})


def metadata_from(title: str, *sources: Mapping[str, object]) -> Metadata:
    """Metadata from mappings of raw values, a later one winning; fields that are not metadata are passed over.

    Raises:
        SourceError: A value is not one the vocabulary has; the message names every such field and what it may be.
    """
    values: dict[str, object] = {"title": title}
    for source in sources:
        values |= {key: value for key, value in source.items() if key in Metadata.model_fields and value}
    if isinstance(pillars := values.get("pillars"), str):
        values["pillars"] = [part.strip() for part in pillars.replace(";", ",").split(",") if part.strip()]
    for name in _TERMS:
        if isinstance(word := values.get(name), str):
            values[name] = _as_term(word)
    if isinstance(terms := values.get("pillars"), list):
        values["pillars"] = [_as_term(term) if isinstance(term, str) else term for term in terms]
    for name in ("published", "starts", "ends"):
        if name in values:
            values[name] = str(values[name])
    try:
        return Metadata.model_validate(values)
    except ValidationError as error:
        problems = dict.fromkeys(_problem(str(e["loc"][0]), e["input"], e["msg"]) for e in error.errors())
        raise SourceError("; ".join(problems)) from None


def unknown_fields(front_matter: Iterable[str]) -> dict[str, str | None]:
    """The fields of a front matter that say nothing to the assistant, each with the field that may have been meant."""
    known = set(Metadata.model_fields)
    unknown = [str(name) for name in front_matter if name not in known and name not in _PASSED_OVER]
    return {name: next(iter(difflib.get_close_matches(name, known, n=1)), None) for name in unknown}


def _problem(field: str, value: object, message: str) -> str:
    if field in _TERMS:
        return f"{field} cannot be {value!r}: it may be {', '.join(repr(str(term)) for term in _TERMS[field])}"
    if field == "published":
        return f"published cannot be {value!r}: write 2021, 2021-03 or 2021-03-25"
    if field == "url":
        return f"url cannot be {value!r}: it has to begin with https:// or http:// and hold no spaces"
    return f"{field} cannot be {value!r}: {message}"


def _as_term(word: str) -> str:
    """A word of the vocabulary as it is stored: "Case study" as `case_study`."""
    return word.strip().lower().replace(" ", "_").replace("-", "_")
