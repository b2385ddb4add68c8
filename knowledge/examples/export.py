"""The collection for handing on: CSV that no spreadsheet runs, JSON, and Markdown pages with an index."""

import csv
import io
import json
import re
from collections.abc import Sequence

from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar, Term
from knowledge.examples.document import HEADINGS, normalised
from knowledge.examples.views import ExampleView

COLUMNS = (
    "id",
    "title",
    "what",
    "for_whom",
    "what_happened",
    "differently",
    "measured",
    "pillars",
    "outcome",
    "level",
    "nation",
    "organisation",
    "credit",
    "credited_to",
    "state",
    "published",
    "review_on",
)
# A cell that begins so is run as a formula by spreadsheet programs (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&:])")
INDEX = "index.md"


def rows(views: Sequence[ExampleView]) -> list[dict[str, str | list[str] | None]]:
    """Return one row of the collection's columns for each example."""
    dumped = [view.model_dump(mode="json") for view in views]
    return [{column: values[column] for column in COLUMNS} for values in dumped]


def as_json(views: Sequence[ExampleView]) -> str:
    """Return one JSON object with the list `examples`."""
    return json.dumps({"examples": rows(views)}, ensure_ascii=False) + "\n"


def as_csv(views: Sequence[ExampleView]) -> str:
    """Return CSV with a header. A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(views):
        writer.writerow({column: _cell(value) for column, value in row.items()})
    return text.getvalue()


def _cell(value: object) -> str:
    text = "; ".join(value) if isinstance(value, list) else str(value if value is not None else "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def unescaped(text: str) -> str:
    """Return a cell as it was before `as_csv` put an apostrophe in front, so that an export can be imported."""
    rest = text[1:]
    return rest if text.startswith("'") and rest.lstrip(" ").startswith(_FORMULA) else text


def as_markdown(views: Sequence[ExampleView]) -> dict[str, str]:
    """Return pages by file name: an index by pillar, and a page for each example.

    Nothing in them acts as a link or markup.
    """
    pages = {f"{view.id}.md": _page(view) for view in views}
    return {INDEX: _index(views), **pages}


def as_one_markdown(views: Sequence[ExampleView]) -> str:
    """Return all pages as one document, the index first."""
    return "\n\n---\n\n".join(page.strip() for page in as_markdown(views).values()) + "\n"


def _index(views: Sequence[ExampleView]) -> str:
    lines = ["# Shared examples", "", f"{len(views)} examples that members of the network shared.", ""]
    for pillar in (*Pillar, None):
        of_pillar = [view for view in views if (pillar in view.pillars if pillar else not view.pillars)]
        if of_pillar:
            lines += [f"## {pillar.label.capitalize() if pillar else 'No pillar'}", ""]
            lines += [f"- [{_plain(view.title)}]({view.id}.md) ({_facts(view)})" for view in of_pillar]
            lines.append("")
    return "\n".join(lines)


def _page(view: ExampleView) -> str:
    lines = [f"# {_plain(view.title)}", "", f"{_plain(view.credited_to)}. {_facts(view).capitalize()}.", ""]
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
        view.published or "",
    ]
    return "; ".join(filter(None, facts))


def _label(kind: type[Term], value: str | None) -> str:
    return kind(value).label if value else ""


def _line(line: str) -> str:
    return f"- {_plain(line[2:])}" if line.startswith("- ") else _plain(line)


def _plain(text: str) -> str:
    """Return a member's words as words: no links, pictures, mentions or markup come of them."""
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d+)([.)])|^([-=])", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
