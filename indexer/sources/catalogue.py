"""`catalogue.csv`: what an editor says of the files beside it. It describes documents and is none itself."""

import csv
import io
import logging
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from knowledge.errors import SourceError
from knowledge.types import Metadata

CATALOGUE = "catalogue.csv"
_log = logging.getLogger(__name__)


def read_catalogue(folder: Path) -> dict[str, dict[str, object]]:
    """Rows by the path (relative to the folder, with slashes) that they describe; none without a catalogue.

    Raises:
        SourceError: There is a catalogue, but it is not CSV text with a `path` column.
    """
    path = folder / CATALOGUE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: the catalogue cannot be read ({error}); save it as CSV in UTF-8") from None
    reader = csv.DictReader(io.StringIO(text))
    columns = reader.fieldnames or []
    if "path" not in columns:
        raise SourceError(f"{path}: the catalogue needs a column named path; it has {', '.join(columns) or 'none'}")
    if unknown := sorted(set(columns) - set(Metadata.model_fields) - {"path"}):
        _log.warning("%s: columns that say nothing to the assistant: %s", path, ", ".join(unknown))
    rows: dict[str, dict[str, object]] = {}
    for row in reader:
        name = (row.get("path") or "").strip().replace("\\", "/")
        if name:
            rows[name.removeprefix("./")] = {
                key: value.strip()
                for key, value in row.items()
                if key in Metadata.model_fields and isinstance(value, str) and value.strip()
            }
    return rows


def metadata_from(title: str, *sources: Mapping[str, object]) -> Metadata:
    """Metadata from mappings of raw values, a later one winning; fields that are not metadata are passed over.

    Raises:
        SourceError: A value is not one the vocabulary has; the message names the field and what it may be.
    """
    values: dict[str, object] = {"title": title}
    for source in sources:
        values |= {key: value for key, value in source.items() if key in Metadata.model_fields and value}
    if isinstance(pillars := values.get("pillars"), str):
        values["pillars"] = [part.strip() for part in pillars.replace(";", ",").split(",") if part.strip()]
    for field in ("kind", "evidence", "level", "nation", "outcome"):
        if isinstance(word := values.get(field), str):
            values[field] = _as_term(word)
    if isinstance(terms := values.get("pillars"), list):
        values["pillars"] = [_as_term(term) if isinstance(term, str) else term for term in terms]
    if "published" in values:
        values["published"] = str(values["published"])
    try:
        return Metadata.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{field} cannot be {first['input']!r}: {first['msg']}") from None


def _as_term(word: str) -> str:
    """A word of the vocabulary as it is stored: "Case study" as `case_study`."""
    return word.strip().lower().replace(" ", "_").replace("-", "_")
