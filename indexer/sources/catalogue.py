"""`catalogue.csv`: what an editor says of the files beside it, and of web pages. It describes documents and is none."""

import csv
import io
import logging
from pathlib import Path

from indexer.parsing.text import decode
from knowledge.errors import SourceError
from knowledge.types import Metadata

CATALOGUE = "catalogue.csv"
_log = logging.getLogger(__name__)


def read_catalogue(folder: Path) -> dict[str, dict[str, object]]:
    """Rows by the path (relative to the folder, with slashes) or web address that they describe; none without one.

    Raises:
        SourceError: There is a catalogue, but it is not CSV text with a `path` column.
    """
    path = folder / CATALOGUE
    try:
        text = decode(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, SourceError) as error:
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
