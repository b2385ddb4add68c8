"""`haln index ...`: what is in the library, and keeping it right."""

from contextlib import closing
from typing import Annotated

import typer

from bot.commands.documents import replace, show_document, show_dry_run
from bot.commands.options import AsJson, DataDir, load_settings, moment, print_json
from bot.commands.review import review
from bot.commands.sources import refresh, show_report, show_sources
from knowledge.errors import QuestionError
from knowledge.matching.wording import counted

app = typer.Typer(
    rich_markup_mode=None,
    help="Put documents into the library, look after it, take them out.",
    no_args_is_help=True,
)
app.command("sources")(show_sources)
app.command("refresh")(refresh)
app.command("review")(review)
app.command("show")(show_document)
app.command("replace")(replace)

Sources = Annotated[
    list[str],
    typer.Argument(help="Files, folders, patterns ('reports/**/*.pdf'), web pages, sitemaps, feeds, calendars."),
]
Depth = Annotated[
    int, typer.Option("--depth", min=0, max=10, help="How many links from a web page are followed on its own site.")
]


DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be stored and left out; store nothing.")]
Again = Annotated[bool, typer.Option("--again", help="Bring back what was removed by hand from these sources.")]


@app.command()
def add(
    sources: Sources,
    depth: Depth = 0,
    dry_run: DryRun = False,
    again: Again = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Add sources, or bring them up to date. They are remembered: `haln index refresh` reads them again."""
    from bot.terminal.progress import progress_bar

    if not all(source.strip() for source in sources):
        raise QuestionError(
            "An empty address was given; name a file, a folder or a web address, or `.` for the folder that you are in."
        )
    if dry_run:
        show_dry_run(sources, depth, as_json=as_json, data_dir=data_dir)
        return
    settings = load_settings(data_dir)
    with progress_bar("Indexing", at_once=True) as progress:
        from bot.session import open_library
        from indexer.pipeline import Indexer

        with open_library(settings, starter=False) as library:
            report = Indexer(library, progress).add(sources, depth, again=again)
    show_report(report, as_json=as_json)


@app.command("list")
def list_documents(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List every document of the library: its id, kind, title and where it came from."""
    from knowledge.storage.engines import open_library_store

    with closing(open_library_store(load_settings(data_dir))) as store:
        hidden = store.studies.duplicates()
        if not as_json:
            for document in store.each_document():
                same = (
                    f"  (nearly the same text as {hidden[document.id]}, which is shown)"
                    if document.id in hidden
                    else ""
                )
                typer.echo(f"{document.id}  {document.metadata.kind.label}  {document.metadata.title}{same}")
                typer.echo(f"    {document.location}")
            return
        rows = [
            {
                "id": document.id,
                "title": document.metadata.title,
                "kind": document.metadata.kind.value,
                "location": document.location,
                "chunks": document.chunk_count,
                "updated_at": document.updated_at,
                "same_as": hidden.get(document.id),
            }
            for document in store.each_document()
        ]
    print_json({"documents": rows})


@app.command()
def status(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show what is in the library: documents by kind, chunks, model, last change."""
    from knowledge.storage.engines import open_library_store

    settings = load_settings(data_dir)
    store = open_library_store(settings)
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
        "database": settings.kept_in,
    }
    if as_json:
        print_json(figures)
        return
    from rich.table import Table

    from bot.terminal.visible_output import console

    table = Table(show_header=False, box=None)
    table.add_column()
    table.add_column(overflow="fold")  # a model's name is one long word
    kinds = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.by_kind.items())
    table.add_row("Documents", f"{counts.documents}" + (f"  ({kinds})" if kinds else ""))
    table.add_row("Chunks", f"{counts.chunks}")
    table.add_row("Embedding model", identity.model if identity else "none yet")
    table.add_row("Last change", moment(counts.last_change) if counts.last_change else "none yet")
    table.add_row("Size on disk", f"{counts.bytes / 1e6:.1f} MB")
    table.add_row("Kept in", settings.kept_in)
    console().print(table)


@app.command()
def verify(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Check that documents, chunks, full text, embeddings and both indexes agree."""
    from bot.session import open_library

    with open_library(load_settings(data_dir), starter=False) as library:
        problems = [
            *library.store.problems(),
            *library.index.problems(),
            *library.lexical.problems(),
            *library.examples.problems(),
        ]
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
    """Chunk and embed everything anew from the database, and make all indexes anew (after a change of chunk size)."""
    from bot.session import open_library
    from bot.terminal.progress import progress_bar
    from indexer.pipeline import Indexer

    with open_library(load_settings(data_dir), starter=False) as library, progress_bar("Embedding") as progress:
        embedded = Indexer(library, progress).rebuild()
        counts = library.store.counts()
    if as_json:
        print_json({"documents": counts.documents, "chunks": counts.chunks, "chunks_embedded": embedded})
    else:
        typer.echo(f"Rebuilt: {counted(counts.documents, 'document')}, {counted(counts.chunks, 'chunk')}.")


@app.command()
def remove(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...", help="Ids of documents (`haln index list`), or sources (`haln index sources`)."
        ),
    ],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Delete documents, or a source with all of its own: no longer found, and overwritten in the database file."""
    from bot.session import open_library
    from indexer.pipeline import Indexer

    with open_library(load_settings(data_dir), starter=False) as library:
        removal = Indexer(library).remove(named)
    if as_json:
        print_json(removal)
    else:
        for document_id in removal.removed:
            typer.echo(f"Removed {document_id}.")
        for address in removal.sources:
            typer.echo(f"Forgot the source {address}.")
    for name in removal.not_found:
        typer.echo(
            f"haln: There is no document with the id {name}, and no such source. `haln index list` and "
            "`haln index sources` show what there is.",
            err=True,
        )
    if removal.not_found:
        raise typer.Exit(1)
