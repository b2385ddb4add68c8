"""An approved example as a document of the library: its sections, and who readers are told it is from."""

import re

from knowledge.domain.examples import MEASURE_FIELDS, Author, Content, Submission
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.domain.library import Document, Measure, Metadata, Section
from knowledge.domain.vocabulary import Credit, EvidenceKind, Kind
from knowledge.examples.period import known_until

HEADINGS = {
    "what": "What was done",
    "for_whom": "For whom and why",
    "what_happened": "What happened",
    "differently": "What they would do differently",
    "measured": "How it was measured",
    "indicator": "What was measured",
    "baseline": "What it was before",
    "measured_period": "Measured over",
}
UNNAMED = "A member of the network"
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\d{1,2}[.)])\s+")


def as_document(submission: Submission) -> Document:
    """Return the document of a submission.

    A credit is in its metadata only, so that it can be changed without a trace.
    """
    content = submission.content
    anonymous = content.credit is Credit.ANONYMOUS
    shared = submission.published or submission.updated_at[:10]
    until = known_until(content.happened_from, content.happened_to, shared)
    return Document(
        location=submission.location,
        suggested_id=submission.id,
        metadata=Metadata(
            title=content.shown_title,
            kind=Kind.EXAMPLE,
            organisation=None if anonymous else content.organisation or None,
            nation=content.nation,
            pillars=content.pillars,
            level=content.level,
            outcome=content.outcome,
            evidence=EvidenceKind.MEMBER_EXAMPLE,
            region=content.region or None,
            # Dated by what it tells, not by the day on which somebody approved it.
            published=until,
            true_as_of=until if content.happened_to or content.happened_from else None,
            source_title=credit_line(content, submission.author),
            measured=_measures(content),
        ),
        sections=sections(content),
    )


def sections(content: Content) -> tuple[Section, ...]:
    """Return the parts that the author wrote, each under its heading; all on measuring is under one."""
    texts = {field: normalised(getattr(content, field)) for field in HEADINGS}
    measure = {HEADINGS[field]: " ".join(texts.pop(field).split()) for field in MEASURE_FIELDS}
    lines = [f"- {heading}: {text}" for heading, text in measure.items() if text]
    texts["measured"] = "\n".join(filter(None, [texts["measured"], *lines]))
    return tuple(Section(heading_path=(HEADINGS[field],), text=text) for field, text in texts.items() if text)


def _measures(content: Content) -> tuple[Measure, ...]:
    """Return how it was measured, where the author says what was."""
    indicator, baseline, period = (" ".join(getattr(content, field).split()) for field in MEASURE_FIELDS)
    return (Measure(indicator=indicator, baseline=baseline or None, period=period or None),) if indicator else ()


def credit_line(content: Content, author: Author) -> str:
    """Return who readers are told it is from: "Sam Sample, Sample Trust", "Sample Trust", "A member of the network"."""
    organisation = content.organisation.strip()
    if content.credit is Credit.NAMED:
        # A member's id is no name: on Discord it is a number. An operator may use names as ids.
        known = author.name or _name_in_id(author.member)
        return ", ".join(filter(None, [known, organisation])) or UNNAMED
    if content.credit is Credit.ORGANISATION and organisation:
        return organisation
    return UNNAMED


def _name_in_id(member: str | None) -> str | None:
    """Return an id that is a name; on Discord it is a number, and random where somebody signs in by mail."""
    return None if member is None or member.isdigit() or member.startswith(MAIL_MEMBER) else member


def normalised(text: str) -> str:
    """Return a member's text as sections hold it: paragraphs apart, list items on lines that begin with "- "."""
    lines: list[str] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        clean = " ".join("".join(c if c.isprintable() else " " for c in raw).split())
        if not clean:
            if lines and lines[-1]:
                lines.append("")
        elif _BULLET.match(raw):
            lines.append(f"- {_BULLET.sub('', clean)}")
        else:
            if lines and lines[-1]:
                lines.append("")
            lines.append(clean)
    return "\n".join(lines).strip()
