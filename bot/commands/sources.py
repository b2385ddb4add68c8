"""`haln index sources` and `refresh`: where documents come from, and what became of reading them."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.document_contents import left_away
from bot.commands.options import AsJson, DataDir, load_settings, moment, print_json
from knowledge.errors import HalnError
from knowledge.matching.wording import counted

if TYPE_CHECKING:
    from indexer.report import Report
    from knowledge.settings import Settings
    from knowledge.storage.source_protocols import Source

_MOST_IDS = 20
_MOST_FAILURES = 20
_HOUR = 3600


def show_sources(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show the registered sources: when each was last read, what went wrong, and what to do next."""
    from knowledge.storage.engines import open_library_store

    store = open_library_store(load_settings(data_dir))
    try:
        sources = store.sources.all()
    finally:
        store.close()
    if as_json:
        print_json({"sources": [{**source.model_dump(mode="json"), "next": next_action(source)} for source in sources]})
        return
    if not sources:
        typer.echo("No sources yet. Add one with `haln index add`.")
    for source in sources:
        typer.echo(f"{source.id}  {source.kind}  {source.address}  ({counted(source.documents, 'document')})")
        typer.echo(f"    last success: {moment(source.last_success) if source.last_success else 'never'}")
        if source.error:
            typer.echo(f"    problem: {source.error}")
        typer.echo(f"    next: {next_action(source)}")


def next_action(source: "Source") -> str:
    """Return what a person does about a source."""
    if source.not_before:
        return f"nothing; `haln index refresh` reads it again after {moment(source.not_before)}"
    if source.error and source.last_success is None:
        return f"mend the problem, or run `haln index remove {source.id}`"
    if source.last_success is None:
        return f"it was interrupted; run `haln index refresh {source.id}` (unless it is being read just now)"
    if source.error:
        return f"mend the problem and run `haln index refresh {source.id}`"
    return "nothing; `haln index refresh` looks for changes"


def refresh(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Addresses or numbers of sources; all when none is given."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All sources, also those whose server asked to wait.")
    ] = False,
    every: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="HOURS", help="Go on, and do it again after so many hours, until it is stopped."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Bring registered sources up to date. What has not changed costs nothing, and several may run at once."""
    settings = load_settings(data_dir)
    while every is not None:
        try:
            _refresh(settings, named, everything=everything, as_json=as_json)
        except typer.Exit:  # what failed is said, and tried again the next time
            pass
        except HalnError as error:
            typer.echo(str(error), err=True)
        time.sleep(every * _HOUR)
    _refresh(settings, named, everything=everything, as_json=as_json)


def _refresh(settings: "Settings", named: list[str] | None, *, everything: bool, as_json: bool) -> None:
    from bot.terminal.progress import progress_bar

    with progress_bar("Refreshing", at_once=True) as progress:
        from bot.session import open_library
        from indexer.pipeline import Indexer
        from indexer.shared_documents import follow_shares

        with open_library(settings, starter=False) as library:
            report = Indexer(library, progress).refresh(named or (), everything=everything)
            follow_shares(library)
    show_report(report, as_json=as_json)


def show_report(report: "Report", *, as_json: bool) -> None:
    """Print what an indexing run did; exit with 1 when something failed."""
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    if report.failed:
        raise typer.Exit(1)


def _print_report(report: "Report") -> None:
    """Print an indexing run for people: counts, what was added and removed by id, then a line for each problem."""
    typer.echo(
        f"Added {report.added}, updated {report.updated}, unchanged {report.unchanged}, removed {report.removed}, "
        f"failed {len(report.failed)} (chunks embedded: {report.chunks_embedded}, {report.seconds:.1f} s)."
    )
    for what, ids in (("Added", report.added_ids), ("Updated", report.updated_ids), ("Removed", report.removed_ids)):
        if ids:
            typer.echo(f"{what}: {_listed(ids)}")
    for renamed in report.renamed:
        typer.echo(f"Renamed: {renamed.id} is at {renamed.now} now")
    told = [words for words in report.words if words.left_out or words.incomplete]
    for words in told[:_MOST_IDS]:
        typer.echo(f"{words.id}: {words.line()}")
    if (more := len(told) - _MOST_IDS) > 0:
        typer.echo(f"and {more} more documents of which something was left out (`--json` names them all)")
    for line in left_away(report.left_away[:_MOST_IDS]):
        typer.echo(f"Note: {line}", err=True)
    if (more := len(report.left_away) - _MOST_IDS) > 0:
        typer.echo(f"Note: {more} more are left out, removed by hand (`--json` names them all)", err=True)
    for warning in report.warnings:
        typer.echo(f"Note: {warning}", err=True)
    for failure in report.failed[:_MOST_FAILURES]:
        typer.echo(f"{failure.source}: {failure.error}", err=True)
    if (more := len(report.failed) - _MOST_FAILURES) > 0:
        typer.echo(f"and {more} more (`--json` names them all)", err=True)


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_IDS} more (`haln index list`)" if len(ids) > _MOST_IDS else ""
    return ", ".join(ids[:_MOST_IDS]) + more
