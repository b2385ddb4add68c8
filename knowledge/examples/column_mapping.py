"""Mapping of a sheet's columns to the fields of examples, as the operator writes it."""

from collections.abc import Mapping

from pydantic import Field, ValidationError

from knowledge.domain.library import Noun
from knowledge.errors import ExampleError
from knowledge.examples.form import FORM_FIELDS, FormError

KEY = "key"
_SHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_MAPPED = (*FORM_FIELDS, KEY)


class ColumnMapping(Noun):
    """A mapping from a sheet's columns to fields.

    `columns`: field to column name; the field `key` names a column that identifies a row. `values`: for a field, what
    its words mean (`{"outcome": {"Success": "worked"}}`). `defaults`: for fields that a row leaves empty.
    """

    columns: dict[str, str]
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    defaults: dict[str, str | bool | list[str]] = Field(default_factory=dict)
    sheet: str | None = None

    def key_of(self, cells: Mapping[str, str]) -> str:
        """Return what identifies a row; "" where no column or nothing in it does."""
        return cells.get(self.columns.get(KEY, ""), "").strip()

    def values_of(self, cells: Mapping[str, str]) -> tuple[dict[str, object], list[FormError]]:
        """Return a row's fields: its cells, their words translated, defaults where they are empty.

        A cell that holds an error of the spreadsheet program is empty, and the second value says so.
        """
        values: dict[str, object] = {}
        problems = []
        for field, column in self.columns.items():
            cell = cells.get(column, "").strip()
            if cell in _SHEET_ERRORS:
                problems.append(FormError(field, f"The cell holds the error {cell}."))
                cell = ""
            words = {" ".join(word.split()).casefold(): meant for word, meant in self.values.get(field, {}).items()}
            values[field] = words.get(" ".join(cell.split()).casefold(), cell)
        for field, default in self.defaults.items():
            if not values.get(field):
                values[field] = default
        values.pop(KEY, None)
        return values, problems


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
