"""A spreadsheet of examples to submissions: all problems of all rows at once, twice is once, corrected rows update."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from knowledge.domain.examples import MEASURE_FIELDS, OPERATOR, TAG_FIELDS, Author, Content, State, Submission
from knowledge.errors import ExampleError
from knowledge.examples.column_mapping import KEY, ColumnMapping
from knowledge.examples.context import PUBLIC
from knowledge.examples.corrected_content import CORRECTABLE, base_of, changed_fields, tags_kept, uncredited
from knowledge.examples.duplicates import Rehearsed
from knowledge.examples.examples import Examples
from knowledge.examples.form import OPTIONAL_TAGS, Form, FormError, read_fields
from knowledge.examples.import_report import FailedRow, ImportedRow, ImportReport, RowLike, RowWarning, UpdatedRow
from knowledge.examples.machine import missing
from knowledge.examples.submissions import with_credit
from knowledge.examples.views import Receipt

ORIGIN = "import"
# An example is as good without these, which no reader misses.
_OPTIONAL = OPTIONAL_TAGS | {"title", "for_whom", "differently", "measured", *MEASURE_FIELDS}
_CREDITS = ("organisation", "credit")
_OVER = (State.DECLINED, State.WITHDRAWN, State.APPLIED)


def import_rows(
    examples: Examples,
    mapping: ColumnMapping,
    rows: Iterable[RowLike],
    *,
    dry_run: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Hand in every row that can be; a dry run goes the same way, stores nothing and says the same."""
    sheet = _Import(examples, mapping, dry_run=dry_run)
    for row in rows:
        sheet.take(row)
        progress(sheet.count)
    return sheet.report()


class _Row(NamedTuple):
    """A row that can be imported. `request` identifies it, `said` what it says."""

    number: int
    form: Form
    request: str
    said: str

    @property
    def content(self) -> Content:
        return with_credit(self.form.content)

    def request_for(self, version: int) -> str:
        """Return what makes bringing a version of its example up to date do it once."""
        return f"{self.request}/{self.said}/{version}"

    def was_said(self, last: str | None) -> bool:
        """Return whether the last request for this row brought in what it says now."""
        return last is not None and last.startswith(f"{self.request}/{self.said}/")


