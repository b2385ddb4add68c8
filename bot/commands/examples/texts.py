"""Texts of shared examples on the command line."""

from knowledge.domain.examples import TEXT_FIELDS, Finding
from knowledge.domain.library import Document
from knowledge.domain.vocabulary import EvidenceKind, ExampleState
from knowledge.examples.import_report import ImportedRow, ImportReport, UpdatedRow
from knowledge.examples.period import spoken_period
from knowledge.examples.views import ExampleView, Receipt
from knowledge.matching.wording import counted

DRAFT = "Kept as a draft ({id}). Before it can be reviewed it still needs: {missing}."
WHERE = "Complete it with `haln examples edit {id} FILE --author {author}`."
SUBMITTED = "Thank you. {id} is with the moderators now; work that did not go to plan helps just as much."
NO_NAME_MODEL = (
    "People's names were looked for by rules and lists alone, without a language model (see HALN_NAME_MODEL). Read for "
    "names yourself."
)
PERSONAL = "It may identify somebody: {label} in “{field}”, characters {start} to {end}. Take it out if you can."
DUPLICATE = "It says nearly the same as {id}{title} ({similarity:.0%} alike)."
NOT_PUBLISHED = "It is approved, and will be found once it is published: run `haln examples tidy`."
NOTHING = "There are no examples that fit."
MERGED = "{id} is merged into {into}; its author is told."
DRY_RUN = "Dry run: nothing was stored."
CORRECTION = (
    "Thank you. Your correction of {example} is with the moderators now ({id}). What is published stays until they "
    "approve it."
)
CORRECTION_DRAFT = "Kept as a draft ({id}). A correction of {example} still needs: {missing}."
ROWS = "{rows}: {imported} {imports}, {updated} updated, {unchanged} unchanged, {failed} failed."
ROW = "Row {row} ({title}): {said}."
ROW_PROBLEM = "Row {row}{column}: {problem}"

_FIELDS = {
    "title": "title",
    "what": "what you did",
    "for_whom": "for whom and why",
    "what_happened": "what happened",
    "differently": "what you would do differently",
    "measured": "how it was measured",
    "indicator": "what was measured",
    "baseline": "what it was before",
    "measured_period": "over which time it was measured",
    "pillars": "pillars",
    "level": "level",
    "nation": "nation",
    "region": "region",
    "happened_from": "when it began",
    "happened_to": "when it ended",
    "outcome": "how it went (worked, partly, did_not_work)",
    "credit": "how you wish to be credited (named, organisation, anonymous)",
    "organisation": "the organisation to be credited",
    "clearance": "that your organisation is happy for it to be shared (clearance)",
}


def receipt_lines(receipt: Receipt, author: str | None) -> list[str]:
    """Return what the author is told after handing in: what is missing, what may identify somebody, what is alike."""
    lines = draft_lines(receipt, author)
    if not receipt.missing:
        lines.append((CORRECTION if receipt.corrects else SUBMITTED).format(id=receipt.id, example=receipt.corrects))
    return lines


def draft_lines(receipt: Receipt, author: str | None) -> list[str]:
    """Return what the author is told before handing in."""
    lines = []
    if receipt.missing and receipt.corrects:
        needed = "; ".join(_FIELDS.get(field, field) for field in receipt.missing)
        lines.append(CORRECTION_DRAFT.format(id=receipt.id, example=receipt.corrects, missing=needed))
    elif receipt.missing:
        needed = "; ".join(_FIELDS.get(field, field) for field in receipt.missing)
        lines.append(DRAFT.format(id=receipt.id, missing=needed))
        lines.append(WHERE.format(id=receipt.id, author=author or "AUTHOR"))
    lines += [finding_line(finding) for finding in receipt.personal_data]
    if not receipt.name_model:
        lines.append(NO_NAME_MODEL)
    for duplicate in receipt.duplicates:
        title = f" “{duplicate.title}”" if duplicate.title else ", which waits for review"
        link = f" {duplicate.url}" if duplicate.url else ""
        lines.append(DUPLICATE.format(id=duplicate.id, title=title, similarity=duplicate.similarity) + link)
    return lines


