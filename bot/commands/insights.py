"""`haln insights`: what is asked, what is missing, what came of it; curated answers; the report for an evaluator."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json, read_json, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from knowledge.domain.insights import FigureTable, Insights
    from knowledge.insights.insights import InsightReports
    from knowledge.library import Library

app = typer.Typer(invoke_without_command=True, help="What the network asks for, and what came of it.")
answers = typer.Typer(no_args_is_help=True, help="Answers that a person has written and checked.")
app.add_typer(answers, name="answers")
Moderator = Annotated[str | None, typer.Option("--moderator", help="The id of who has checked it.")]


@app.callback()
def insights(
    context: typer.Context,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all figures into this file.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Say what was asked in the last twelve months, what could not be answered, and what came of it."""
    if context.invoked_subcommand is not None:
        return
    from bot.texts.insights import as_csv

    with _reports(data_dir) as reports:
        found = reports.latest()
    if csv is not None:
        write_text(csv, as_csv(found.tables))
    if as_json:
        print_json(found)
    elif csv is None:
        _show(found)
    else:
        typer.echo(f"Wrote {csv}.")


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="The Markdown file to write.")],
    year: Annotated[int, typer.Option("--year", help="The calendar year.")],
    data_dir: DataDir = None,
) -> None:
    """Write the report on a year for an evaluator, in Markdown: every figure with how it was counted."""
    from bot.texts.insights import as_markdown

    with _reports(data_dir) as reports:
        found = reports.of_year(year)
    write_text(file, as_markdown(found, f"Insights {year}"))
    typer.echo(f"Wrote {file}.")


@app.command()
def settle(question_id: str, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Mark a question whose answer did not help as dealt with."""
    with _reports(data_dir) as reports:
        done = reports.settle(question_id)
    if as_json:
        print_json({"question_id": question_id, "settled": done})
    elif done:
        typer.echo("Dealt with.")
    else:
        typer.echo("This question is not kept any more.", err=True)
    raise typer.Exit(int(not done))


@answers.command("list")
def list_answers(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the curated answers, and which of them are due for review."""
    from knowledge.insights.curated import CuratedAnswers

    with _library(data_dir) as library:
        curated = CuratedAnswers(library)
        found, due = curated.all(), {due.answer.id: due.reason for due in curated.due()}
    if as_json:
        print_json({"answers": [{**one.model_dump(mode="json"), "due": due.get(one.id)} for one in found]})
        return
    for one in found:
        typer.echo(f"{one.id}  {one.question}")
        typer.echo(f"    checked {one.checked_on}; {due.get(one.id) or f'to be reviewed by {one.review_by}'}")
    if not found:
        typer.echo("There are none. `haln insights answers write FILE.json` keeps one.")


@answers.command()
def write(
    file: Annotated[Path, typer.Argument(help="JSON: question, text, sources, wordings, review_by, id.")],
    moderator: Moderator = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Keep an answer to a question, with its sources: documents of the library, by id or address."""
    from knowledge.errors import QuestionError
    from knowledge.insights.curated import CuratedAnswers

    said = read_json(file)[0]
    if unknown := sorted(set(said) - {"question", "text", "sources", "wordings", "review_by", "id"}):
        raise QuestionError(
            f"There is no field {unknown[0]}. A curated answer has question, text, sources, wordings, review_by and id."
        )
    with _library(data_dir) as library:
        kept = CuratedAnswers(library).write(
            str(said.get("question", "")),
            str(said.get("text", "")),
            [str(source) for source in said.get("sources", [])],
            review_by=said.get("review_by"),
            wordings=[str(wording) for wording in said.get("wordings", [])],
            checked_by=moderator,
            answer_id=said.get("id"),
        )
    if as_json:
        print_json(kept)
    else:
        typer.echo(f"Kept as {kept.id}, to be reviewed by {kept.review_by}.")


@answers.command()
def check(
    answer_id: str,
    review_by: Annotated[str | None, typer.Option("--review-by", help="A day, in a year unless given.")] = None,
    moderator: Moderator = None,
    data_dir: DataDir = None,
) -> None:
    """Note that an answer and its sources were read again today, and that it holds."""
    from knowledge.insights.curated import CuratedAnswers

    with _library(data_dir) as library:
        kept = CuratedAnswers(library).checked(answer_id, moderator, review_by)
    typer.echo(f"Checked; to be reviewed by {kept.review_by}.")


@answers.command()
def also(answer_id: str, question: str, data_dir: DataDir = None) -> None:
    """Give an answer to another way of asking, too; it is not checked anew by that."""
    from knowledge.insights.curated import CuratedAnswers

    with _library(data_dir) as library:
        CuratedAnswers(library).add_wording(answer_id, question)
    typer.echo("Kept.")


@answers.command()
def remove(answer_id: str, data_dir: DataDir = None) -> None:
    """Delete a curated answer."""
    from knowledge.insights.curated import CuratedAnswers

    with _library(data_dir) as library:
        CuratedAnswers(library).remove(answer_id)
    typer.echo("Removed.")


def _library(data_dir: Path | None) -> "AbstractContextManager[Library]":
    from bot.session import open_library

    return open_library(load_settings(data_dir), starter=False)


@contextmanager
def _reports(data_dir: Path | None) -> "Iterator[InsightReports]":
    """Open the reports of a library, and say so where one takes long."""
    from bot.session import patience
    from indexer.sandbox.personal_data import SandboxedCheck
    from knowledge.insights.insights import InsightReports
    from knowledge.matching.peers import Peers

    settings = load_settings(data_dir)
    check = SandboxedCheck(settings)
    try:
        with _library(data_dir) as library, patience("Reading the questions; with many this takes a minute."):
            yield InsightReports(library, Peers(library), check)
    finally:
        check.close()


def _show(insights: "Insights") -> None:
    from bot.texts import insights as texts
    from knowledge.matching.wording import counted

    typer.echo(f"{texts.period(insights)}: {counted(insights.questions, 'question')}, {insights.answered} answered.")
    for note in insights.notes:
        typer.echo(f"  ({note})")
    typer.echo("\nWhat is asked")
    for topic in insights.topics:
        typer.echo(f"  {', '.join(topic.words)}: {texts.topic_line(topic)}\n      {topic.typical}")
    typer.echo(f"  {insights.apart} like no others." if insights.questions else f"  {texts.NOTHING_ASKED}")
    typer.echo("\nWhat could not be answered")
    for gap in insights.gaps:
        said = "; ".join(filter(None, (texts.gap_line(gap), texts.people_line(gap))))
        typer.echo(f"  {gap.typical}\n      {said}  {gap.question_id}")
    typer.echo(f"  {insights.outside} about other subjects than the library's.")
    if insights.disliked:
        typer.echo("\nDid not help, and nobody has dealt with it (`haln insights settle ID`)")
    for one in insights.disliked:
        why = f" ({texts.reasons(one.reasons)})" if one.reasons else ""
        typer.echo(f"  {one.question_id}  {one.question}{why}")
    for line in insights.due:
        typer.echo(f"\nReview: {line}")
    for table in insights.tables:
        if table.rows:
            _show_table(table)


def _show_table(table: "FigureTable") -> None:
    from bot.texts.insights import figure

    width = min(44, max(len(row.name) for row in table.rows))
    typer.echo(f"\n{table.title} ({'; '.join(table.columns)})")
    for row in table.rows:
        numbers = "".join(f"{figure(value):>9}" for value in row.figures)
        typer.echo(f"  {row.name[:width]:<{width}}{numbers}")
    typer.echo(f"  {table.counted}")
