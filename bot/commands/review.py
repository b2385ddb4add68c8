"""`haln index review`: lists what is proposed for metadata, asks about it, and carries out what was decided."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json
from knowledge.errors import QuestionError

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.storage.source_protocols import Proposal


def review(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Documents; all with proposals when none is given.")
    ] = None,
    field: Annotated[str | None, typer.Option("--field", help="Only this field, e.g. nation.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take over what is proposed.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Leave the fields empty; not proposed again.")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Instead, the documents whose review is due or that are superseded.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what is proposed for metadata that nobody filled in; in a terminal, ask about each one."""
    from bot.commands.stale import show_stale
    from bot.session import open_library

    if accept and reject:
        raise typer.BadParameter("Give either --accept or --reject.")
    if stale:
        if accept or reject or field:
            raise typer.BadParameter("--stale only lists; give it without --accept, --reject and --field.")
        show_stale(load_settings(data_dir), ids or (), as_json=as_json)
        return
    with open_library(load_settings(data_dir), starter=False) as library:
        proposals = _listed(library, ids or (), field)
        if accept or reject:
            _decide(library, proposals, accept=accept)
            count = len(proposals)
            if as_json:
                print_json({"accepted": count if accept else 0, "rejected": count if reject else 0})
            else:
                typer.echo(f"{'Accepted' if accept else 'Rejected'} {count}.")
        elif as_json:
            print_json({"proposals": [proposal.model_dump(mode="json") for proposal in proposals]})
        elif not proposals:
            typer.echo("Nothing is proposed.")
        elif sys.stdin.isatty() and sys.stdout.isatty():
            _ask_about_each(library, proposals)
        else:
            _show(proposals)


def _listed(library: "Library", ids: Sequence[str], field: str | None) -> list["Proposal"]:
    """Return the proposals of these documents (all when none is named) and this field (any when `None`).

    Raises:
        QuestionError: A document is not in the library.
    """
    for document_id in ids:
        if library.store.document(document_id) is None:
            raise QuestionError(f"There is no document with the id {document_id}. `haln index list` shows ids.")
    return [
        proposal
        for proposal in library.store.studies.proposals()
        if (not ids or proposal.document_id in ids) and field in (None, proposal.field)
    ]


def _show(proposals: Sequence["Proposal"]) -> None:
    """Print proposals, one below the other."""
    document_id = None
    for proposal in proposals:
        if proposal.document_id != document_id:
            document_id = proposal.document_id
            typer.echo(f"{document_id}  {proposal.title}")
        typer.echo(f"    {proposal.field}: {_in_words(proposal)}  (proposed: {proposal.reason})")


def _in_words(proposal: "Proposal") -> str:
    """Return a proposed value in words."""
    return ", ".join(proposal.value) if isinstance(proposal.value, list) else proposal.value


def _decide(library: "Library", proposals: Sequence["Proposal"], *, accept: bool) -> None:
    """Take proposals over, or note that their fields are to stay empty."""
    from indexer.pipeline import Indexer

    Indexer(library).decide({(p.document_id, p.field): p.value if accept else None for p in proposals})


def _ask_about_each(library: "Library", proposals: Sequence["Proposal"]) -> None:
    """Ask a person about each proposal. What was answered is kept when they stop."""
    typer.echo("Take it over? y = yes, n = no (not proposed again), Enter = decide later, q = stop.")
    title = None
    for proposal in proposals:
        if proposal.title != title:
            title = proposal.title
            typer.echo(f"\n{title}")
        question = f"  {proposal.field}: {_in_words(proposal)}  ({proposal.reason})"
        reply = typer.prompt(question, default="", show_default=False).strip().lower()
        if reply == "q":
            return
        if reply in ("y", "yes", "n", "no"):
            _decide(library, [proposal], accept=reply.startswith("y"))