class _Import:
    """One import, row after row."""

    def __init__(self, examples: Examples, mapping: ColumnMapping, *, dry_run: bool) -> None:
        self.count = 0
        self._examples = examples
        self._mapping = mapping
        self._dry_run = dry_run
        self._imported: list[ImportedRow] = []
        self._updated: list[UpdatedRow] = []
        self._unchanged: list[int] = []
        self._failed: list[FailedRow] = []
        self._warnings: list[RowWarning] = []
        # By what identifies a row: its number, and what it says.
        self._seen: dict[str, tuple[int, str]] = {}
        # What a dry run would have stored: later rows are compared with it, as they will be.
        self._rehearsed: dict[str, Rehearsed] = {}

    def report(self) -> ImportReport:
        return ImportReport(
            dry_run=self._dry_run,
            rows=self.count,
            imported=tuple(self._imported),
            updated=tuple(self._updated),
            unchanged=tuple(self._unchanged),
            failed=tuple(self._failed),
            warnings=tuple(self._warnings),
        )

    def take(self, row: RowLike) -> None:
        """Import a row, or say why not."""
        self.count += 1
        read = self._read(row)
        if read is None:
            return
        try:
            self._store(read)
        except ExampleError as error:
            self._failed.append(FailedRow(row=row.number, column=None, error=str(error)))

    def _read(self, row: RowLike) -> _Row | None:
        """Return a row if it can be imported; note all that is wrong with it."""
        values, problems = self._mapping.values_of(row.cells)
        reading = read_fields(values)
        content = reading.form.content
        read = _Row(row.number, reading.form, request_of(self._mapping, row.cells), _digest(content.model_dump_json()))
        problems += reading.problems
        known = {problem.field for problem in problems}
        problems += [
            FormError(field, self._lacking(field)) for field in missing(with_credit(content)) if field not in known
        ]
        failures = [problem for problem in problems if problem.field not in _OPTIONAL]
        # A text that is too long is no text that can be left out.
        failures += [p for p in reading.problems if p.field in _OPTIONAL - OPTIONAL_TAGS]
        for problem in problems:
            column = self._mapping.columns.get(problem.field)
            if problem in failures:
                self._failed.append(FailedRow(row=row.number, column=column, error=str(problem)))
            else:
                warning = f"{problem} It was left out."
                self._warnings.append(RowWarning(row=row.number, column=column, warning=warning))
        if repeated := self._repeated(read, row.cells):
            self._failed.append(repeated)
        return None if failures or repeated else read

    def _lacking(self, field: str) -> str:
        """Return that a row does not say what an example cannot do without."""
        if field not in self._mapping.columns:
            return f"{field} is missing, and no example can be reviewed without it. Name its column in the mapping."
        if field == "clearance":
            return "It does not say that the organisation is happy for this to be shared, so it cannot be."
        return "This is missing, and no example can be reviewed without it."

    def _repeated(self, read: _Row, cells: Mapping[str, str]) -> FailedRow | None:
        """Return that a row has been in this sheet before, if so."""
        first, said = self._seen.setdefault(read.request, (read.number, read.said))
        if first == read.number:
            return None
        column = self._mapping.columns.get(KEY)
        error = f"It is the same as row {first}."
        if said != read.said:
            key = self._mapping.key_of(cells)
            error = (
                f"{column} {key!r} is the same as row {first}'s, but the rest differs. Give each row its own {column}."
            )
        return FailedRow(row=read.number, column=column if said != read.said else None, error=error)

    def _store(self, row: _Row) -> None:
        before = self._examples.made_by(OPERATOR, row.request)
        if before is None or before.state is State.DRAFT:
            self._hand_in(row)
            return
        last = self._examples.last_request(OPERATOR, f"{row.request}/")
        if row.was_said(last):
            self._unchanged.append(row.number)
            return
        content = tags_kept(row.content, before)
        if last is None or last.endswith("/submit"):
            # Imported by a release that kept neither what a row said nor which tags moderators changed.
            content = content.model_copy(update={field: getattr(before.content, field) for field in TAG_FIELDS})
        changes = _changes(content, before)
        if not changes:
            self._unchanged.append(row.number)
        elif before.state in _OVER:
            raise ExampleError(
                f"{before.id}, which was made of this row, is {before.state.label}; the row says something else now. "
                f"Give it another {self._mapping.columns.get(KEY, 'key')} to hand it in anew."
            )
        elif before.state in PUBLIC:
            self._correct(row, before, content, changes)
        else:
            self._edit(row, before, content, changes)

    def _hand_in(self, row: _Row) -> None:
        receipt = self._rehearsal(row) if self._dry_run else self._shared(row)
        self._imported.append(
            ImportedRow(
                row=row.number,
                id=None if self._dry_run else receipt.id,
                title=row.content.shown_title,
                personal_data=len(receipt.personal_data),
                duplicates=len(receipt.duplicates),
            )
        )

    def _shared(self, row: _Row) -> Receipt:
        draft = self._examples.draft(OPERATOR, row.content, row.form.author, ORIGIN, row.request)
        if draft.content != row.content:
            # Kept by an import that was ended before it could be handed in, and changed in the sheet since.
            self._examples.edit(OPERATOR, draft.id, row.content)
        return self._examples.submit(OPERATOR, draft.id, row.request_for(1))

    def _rehearsal(self, row: _Row) -> Receipt:
        submission = self._examples.unsaved(f"row {row.number}", row.content, row.form.author)
        return self._rehearse(submission, waits=True)

    def _edit(self, row: _Row, before: Submission, content: Content, changes: tuple[str, ...]) -> None:
        if self._dry_run:
            receipt = self._rehearse(before.model_copy(update={"content": content}), waits=True)
        else:
            receipt = self._examples.edit(OPERATOR, before.id, content, request_id=row.request_for(before.version))
        state = State.SUBMITTED if before.state is State.CHANGES_REQUESTED else before.state
        self._note(row, before, state, changes, receipt, None)

    def _correct(self, row: _Row, before: Submission, content: Content, changes: tuple[str, ...]) -> None:
        """Hand in a correction of what is published; whom it is credited to, a sheet does not change."""
        for field in _CREDITS:
            if field in changes:
                warning = f"{field} differs. Whom a published example is credited to, its author changes."
                column = self._mapping.columns.get(field)
                self._warnings.append(RowWarning(row=row.number, column=column, warning=warning))
        changes = tuple(field for field in changes if field in CORRECTABLE)
        if not changes:
            self._unchanged.append(row.number)
            return
        correction = None
        if self._dry_run:
            self._examples.require_correction(OPERATOR, before.id, Author())
            unsaved = self._examples.unsaved(f"row {row.number}", uncredited(content), Author(), before)
            receipt = self._rehearse(unsaved, waits=False)
        else:
            draft = self._examples.correct(OPERATOR, before.id, Author(), f"correct:{row.request_for(before.version)}")
            request = row.request_for(draft.version)
            if draft.state is State.DRAFT:
                self._examples.edit(OPERATOR, draft.id, content)
                receipt = self._examples.submit(OPERATOR, draft.id, request)
            else:
                receipt = self._examples.edit(OPERATOR, draft.id, content, request_id=request)
            correction = draft.id
        self._note(row, before, before.state, changes, receipt, correction)

    def _note(
        self,
        row: _Row,
        before: Submission,
        state: State,
        changes: tuple[str, ...],
        receipt: Receipt,
        correction: str | None,
    ) -> None:
        self._updated.append(
            UpdatedRow(
                row=row.number,
                id=before.id,
                title=row.content.shown_title,
                state=state,
                changes=changes,
                correction=correction,
                personal_data=len(receipt.personal_data),
                duplicates=len(receipt.duplicates),
            )
        )

    def _rehearse(self, submission: Submission, *, waits: bool) -> Receipt:
        receipt, vector = self._examples.rehearse(OPERATOR, submission, self._rehearsed)
        if waits and vector is not None:
            self._rehearsed[submission.id] = submission, vector
        return receipt


def _changes(content: Content, before: Submission) -> tuple[str, ...]:
    """Return the fields in which what a row says differs from its example as it is now."""
    changed = changed_fields(content, base_of(before.content))
    credits_changed = [field for field in _CREDITS if getattr(content, field) != getattr(before.content, field)]
    return (*changed, *credits_changed)


def request_of(mapping: ColumnMapping, cells: Mapping[str, str]) -> str:
    """Return what makes importing a row twice do it once: its key, or all that it says."""
    said = mapping.key_of(cells) or "\0".join(
        f"{field}={cells.get(column, '')}" for field, column in sorted(mapping.columns.items())
    )
    return f"{ORIGIN}:{_digest(said)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
