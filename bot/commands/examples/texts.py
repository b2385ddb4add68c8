"""Texts of shared examples on the command line."""

from knowledge.domain.examples import Finding
from knowledge.domain.library import Document
from knowledge.domain.vocabulary import EvidenceKind
from knowledge.examples.views import ExampleView, Receipt
from knowledge.matching.wording import counted

DRAFT = "Kept as a draft ({id}). Before it can be reviewed it still needs: {missing}."
WHERE = "Complete it with `haln examples edit {id} FILE --author {author}`."
SUBMITTED = "Thank you. {id} is with the moderators now; work that did not go to plan helps just as much."
PERSONAL = "It may identify somebody: {label} in “{field}”, characters {start} to {end}. Take it out if you can."
DUPLICATE = "It says nearly the same as {id}{title} ({similarity:.0%} alike)."
NOT_PUBLISHED = "It is approved, and will be found once it is published: run `haln examples tidy`."
NOTHING = "There are no examples that fit."
MERGED = "{id} is merged into {into}; its author is told."
DRY_RUN = "Dry run: nothing was stored."

_FIELDS = {
    "title": "title",
    "what": "what you did",
    "for_whom": "for whom and why",
    "what_happened": "what happened",
    "differently": "what you would do differently",
    "measured": "how it was measured",
    "outcome": "how it went (worked, partly, did_not_work)",
    "credit": "how you wish to be credited (named, organisation, anonymous)",
    "organisation": "the organisation to be credited",
    "clearance": "that your organisation is happy for it to be shared (clearance)",
}


def receipt_lines(receipt: Receipt, author: str | None) -> list[str]:
    """Return what the author is told after handing in: what is missing, what may identify somebody, what is alike."""
    return [*draft_lines(receipt, author), *([] if receipt.missing else [SUBMITTED.format(id=receipt.id)])]


def draft_lines(receipt: Receipt, author: str | None) -> list[str]:
    """Return what the author is told before handing in."""
    lines = []
    if receipt.missing:
        needed = "; ".join(_FIELDS.get(field, field) for field in receipt.missing)
        lines.append(DRAFT.format(id=receipt.id, missing=needed))
        lines.append(WHERE.format(id=receipt.id, author=author or "AUTHOR"))
    lines += [finding_line(finding) for finding in receipt.personal_data]
    for duplicate in receipt.duplicates:
        title = f" “{duplicate.title}”" if duplicate.title else ", which waits for review"
        link = f" {duplicate.url}" if duplicate.url else ""
        lines.append(DUPLICATE.format(id=duplicate.id, title=title, similarity=duplicate.similarity) + link)
    return lines


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
    claimed = f", claimed by {view.claimed_by}" if view.claimed_by else ""
    used = f", used in {counted(view.answers_this_month, 'answer')} this month" if view.answers_this_month else ""
    days = "today" if view.waiting_days == 0 else f"for {counted(view.waiting_days, 'day')}"
    return f"{view.id}  {view.state.label}{claimed} ({days}{used})  {view.title}  [{view.credited_to}]"


def example_lines(view: ExampleView) -> list[str]:
    """Return an example in full, with what may identify somebody and its audit."""
    facts = [view.state.label, view.outcome, ", ".join(view.pillars), view.level, view.nation]
    lines = [
        f"{view.id}  {view.title}",
        "; ".join(fact.replace("_", " ") for fact in facts if fact),
        f"Credit: {view.credited_to}" + (" (anonymous)" if view.anonymous else ""),
    ]
    if view.merged_into:
        lines.append(f"Merged into {view.merged_into}")
    for field in ("what", "for_whom", "what_happened", "differently", "measured"):
        if text := getattr(view, field):
            lines += ["", f"{_FIELDS[field].capitalize()}:", text]
    lines.append("")
    lines += [finding_line(finding) for finding in view.personal_data]
    for event in view.audit:
        reason = f": {event.reason}" if event.reason else ""
        lines.append(f"{event.at[:16]}  {event.action.replace('_', ' ')} by {event.by}{reason}")
    return lines
