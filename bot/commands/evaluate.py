"""`haln eval ...`: how good retrieval, answers and matches are."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json, write_text

app = typer.Typer(
    rich_markup_mode=None, help="Measure the quality of retrieval, answers and matches.", no_args_is_help=True
)


@app.command()
def retrieval(
    folder: Annotated[
        Path, typer.Argument(help="A collection in BEIR layout (corpus.jsonl, queries.jsonl, qrels.tsv).")
    ],
    run: Annotated[Path | None, typer.Option("--run", help="Write the hybrid ranking here in TREC form.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Measure quality and speed of search on a test collection, in a temporary library."""
    from bot.evaluation.retrieval import evaluate_retrieval, read_collection, run_lines
    from bot.terminal.progress import progress_bar
    from knowledge.retrieval.embedder import open_embedder

    settings = load_settings(data_dir)
    collection = read_collection(folder)
    with progress_bar("Indexing the collection") as progress:
        figures, rankings = evaluate_retrieval(collection, settings, open_embedder(settings), progress)
    _show(figures, as_json)
    if run is not None:
        _write(run, run_lines(rankings))


@app.command()
def answers(
    questions: Annotated[Path, typer.Argument(help="A question set, one JSON object a line.")],
    as_json: AsJson = False,
    details: Annotated[
        Path | None, typer.Option("--details", help="Write what was measured of each question here.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Measure the quality of answers on a question set, against the indexed library."""
    from bot.evaluation.answers import evaluate_answers
    from bot.evaluation.questions import read_questions
    from bot.session import open_library

    asked = read_questions(questions)
    with open_library(load_settings(data_dir)) as library:
        figures, outcomes = evaluate_answers(asked, library)
    _show(figures, as_json)
    if details is not None:
        _write(details, (outcome.model_dump_json() for outcome in outcomes))


@app.command()
def proposals(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Measure how often proposed metadata is right, field by field, on the starter library."""
    from bot.evaluation.proposals import evaluate_proposals
    from knowledge.retrieval.embedder import open_embedder

    settings = load_settings(data_dir)
    _show(evaluate_proposals(settings, open_embedder(settings)), as_json)


@app.command()
def calibrate(
    questions: Annotated[Path, typer.Argument(help="A question set, one JSON object a line.")],
    as_json: AsJson = False,
    split: Annotated[
        str | None, typer.Option("--split", help="Only the questions of this part of the set, e.g. tune.")
    ] = None,
    most_refused: Annotated[
        float,
        typer.Option(
            "--most-refused", min=0, max=1, help="The share of answerable questions that may be refused at most."
        ),
    ] = 0.08,
    write: Annotated[bool, typer.Option("--write", help="Use the fitted gate for this library from now on.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Fit the evidence gate to questions with known answers, and show what its threshold trades against what."""
    from bot.evaluation.fit import calibrate as fitted
    from bot.evaluation.fit import judge_all, show_calibration
    from bot.evaluation.questions import read_questions
    from bot.session import open_library
    from bot.terminal.progress import progress_bar
    from knowledge.calibration.gate import listed_from, own_gate_path

    settings = load_settings(data_dir)
    asked = read_questions(questions, split)
    with open_library(settings) as library, progress_bar("Asking the questions") as progress:
        judged = judge_all(asked, library, progress)
        models = f"embeddings {library.embedder.name}; reader {library.reader.name}"
        listed = listed_from(library.reader.name)
        calibration = fitted(judged, f"{len(asked)} questions of {questions.name}; {models}", most_refused, listed)
        if write:
            path = own_gate_path(settings.data_dir, library.reader.name)
            write_text(path, calibration.gate.model_dump_json(indent=2) + "\n")
            calibration = calibration.model_copy(update={"written": str(path)})
    if as_json:
        print_json(calibration)
    else:
        show_calibration(calibration)


@app.command()
def peers(
    folder: Annotated[Path, typer.Argument(help="A matching set (members.jsonl, judgments.tsv).")],
    run: Annotated[Path | None, typer.Option("--run", help="Write the ranking here in TREC form.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Measure the quality of matching on judged members, in a temporary library."""
    from bot.evaluation.peers import evaluate_peers, read_matching_set
    from bot.evaluation.retrieval import run_lines
    from knowledge.retrieval.embedder import open_embedder

    settings = load_settings(data_dir)
    figures, rankings = evaluate_peers(read_matching_set(folder), settings, open_embedder(settings))
    _show(figures, as_json)
    if run is not None:
        _write(run, run_lines(rankings))


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines to a file; the figures are shown by then, so that a bad path loses nothing."""
    write_text(path, "".join(f"{line}\n" for line in lines))


def _show(figures: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    from rich.table import Table

    from bot.terminal.visible_output import console

    table = Table(show_header=False, box=None)
    for name, value in _flat(figures):
        table.add_row(name, str(value))
    console().print(table)


def _flat(figures: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name} ")
        else:
            rows.append((prefix + name, value))
    return rows
