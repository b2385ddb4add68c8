"""`haln examples export|import|tidy`: handing the collection on, and keeping it in order."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.examples.group import app, opened
from bot.commands.options import AsJson, DataDir, print_json
from knowledge.domain.vocabulary import ExampleState, Nation, Outcome, Pillar
from knowledge.matching.wording import counted

if TYPE_CHECKING:
    from knowledge.examples.import_report import ImportReport


class Format(StrEnum):
    """The forms that the collection is written in."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    SUMMARY = "summary"


Since = Annotated[
    str | None,
    typer.Option("--since", help="Published on this day (YYYY-MM-DD) or later.", callback=lambda v: _day(v)),
]
Until = Annotated[
    str | None, typer.Option("--until", help="Published on this day or earlier.", callback=lambda v: _day(v))
]

HappenedSince = Annotated[
    str | None,
    typer.Option("--happened-since", help="What went on on this day or later.", callback=lambda v: _day(v)),
]
HappenedUntil = Annotated[
    str | None, typer.Option("--happened-until", help="What had begun by this day.", callback=lambda v: _day(v))
]


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; for Markdown a folder. Else standard output.")
    ] = None,
    form: Annotated[
        Format,
        typer.Option("--format", help="csv, json, markdown (pages) or summary (one page)."),
    ] = Format.CSV,
    pillar: Annotated[Pillar | None, typer.Option("--pillar", help="Only about this pillar.")] = None,
    nation: Annotated[Nation | None, typer.Option("--nation", help="Only from this nation.")] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only those that went like this.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Only from this region, as examples name it.")] = None,
    since: Since = None,
    until: Until = None,
    happened_since: HappenedSince = None,
    happened_until: HappenedUntil = None,
    state: Annotated[
        list[ExampleState] | None, typer.Option("--state", help="Instead of what is published; give several times.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Hand the collection on. Anonymous examples are anonymous in it."""
    from knowledge.domain.examples import OPERATOR
    from knowledge.examples.export import as_csv, as_json, as_markdown, as_one_markdown, as_summary
    from knowledge.storage.example_protocols import Selection

    selection = Selection(
        states=tuple(state or ()),
        pillar=pillar,
        nation=nation,
        outcome=outcome,
        since=since,
        until=until,
        region=region,
        happened_since=happened_since,
        happened_until=happened_until,
    )
    one_text = {
        Format.CSV: as_csv,
        Format.JSON: as_json,
        Format.MARKDOWN: as_one_markdown,
        Format.SUMMARY: as_summary,
    }[form]
    with opened(data_dir) as (_, examples):
        collection = examples.collection(OPERATOR, selection)
    if file is None:
        sys.stdout.write(one_text(collection))
        sys.stdout.flush()
        return
    if form is Format.MARKDOWN:
        _write_pages(file, as_markdown(collection))
    else:
        _write(file, one_text(collection), bom=form is Format.CSV)
    typer.echo(f"{counted(len(collection), 'example')} written to {file}.", err=True)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file or an Excel workbook (.xlsx).")],
    mapping: Annotated[
        Path, typer.Option("--mapping", help="JSON or YAML: which column each field is in; docs/examples.md shows one.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and store nothing.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Bring in a spreadsheet of examples: each row is submitted for review; one corrected since updates its example."""
    from bot.terminal.progress import progress_bar
    from indexer.sources.forms import read_form_file
    from indexer.sources.spreadsheet import read_rows
    from knowledge.examples.column_mapping import read_mapping
    from knowledge.examples.import_rows import import_rows

    with opened(data_dir) as (library, examples), progress_bar("Importing") as progress:
        most = library.settings.max_file_mb * 1_000_000
        mapped = read_mapping(read_form_file(mapping, most))
        rows = read_rows(file, mapped.columns.values(), most, mapped.sheet)
        report = import_rows(examples, mapped, rows, dry_run=dry_run, progress=lambda done: progress(done, len(rows)))
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    if report.failed:
        raise typer.Exit(1)


@app.command()
def tidy(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Do what is due: publish what is approved, ask authors and moderators, delete what was kept long enough."""
    with opened(data_dir) as (_, examples):
        published = examples.publish_waiting()
        tidied = examples.look_after()
    if as_json:
        print_json({"published": published, **tidied.model_dump()})
    else:
        typer.echo(
            f"Published {published}; deleted {counted(tidied.drafts, 'old draft')}, the text of "
            f"{counted(tidied.texts, 'finished example')}, and {counted(tidied.messages, 'old message')}."
        )


def _day(value: str | None) -> str | None:
    from datetime import date

    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{value} is no day. Write it as YYYY-MM-DD.") from None


def _write_pages(folder: Path, pages: dict[str, str]) -> None:
    for name, page in pages.items():
        _write(folder / name, page)


def _write(path: Path, text: str, *, bom: bool = False) -> None:
    """Write a file whole or not at all. Excel takes a CSV file for UTF-8 only when it begins with a mark."""
    from knowledge.errors import SourceError

    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8-sig" if bom else "utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        raise SourceError(f"{path} cannot be written ({error.strerror}).") from None


def _print_report(report: "ImportReport") -> None:
    from bot.commands.examples import texts

    for line in texts.import_lines(report):
        typer.echo(line)
    for line in texts.import_problem_lines(report):
        typer.echo(line, err=True)
