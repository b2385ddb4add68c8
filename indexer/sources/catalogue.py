"""`catalogue.csv`: what an editor says of the files beside it, and of web pages. It describes documents and is none."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

from indexer.parsing.text import decode
from indexer.sources.metadata import field_name, meant, usable
from knowledge.domain.library import OWN_FIELDS
from knowledge.errors import SourceError

CATALOGUE = "catalogue.csv"
_PATH = "path"


class Catalogue(NamedTuple):
    """The rows of a catalogue.

    `rows` are by the path (relative to the folder, with slashes) or web address that they describe, without the fields
    that cannot be used; `problems` say what is wrong with those, by the same. `warnings` are about all of it.
    """

    rows: dict[str, dict[str, object]]
    problems: dict[str, str]
    warnings: tuple[str, ...]


def read_catalogue(folder: Path) -> Catalogue:
    """Return the catalogue of a folder; an empty one where it has none. Case and spaces of column names do not count.

    Raises:
        SourceError: There is a catalogue, but it is not CSV text with a `path` column.
    """
    path = folder / CATALOGUE
    try:
        text = decode(path.read_bytes())
    except FileNotFoundError:
        return Catalogue({}, {}, ())
    except OSError as error:
        raise SourceError(f"the catalogue cannot be read ({error.strerror}); check that you may read it") from None
    except SourceError as error:
        raise SourceError(f"the catalogue cannot be read ({error}); save it as CSV in UTF-8") from None
    try:
        lines = list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise SourceError(f"the catalogue cannot be read ({error}); save it again as CSV in UTF-8") from None
    written = lines[0] if lines else []
    columns = [field_name(name) for name in written]
    if _PATH not in columns:
        raise SourceError(f"the catalogue needs a column named path; it has {', '.join(written) or 'none'}")
    found = Catalogue({}, {}, (*_unknown(path, written), *_twice(path, columns)))
    # Numbered as a spreadsheet numbers them: the columns' names are in row 1.
    for number, cells in enumerate(lines[1:], start=2):
        filled = [(name, cell.strip()) for name, cell in zip(columns, cells, strict=False) if cell.strip()]
        row = dict(reversed(filled))
        if name := row.get(_PATH, "").replace("\\", "/").removeprefix("./"):
            said = {field: value for field, value in row.items() if field in OWN_FIELDS}
            found.rows[name], problem = usable(said)
            found.problems.pop(name, None)
            if problem:
                found.problems[name] = f"{path}, row {number} ({name}): {problem}. The document goes in without it"
    return found


def _twice(path: Path, columns: list[str]) -> list[str]:
    """Return a warning for each field that more than one column is named after."""
    return [
        f"{path}: {columns.count(name)} columns are named {name}; in each row the first that is filled counts"
        for name in (_PATH, *OWN_FIELDS)
        if columns.count(name) > 1
    ]


def _unknown(path: Path, columns: list[str]) -> tuple[str, ...]:
    """Return a warning that names the columns that say nothing to the assistant, each with what may have been meant."""
    known = [_PATH, *OWN_FIELDS]
    unknown = [name for name in columns if name.strip() and field_name(name) not in known]
    if not unknown:
        return ()
    guesses = ((name, meant(name, known)) for name in unknown)
    named = ", ".join(f"{name} (did you mean {guess}?)" if guess else name for name, guess in guesses)
    return (
        f"{path}: {'columns that say' if len(unknown) > 1 else 'a column that says'} nothing to the assistant: {named}",
    )
