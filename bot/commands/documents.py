"""`haln index show`, `replace` and `add --dry-run`: what is stored of a document, and its new editions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.document_contents import contents, left_away, lines
from bot.commands.options import AsJson, DataDir, load_settings, print_json
from bot.commands.sources import show_report

if TYPE_CHECKING:
    from indexer.preview import Preview


def show_document(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="A document (`haln index list` shows ids).")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what is stored of a document: title, metadata, sections, and what of its file was left out and why."""
    from knowledge.domain.library import Document
    from knowledge.errors import QuestionError
    from knowledge.storage.engines import open_library_store

    store = open_library_store(load_settings(data_dir))
    try:
        stored = store.document(document_id)
        if stored is None:
            raise QuestionError(f"There is no document with the id {document_id}. `haln index list` shows ids.")
        document = Document(
            location=stored.location,
            suggested_id=stored.id,
            metadata=stored.metadata,
            sections=store.sections(document_id),
            coverage=store.studies.coverage(document_id),
        )
    finally:
        store.close()
    if as_json:
        print_json({**contents(stored.id, document), "chunks": stored.chunk_count, "updated_at": stored.updated_at})
    else:
        typer.echo("\n".join(lines(stored.id, document)))


def replace(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="The document (`haln index list` shows ids).")],
    source: Annotated[str, typer.Argument(help="The file or web page of its new edition.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Put a new edition in a document's place: its id, what was decided about it and its history stay."""
    from bot.terminal.progress import progress_bar

    settings = load_settings(data_dir)
    with progress_bar("Indexing", at_once=True) as progress:
        from bot.session import open_library
        from indexer.pipeline import Indexer

        with open_library(settings, starter=False) as library:
            report = Indexer(library, progress).replace(document_id, source)
    show_report(report, as_json=as_json)


def show_dry_run(sources: Sequence[str], depth: int, *, as_json: bool, data_dir: DataDir) -> None:
    """Print what adding sources would store, and store nothing; exit with 1 when something failed."""
    from bot.session import open_library
    from indexer.pipeline import Indexer

    with open_library(load_settings(data_dir), starter=False) as library:
        found = Indexer(library).preview(sources, depth)
    if as_json:
        _print_as_json(found)
    else:
        _print(found)
    if found.failed:
        raise typer.Exit(1)


def _print_as_json(found: "Preview") -> None:
    print_json(
        {
            "dry_run": True,
            "documents": [
                {**contents(item.id, item.document), "change": item.change.value} for item in found.documents
            ],
            "failed": [failure.model_dump(mode="json") for failure in found.failed],
            "warnings": list(found.warnings),
            "left_away": [gone.model_dump(mode="json") for gone in found.left_away],
        }
    )


def _print(found: "Preview") -> None:
    for item in found.documents:
        typer.echo("\n".join(lines(item.id, item.document)))
        typer.echo(f"Would be {item.change}.\n" if item.change != "unchanged" else "Is stored as it is.\n")
    typer.echo("Nothing was stored: this was a dry run.")
    for text in (*found.warnings, *left_away(found.left_away)):
        typer.echo(f"Note: {text}", err=True)
    for failure in found.failed:
        typer.echo(f"{failure.source}: {failure.error}", err=True)
