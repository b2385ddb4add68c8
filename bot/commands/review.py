"""What `haln index review` does with proposals: list them, ask about them, carry out what was decided."""

from collections.abc import Sequence

import typer

from indexer.pipeline import Indexer
from knowledge.errors import QuestionError
from knowledge.library import Library
from knowledge.storage.source_protocols import Proposal


def listed(library: Library, ids: Sequence[str], field: str | None) -> list[Proposal]:
    """The proposals of these documents (all when none is named) and this field (any when `None`).

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


def show(proposals: Sequence[Proposal]) -> None:
    """Print proposals, one below the other."""
    document_id = None
    for proposal in proposals:
        if proposal.document_id != document_id:
            document_id = proposal.document_id
            typer.echo(f"{document_id}  {proposal.title}")
        typer.echo(f"    {proposal.field}: {shown(proposal)}  (proposed: {proposal.reason})")


def shown(proposal: Proposal) -> str:
    """A proposed value in words."""
    return ", ".join(proposal.value) if isinstance(proposal.value, list) else proposal.value


def decide(library: Library, proposals: Sequence[Proposal], *, accept: bool) -> None:
    """Take proposals over, or note that their fields are to stay empty."""
    Indexer(library).decide({(p.document_id, p.field): p.value if accept else None for p in proposals})


def ask_about_each(library: Library, proposals: Sequence[Proposal]) -> None:
    """Ask a person about each proposal. What was answered is kept when they stop."""
    typer.echo("Take it over? y = yes, n = no (not proposed again), Enter = decide later, q = stop.")
    title = None
    for proposal in proposals:
        if proposal.title != title:
            title = proposal.title
            typer.echo(f"\n{title}")
        question = f"  {proposal.field}: {shown(proposal)}  ({proposal.reason})"
        reply = typer.prompt(question, default="", show_default=False).strip().lower()
        if reply == "q":
            return
        if reply in ("y", "yes", "n", "no"):
            decide(library, [proposal], accept=reply.startswith("y"))