def import_lines(report: ImportReport) -> list[str]:
    """Return what an import did, and which rows somebody should look at."""
    lines = [DRY_RUN] if report.dry_run else []
    numbers = {"imported": len(report.imported), "updated": len(report.updated), "unchanged": len(report.unchanged)}
    imports = "can be imported" if report.dry_run else "imported"
    lines.append(ROWS.format(rows=counted(report.rows, "row"), imports=imports, failed=report.failed_rows, **numbers))
    said = [(row.row, row.title, _look_at(row)) for row in report.imported]
    said += [(row.row, row.title, _updated(row, report.dry_run)) for row in report.updated]
    return lines + [ROW.format(row=row, title=title, said=text) for row, title, text in said if text]


def import_problem_lines(report: ImportReport) -> list[str]:
    """Return every problem of every row, in the order of the rows; what was left out is said as well."""
    problems = [(failed.row, failed.column, failed.error) for failed in report.failed]
    problems += [(warned.row, warned.column, warned.warning) for warned in report.warnings]
    return [
        ROW_PROBLEM.format(row=row, column=f", column {column}" if column else "", problem=problem)
        for row, column, problem in sorted(problems, key=lambda found: found[0])
    ]


def _look_at(row: ImportedRow | UpdatedRow) -> str:
    said = []
    if row.personal_data:
        said.append(f"may identify somebody in {counted(row.personal_data, 'place')}")
    if row.duplicates:
        said.append(f"says nearly the same as {counted(row.duplicates, 'other example', 'other examples')}")
    return ", ".join(said)


def _updated(row: UpdatedRow, dry_run: bool) -> str:
    fields = ", ".join(_FIELDS.get(field, field) for field in row.changes)
    if row.state in (ExampleState.PUBLISHED, ExampleState.APPROVED):
        new = f" as {row.correction}" if row.correction else ""
        done = f"a correction of {row.id} {'would go' if dry_run else 'went'} to the moderators{new}: {fields}"
    else:
        done = f"{row.id} {'would be' if dry_run else 'was'} changed: {fields}"
    return "; ".join(filter(None, [done, _look_at(row)]))


def document_lines(document: Document) -> list[str]:
    """Return how an example will look in the library."""
    lines = [document.metadata.title, f"{document.metadata.source_title} · {EvidenceKind.MEMBER_EXAMPLE.label}"]
    for section in document.sections:
        lines += ["", " › ".join(section.heading_path), section.text]
    return [*lines, ""]


def finding_line(finding: Finding) -> str:
    """Return where something may identify a person, without repeating it."""
    field = _FIELDS.get(finding.field, finding.field)
    return PERSONAL.format(label=finding.label, field=field, start=finding.start + 1, end=finding.end)


def list_line(view: ExampleView) -> str:
    """Return one line of a list: id, state, for how long, title, credit."""
    corrects = f" corrects {view.corrects}," if view.corrects else ""
    claimed = f", claimed by {view.claimed_by}" if view.claimed_by else ""
    used = f", used in {counted(view.answers_this_month, 'answer')} this month" if view.answers_this_month else ""
    days = "today" if view.waiting_days == 0 else f"for {counted(view.waiting_days, 'day')}"
    return f"{view.id} {corrects} {view.state.label}{claimed} ({days}{used})  {view.title}  [{view.credited_to}]"


def example_lines(view: ExampleView) -> list[str]:
    """Return an example in full, with what may identify somebody and its audit."""
    when = spoken_period(view.happened_from, view.happened_to)
    facts = [view.state.label, view.outcome, ", ".join(view.pillars), view.level, view.nation, view.region, when]
    lines = [
        f"{view.id}  {view.title}",
        "; ".join(fact.replace("_", " ") for fact in facts if fact),
        f"Credit: {view.credited_to}" + (" (anonymous)" if view.anonymous else ""),
    ]
    if view.corrects:
        changes = ", ".join(_FIELDS.get(field, field) for field in view.changes) or "nothing yet"
        lines.append(f"A correction of {view.corrects}; it changes: {changes}")
    if view.merged_into:
        lines.append(f"Merged into {view.merged_into}")
    for field in TEXT_FIELDS[1:]:
        if text := getattr(view, field):
            lines += ["", f"{_FIELDS[field].capitalize()}:", text]
    lines.append("")
    lines += [finding_line(finding) for finding in view.personal_data]
    for event in view.audit:
        reason = f": {event.reason}" if event.reason else ""
        lines.append(f"{event.at[:16]}  {event.action.replace('_', ' ')} by {event.by}{reason}")
    return lines
