"""The collection for handing on: CSV that no spreadsheet runs, JSON, and Markdown pages with index and summary."""

import csv
import io
import json
import re
from collections.abc import Sequence

from knowledge.domain.visible_text import visible_json, visible_text
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar, Term
from knowledge.examples.document import HEADINGS, normalised
from knowledge.examples.period import spoken_period
from knowledge.examples.summary import CollectionSummary, summary_of
from knowledge.examples.views import ExampleView
from knowledge.matching.wording import counted

COLUMNS = (
    "id",
    "title",
    "what",
    "for_whom",
    "what_happened",
    "differently",
    "measured",
    "indicator",
    "baseline",
    "measured_period",
    "pillars",
    "outcome",
    "level",
    "nation",
    "region",
    "period",
    "happened_from",
    "happened_to",
    "organisation",
    "credit",
    "credited_to",
    "state",
    "published",
    "review_on",
    "answers",
)
# A cell that begins so is run as a formula by spreadsheet programs (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&:])")
INDEX = "index.md"
SUMMARY = "summary.md"


def rows(views: Sequence[ExampleView]) -> list[dict[str, str | int | list[str] | None]]:
    """Return one row of the collection's columns for each example; `period` is when it happened, in words."""
    dumped = [view.model_dump(mode="json") | {"period": _period(view)} for view in views]
    return [{column: values[column] for column in COLUMNS} for values in dumped]


def as_json(views: Sequence[ExampleView]) -> str:
    """Return one JSON object with the list `examples` and their `summary`."""
    summary = summary_of(views).model_dump(mode="json")
    return visible_json(json.dumps({"examples": rows(views), "summary": summary}, ensure_ascii=False)) + "\n"


def as_csv(views: Sequence[ExampleView]) -> str:
    """Return CSV with a header. A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(views):
        writer.writerow({column: cell(value) for column, value in row.items()})
    return text.getvalue()


def cell(value: object) -> str:
    """Return what a cell holds, with an apostrophe in front where a spreadsheet would run it as a formula."""
    text = "; ".join(value) if isinstance(value, list) else str(value if value is not None else "")
    text = visible_text(text.replace("\r\n", "\n"))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def unescaped(text: str) -> str:
    """Return a cell as it was before `as_csv` put an apostrophe in front, so that an export can be imported."""
    rest = text[1:]
    return rest if text.startswith("'") and rest.lstrip(" ").startswith(_FORMULA) else text


def as_markdown(views: Sequence[ExampleView]) -> dict[str, str]:
    """Return pages by file name: an index by pillar, a summary, one for each example. Nothing in them is markup."""
    pages = {f"{view.id}.md": _page(view) for view in views}
    return {INDEX: _index(views), SUMMARY: as_summary(views), **pages}


def as_one_markdown(views: Sequence[ExampleView]) -> str:
    """Return all pages as one document, the index first."""
    return "\n\n---\n\n".join(page.strip() for page in as_markdown(views).values()) + "\n"


def as_summary(views: Sequence[ExampleView]) -> str:
    """Return one page on the collection as a whole: what there is, from when and where, and how far it was used."""
    found = summary_of(views)
    lines = ["# Summary of the shared examples", ""]
    lines += [f"{counted(found.examples, 'example')}. {_usage(found)}", ""]
    for heading, counts in (
        ("How they went", found.outcomes),
        ("Pillars", found.pillars),
        ("Levels", found.levels),
        ("Nations", found.nations),
        ("Regions", found.regions),
        ("Years in which they happened", found.years),
    ):
        if counts:
            lines += [f"## {heading}", "", "| | Examples |", "|---|---|"]
            lines += [f"| {plain_words(_opened(name))} | {number} |" for name, number in counts.items()]
            lines.append("")
    if found.most_used:
        lines += ["## Used most", ""]
        lines += [
            f"- [{plain_words(used.title)}]({used.id}.md): {counted(used.answers, 'answer')}"
            for used in found.most_used
        ]
        lines.append("")
    return "\n".join(lines)


def _usage(found: CollectionSummary) -> str:
    if not found.used:
        return "None of them has been used in an answer yet."
    times = f"{counted(found.answers, 'time')} in all"
    return f"{found.used} of them {'was' if found.used == 1 else 'were'} used in answers, {times}."


def _period(view: ExampleView) -> str:
    return spoken_period(view.happened_from, view.happened_to)


def _index(views: Sequence[ExampleView]) -> str:
    lines = [
        "# Shared examples",
        "",
        f"{counted(len(views), 'example')} that members of the network shared. [Summary]({SUMMARY})",
        "",
    ]
    for pillar in (*Pillar, None):
        of_pillar = [view for view in views if (pillar in view.pillars if pillar else not view.pillars)]
        if of_pillar:
            lines += [f"## {pillar.label.capitalize() if pillar else 'No pillar'}", ""]
            lines += [f"- [{plain_words(view.title)}]({view.id}.md) ({_facts(view)})" for view in of_pillar]
            lines.append("")
    return "\n".join(lines)


def _page(view: ExampleView) -> str:
    lines = [f"# {plain_words(view.title)}", "", f"{plain_words(view.credited_to)}. {_opened(_facts(view))}.", ""]
    for field, heading in HEADINGS.items():
        if text := normalised(getattr(view, field)):
            lines += [f"## {heading}", "", *(_line(line) for line in text.split("\n")), ""]
    return "\n".join(lines)


def _facts(view: ExampleView) -> str:
    facts = [
        _label(Outcome, view.outcome),
        ", ".join(_label(Pillar, pillar) for pillar in view.pillars),
        _label(Level, view.level),
        _label(Nation, view.nation),
        plain_words(view.region),
        _period(view) or view.published or "",
        f"used in {counted(view.answers, 'answer')}" if view.answers else "",
    ]
    return "; ".join(filter(None, facts))


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]


def _label(kind: type[Term], value: str | None) -> str:
    return kind(value).label if value else ""


def _line(line: str) -> str:
    return f"- {plain_words(line[2:])}" if line.startswith("- ") else plain_words(line)


def plain_words(text: str) -> str:
    """Return what others wrote as words in Markdown, on one line: no links, pictures, mentions or markup come of it."""
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(visible_text(text).split()))
    return re.sub(r"^(\d+)([.)])|^([-=])", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
