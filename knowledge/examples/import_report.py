"""The report on an import of a sheet, row by row. Its JSON is what `haln examples import --json` prints."""

from typing import Protocol

from knowledge.domain.library import Noun
from knowledge.domain.vocabulary import ExampleState


class RowLike(Protocol):
    """A row of a sheet."""

    @property
    def number(self) -> int:
        """Return its number, as the spreadsheet program shows it."""

    @property
    def cells(self) -> dict[str, str]:
        """Return its cells by column name."""


class FailedRow(Noun):
    """A reason for which a row was not imported; there may be several. `column` is the sheet's own name for it."""

    row: int
    column: str | None
    error: str


class RowWarning(Noun):
    """Words of a row that were not taken, though the row was: a tag nobody knows, an optional field left empty."""

    row: int
    column: str | None
    warning: str


class ImportedRow(Noun):
    """A row that was imported (in a dry run: would be), with how many places in it may identify a person."""

    row: int
    id: str | None
    title: str
    personal_data: int
    duplicates: int = 0


class UpdatedRow(Noun):
    """A row that was imported before and says something else now.

    `id` is its example, `changes` the fields that differ. What waits for review was changed; of what is published a
    `correction` waits for review (in a dry run: would, and has no id).
    """

    row: int
    id: str
    title: str
    state: ExampleState
    changes: tuple[str, ...]
    correction: str | None = None
    personal_data: int = 0
    duplicates: int = 0


class ImportReport(Noun):
    """The outcome of an import; a dry run has the same and stores nothing. `unchanged` rows say the same as before."""

    dry_run: bool
    rows: int
    imported: tuple[ImportedRow, ...] = ()
    updated: tuple[UpdatedRow, ...] = ()
    unchanged: tuple[int, ...] = ()
    failed: tuple[FailedRow, ...] = ()
    warnings: tuple[RowWarning, ...] = ()

    @property
    def failed_rows(self) -> int:
        """Return how many rows were not imported."""
        return len({problem.row for problem in self.failed})
