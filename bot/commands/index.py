"""`haln index ...`: what is in the library, and keeping it right."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, print_json

if TYPE_CHECKING:
    from indexer.report import Report

app = typer.Typer(
    rich_markup_mode=None,
    help="Put documents into the library, look after it, take them out.",
    no_args_is_help=True,
)

Sources = Annotated[list[str], typer.Argument(help="Files or folders (Markdown and plain text).")]


@app.command()
def add(sources: Sources, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Add or refresh files and folders. Documents whose file is gone from a folder are removed."""
    from bot.session import open_library, progress_bar
    from bot.startup import load_settings
    from indexer.pipeline import Indexer

    with open_library(load_settings(data_dir), starter=False) as library, progress_bar("Indexing") as told:
        report = Indexer(library, told).add(sources)
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    if report.failed:
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """What is in the library: documents by kind, chunks, model, last change."""
    from bot.startup import load_settings
    from knowledge.storage.sqlite import SQLiteStore, open_database

    settings = load_settings(data_dir)
    store = SQLiteStore(open_database(settings.database_path))
    try:
        counts, identity = store.counts(), store.identity()
    finally:
        store.close()
    figures = {
        **counts.model_dump(),
        "model": identity.model if identity else None,
        "dimension": identity.dimension if identity else None,
        "chunking": identity.chunking if identity else None,
        "data_dir": str(settings.data_dir),
    }
    if as_json:
        print_json(figures)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    kinds = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.by_kind.items())
    table.add_row("Documents", f"{counts.documents}" + (f"  ({kinds})" if kinds else ""))
    table.add_row("Chunks", f"{counts.chunks}")
    table.add_row("Embedding model", identity.model if identity else "none yet")
    table.add_row("Last change", counts.last_change or "none yet")
    table.add_row("Size on disk", f"{counts.bytes / 1e6:.1f} MB")
    table.add_row("Kept in", str(settings.data_dir))
    Console().print(table)


@app.command()
def verify(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Check that documents, chunks, full text, embeddings and the dense index agree."""
    from bot.session import open_library
    from bot.startup import load_settings

    with open_library(load_settings(data_dir), starter=False) as library:
        problems = [*library.store.problems(), *library.index.problems(), *library.examples.problems()]
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    elif problems:
        typer.echo("\n".join([*problems, "Run `haln index rebuild` to repair the library."]))
    else:
        typer.echo("Everything agrees.")
    if problems:
        raise typer.Exit(1)


@app.command()
def rebuild(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Chunk and embed everything anew from the database, and make both indexes anew. Needed after a change of model."""
    from bot.session import open_library, progress_bar
    from bot.startup import load_settings
    from indexer.pipeline import Indexer

    with open_library(load_settings(data_dir), starter=False) as library, progress_bar("Embedding") as told:
        embedded = Indexer(library, told).rebuild()
        counts = library.store.counts()
    if as_json:
        print_json({"documents": counts.documents, "chunks": counts.chunks, "chunks_embedded": embedded})
    else:
        typer.echo(f"Rebuilt: {counts.documents} documents, {counts.chunks} chunks.")


@app.command()
def remove(
    document_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, as `haln search` shows them.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Delete documents by id: they are found no more from this moment."""
    from bot.session import open_library
    from bot.startup import load_settings

    with open_library(load_settings(data_dir), starter=False) as library:
        removed = [
            document_id for document_id in dict.fromkeys(document_ids) if library.store.remove_document(document_id)
        ]
        library.index.refresh()
    missing = [document_id for document_id in dict.fromkeys(document_ids) if document_id not in removed]
    if as_json:
        print_json({"removed": removed, "not_found": missing})
    else:
        for document_id in removed:
            typer.echo(f"Removed {document_id}.")
    for document_id in missing:
        typer.echo(f"There is no document with the id {document_id}. `haln search` shows ids.", err=True)
    if missing:
        raise typer.Exit(1)


def _print_report(report: "Report") -> None:
    typer.echo(
        f"Added {report.added}, updated {report.updated}, unchanged {report.unchanged}, removed {report.removed}, "
        f"failed {len(report.failed)} (chunks embedded: {report.chunks_embedded}, {report.seconds:.1f} s)."
    )
    for failure in report.failed:
        typer.echo(f"{failure.source}: {failure.error}", err=True)
