"""`haln examples submit|edit|mine|credit|confirm|withdraw`: the author's side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.examples.group import AuthorId, ExampleId, RequestId, acknowledge, app, member, moderator, opened
from bot.commands.options import AsJson, DataDir, print_json
from knowledge.domain.vocabulary import Credit

if TYPE_CHECKING:
    from knowledge.domain.library import Document
    from knowledge.examples.form import Form
    from knowledge.examples.views import Receipt

FormFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON or YAML ('-': standard input), or a Markdown or text document.")
]


@app.command()
def submit(
    file: FormFile,
    author: Annotated[str | None, typer.Option("--author", help="The author's member id, if FILE lacks it.")] = None,
    only_draft: Annotated[
        bool, typer.Option("--draft", help="Keep it as a draft only, and show how it will look.")
    ] = False,
    request_id: RequestId = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Share an example: it goes to the moderators. What is incomplete is kept as a draft (exit status 1)."""
    from bot.session import index_starter_library, patience
    from bot.terminal.texts import LOADING
    from knowledge.domain.examples import Author

    with opened(data_dir) as (library, examples):
        form = _form(file, library.settings.max_file_mb)
        given = author or form.author.member
        if not given:
            raise typer.BadParameter("Who gave it? Put author into FILE, or add --author MEMBER.")
        actor, request = member(given), request_id or form.request_id
        # What somebody has written is kept before anything else is done, however long that takes.
        credited = Author(member=given, name=form.author.name)
        draft = examples.draft(actor, form.content, credited, "file", request)
        index_starter_library(library)
        if only_draft:
            with patience(LOADING):
                document, receipt = examples.preview(actor, draft.id)
            _show_draft(document, receipt, given, as_json)
            return
        with patience(LOADING):
            receipt = examples.submit(actor, draft.id, f"{request}/submit" if request else None)
    _answer(receipt, given, as_json)


@app.command()
def edit(
    example_id: ExampleId,
    file: FormFile,
    author: AuthorId,
    request_id: RequestId = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Change an example of one's own, until it is approved. A draft that is complete now is handed in."""
    from knowledge.domain.examples import State

    with opened(data_dir) as (library, examples):
        form = _form(file, library.settings.max_file_mb)
        receipt = examples.edit(member(author), example_id, form.content, request_id=request_id)
        if receipt.state is State.DRAFT:
            receipt = examples.submit(member(author), example_id)
    _answer(receipt, author, as_json)


@app.command()
def correct(
    example_id: ExampleId,
    file: FormFile,
    author: Annotated[str | None, typer.Option("--author", help="The author's member id.")] = None,
    moderator_id: Annotated[str | None, typer.Option("--moderator", help="The moderator who corrects it.")] = None,
    request_id: RequestId = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Correct a published example: what FILE says goes to the moderators, and what is published stays until then."""
    from knowledge.domain.examples import State
    from knowledge.examples.form import read_given

    if (author is None) == (moderator_id is None):
        raise typer.BadParameter("Give either --author MEMBER or --moderator MEMBER.")
    actor = member(author) if author is not None else moderator(moderator_id or "")
    with opened(data_dir) as (library, examples):
        given = read_given(_values(file, library.settings.max_file_mb))
        draft = examples.correct(actor, example_id, request_id=request_id)
        receipt = examples.revise(actor, draft.id, lambda content: content.model_copy(update=given))
        if receipt.state is State.DRAFT:
            receipt = examples.submit(actor, draft.id, f"{request_id}/submit" if request_id else None)
    _answer(receipt, author or moderator_id or "", as_json)


@app.command()
def mine(
    member_id: Annotated[str, typer.Argument(metavar="MEMBER", help="The member's id.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show everything that a member gave, with its state and history, as they may see it."""
    from bot.commands.examples import texts

    with opened(data_dir) as (_, examples):
        given = examples.mine(member(member_id))
    if as_json:
        print_json({"examples": [view.model_dump(mode="json") for view in given]})
        return
    for view in given:
        typer.echo(texts.list_line(view))
    if not given:
        typer.echo(texts.NOTHING)


@app.command()
def credit(
    example_id: ExampleId,
    choice: Annotated[Credit, typer.Argument(metavar="CREDIT", help="named, organisation or anonymous.")],
    author: AuthorId,
    organisation: Annotated[str | None, typer.Option("--organisation", help="The organisation to be credited.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The name to be credited.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Change who readers are told an example is from, also when it is published."""
    with opened(data_dir) as (_, examples):
        changed = examples.set_credit(member(author), example_id, choice, organisation, name)
    acknowledge(changed, as_json)


@app.command()
def confirm(example_id: ExampleId, author: AuthorId, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Say that a published example of one's own still holds."""
    with opened(data_dir) as (_, examples):
        held = examples.still_holds(member(author), example_id)
    acknowledge(held, as_json, [f"Its author is asked again after {held.review_on}."])


@app.command()
def withdraw(
    example_id: ExampleId,
    author: Annotated[str | None, typer.Option("--author", help="The author's member id.")] = None,
    moderator_id: Annotated[str | None, typer.Option("--moderator", help="The moderator who takes it down.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; needed with --moderator.")] = None,
    request_id: RequestId = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take an example back, at any time: no search finds it from this moment."""
    if (author is None) == (moderator_id is None):
        raise typer.BadParameter("Give either --author MEMBER or --moderator MEMBER.")
    actor = member(author) if author is not None else moderator(moderator_id or "")
    with opened(data_dir) as (_, examples):
        withdrawn = examples.withdraw(actor, example_id, reason, request_id)
    acknowledge(withdrawn, as_json)


def _form(file: Path, max_file_mb: int) -> "Form":
    from knowledge.examples.form import read_form

    return read_form(_values(file, max_file_mb))


def _values(file: Path, max_file_mb: int) -> dict[str, object]:
    from indexer.sources.forms import read_form_file

    return read_form_file(file, max_file_mb * 1_000_000)


def _show_draft(document: "Document", receipt: "Receipt", author: str, as_json: bool) -> None:
    from bot.commands.examples import texts

    print_json(receipt)
    if not as_json:
        for line in (*texts.document_lines(document), *texts.draft_lines(receipt, author)):
            typer.echo(line, err=True)


def _answer(receipt: "Receipt", author: str, as_json: bool) -> None:
    """Print one line of JSON that acknowledges; in words, on standard error, what the author should know."""
    from bot.commands.examples import texts
    from knowledge.domain.examples import State

    print_json(receipt)
    if not as_json:
        for line in texts.receipt_lines(receipt, author):
            typer.echo(line, err=True)
    if receipt.state is State.DRAFT:
        raise typer.Exit(1)
