"""A spreadsheet of examples to submissions: a mapping of its columns, errors by row, twice is once."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from pydantic import Field, ValidationError

from knowledge.domain.examples import OPERATOR
from knowledge.domain.library import Noun
from knowledge.errors import ExampleError
from knowledge.examples.examples import Examples
from knowledge.examples.form import FORM_FIELDS, Form, FormError, read_form
from knowledge.examples.machine import missing
from knowledge.examples.submissions import with_credit

ORIGIN = "import"
_KEY = "key"
_SHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_MAPPED = (*FORM_FIELDS, _KEY)


class ColumnMapping(Noun):
    """How a sheet's columns become fields.

    `columns`: field to column name; the field `key` names a column that identifies a row. `values`: for a field, what
    its words mean (`{"outcome": {"Success": "worked"}}`). `defaults`: for fields that a row leaves empty.
    """

    columns: dict[str, str]
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    defaults: dict[str, str | bool | list[str]] = Field(default_factory=dict)
    sheet: str | None = None


class RowLike(Protocol):
    """A row of a sheet."""

    @property
    def number(self) -> int:
        """Return its number, as the spreadsheet program shows it."""

    @property
    def cells(self) -> dict[str, str]:
        """Return its cells by column name."""


class FailedRow(Noun):
    """A row that was not imported, and why. `column` is the sheet's own name for it."""

    row: int
    column: str | None
    error: str


class ImportedRow(Noun):
    """A row that was imported (in a dry run: could be), with how many places in it may identify a person."""

    row: int
    id: str | None
    title: str
    personal_data: int
    duplicates: int = 0


class ImportReport(Noun):
    """What an import did. The JSON of `haln examples import`. `unchanged` rows were imported before."""

    dry_run: bool
    rows: int
    imported: tuple[ImportedRow, ...] = ()
    unchanged: tuple[int, ...] = ()
    failed: tuple[FailedRow, ...] = ()


def read_mapping(values: object) -> ColumnMapping:
    """Return a mapping from what a mapping file holds; a plain object of names to names will do as well.

    Raises:
        ExampleError: It is not a mapping, or names a field that examples do not have.
    """
    if not isinstance(values, dict) or not values:
        raise ExampleError("The mapping must be an object that says which column each field is in.")
    if "columns" not in values:
        values = {"columns": values}
    columns = values["columns"]
    if isinstance(columns, dict) and not set(columns) <= set(_MAPPED) and set(columns.values()) <= set(_MAPPED):
        # Written the other way round: column name to field.
        values = {**values, "columns": {field: column for column, field in columns.items()}}
    try:
        mapping = ColumnMapping.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ExampleError(f"The mapping is not usable: {place}: {first['msg']}.") from None
    for field in (*mapping.columns, *mapping.values, *mapping.defaults):
        if field not in _MAPPED:
            raise ExampleError(f"The mapping names {field}, which is no field. The fields are {', '.join(_MAPPED)}.")
    return mapping


def import_rows(
    examples: Examples,
    mapping: ColumnMapping,
    rows: Iterable[RowLike],
    *,
    dry_run: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Hand in every row that can be; a dry run stores nothing and says the same."""
    imported: list[ImportedRow] = []
    unchanged: list[int] = []
    failed: list[FailedRow] = []
    seen: dict[str, int] = {}
    count = 0
    for row in rows:
        count += 1
        try:
            form = read_form(_values(mapping, row.cells))
            request = _request(mapping, row.cells)
            if request in seen:
                raise ExampleError(f"It is the same as row {seen[request]}.")
            seen[request] = row.number
            if lacks := missing(with_credit(form.content)):
                raise FormError(lacks[0], f"{', '.join(lacks)} missing; needed for an example to be reviewed.")
            if examples.was_requested(OPERATOR, request):
                unchanged.append(row.number)
            else:
                imported.append(_imported(examples, row.number, form, request, dry_run=dry_run))
        except FormError as error:
            failed.append(FailedRow(row=row.number, column=mapping.columns.get(error.field), error=str(error)))
        except ExampleError as error:
            failed.append(FailedRow(row=row.number, column=None, error=str(error)))
        progress(count)
    return ImportReport(
        dry_run=dry_run, rows=count, imported=tuple(imported), unchanged=tuple(unchanged), failed=tuple(failed)
    )


def _imported(examples: Examples, number: int, form: Form, request: str, *, dry_run: bool) -> ImportedRow:
    title = form.content.shown_title
    if dry_run:
        return ImportedRow(row=number, id=None, title=title, personal_data=len(examples.findings_in(form.content)))
    receipt = examples.share(OPERATOR, form.content, form.author, ORIGIN, request)
    return ImportedRow(
        row=number,
        id=receipt.id,
        title=title,
        personal_data=len(receipt.personal_data),
        duplicates=len(receipt.duplicates),
    )


def _values(mapping: ColumnMapping, cells: Mapping[str, str]) -> dict[str, object]:
    """Return the row's fields: cells by the mapping, their words translated, defaults where they are empty."""
    values: dict[str, object] = {}
    for field, column in mapping.columns.items():
        cell = cells.get(column, "").strip()
        if cell in _SHEET_ERRORS:
            raise FormError(field, f"The cell holds the error {cell}.")
        words = {" ".join(word.split()).casefold(): meant for word, meant in mapping.values.get(field, {}).items()}
        values[field] = words.get(" ".join(cell.split()).casefold(), cell)
    for field, default in mapping.defaults.items():
        if not values.get(field):
            values[field] = default
    values.pop(_KEY, None)
    return values


def _request(mapping: ColumnMapping, cells: Mapping[str, str]) -> str:
    """Return what makes importing a row twice do it once: its key, or all that it says."""
    key = cells.get(mapping.columns.get(_KEY, ""), "").strip()
    said = key or "\0".join(f"{field}={cells.get(column, '')}" for field, column in sorted(mapping.columns.items()))
    return f"{ORIGIN}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
