"""`haln ask`, `haln search`, `haln chat`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, Batch, DataDir, batch_lines, load_settings, print_json
from knowledge.domain.vocabulary import Kind, Level, Measured, Nation, Outcome, Pillar

if TYPE_CHECKING:
    from knowledge.assistant import Assistant
    from knowledge.domain.library import Answer, Filters, SearchResponse
    from knowledge.library import Library
    from knowledge.settings import Settings

Question = Annotated[str | None, typer.Argument(help="What you want to know.", show_default=False)]
Query = Annotated[str | None, typer.Argument(help="Words to search for.", show_default=False)]
Results = Annotated[
    int | None, typer.Option("-k", min=1, max=1000, help="How many results (HALN_TOP_K when not given).")
]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only documents of this kind.")]
OfPillar = Annotated[Pillar | None, typer.Option("--pillar", help="Only documents about this pillar.")]
OfLevel = Annotated[Level | None, typer.Option("--level", help="Only documents about this level.")]
OfNation = Annotated[Nation | None, typer.Option("--nation", help="Only documents about this nation.")]

OfOutcome = Annotated[Outcome | None, typer.Option("--outcome", help="Only documents about work that went like this.")]
OfMeasured = Annotated[
    Measured | None,
    typer.Option(
        "--measured", help="Only documents that say what was measured (indicator), or against what (baseline)."
    ),
]


def ask(question: Question = None, batch: Batch = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Answer a question from the library, every sentence with its source."""
    _one_of(question, batch, "a question")
    from bot.session import open_library

    with open_library(load_settings(data_dir)) as library:
        from knowledge.assistant import Assistant

        assistant = Assistant(library)
        if batch is not None:
            refused = False
            for line in batch_lines(batch):
                answer, failed = _answer_line(assistant, line)
                print_json(answer)
                refused |= failed
            raise typer.Exit(int(refused))
        answer = assistant.ask(question or "")
        if as_json:
            print_json(assistant.written(answer) or answer)
            return
        from bot.terminal.answers import show_answer
        from bot.terminal.chat import MatchCountLine, show_beside, show_written
        from bot.terminal.visible_output import console

        show_answer(console(), answer)
        show_written(console(), assistant, answer)
        show_beside(console(), MatchCountLine(library), answer)


def search(
    query: Query = None,
    k: Results = None,
    kind: OfKind = None,
    pillar: OfPillar = None,
    level: OfLevel = None,
    nation: OfNation = None,
    outcome: OfOutcome = None,
    measured: OfMeasured = None,
    batch: Batch = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Search the library: ranked passages."""
    _one_of(query, batch, "a query")
    from bot.session import open_library
    from knowledge.assistant import Assistant
    from knowledge.domain.library import Filters

    filters = Filters(kind=kind, pillar=pillar, level=level, nation=nation, outcome=outcome, measured=measured)
    with open_library(load_settings(data_dir)) as library:
        assistant = Assistant(library)
        if batch is not None:
            refused = False
            for line in batch_lines(batch):
                response, failed = _search_line(assistant, line, k, filters)
                print_json(response)
                refused |= failed
            raise typer.Exit(int(refused))
        response = assistant.search(query or "", k, filters)
    if as_json:
        print_json(response)
    else:
        from bot.terminal.chat import show_results
        from bot.terminal.visible_output import console

        show_results(console(), response)


def chat(data_dir: DataDir = None) -> None:
    """Ask one question after the other in the terminal; piped, answer each line of standard input."""
    start_chat(load_settings(data_dir))


def start_chat(settings: "Settings", beside: "Callable[[Library], AbstractContextManager[None]] | None" = None) -> None:
    """Talk in the terminal; with `beside`, what it gives is open meanwhile."""
    from bot.session import Behind, open_library
    from bot.terminal.chat import MatchCountLine
    from bot.terminal.chat import chat as talk
    from bot.terminal.visible_output import console
    from knowledge.assistant import Assistant

    with open_library(settings, behind=Behind.BACKGROUND) as library, beside(library) if beside else nullcontext():
        talk(Assistant(library), console(), MatchCountLine(library))


def _one_of(text: str | None, batch: Path | None, what: str) -> None:
    if (text is None) == (batch is None):
        raise typer.BadParameter(f"Give either {what} or --batch FILE.")


def _answer_line(assistant: "Assistant", line: str) -> tuple["Answer", bool]:
    """Return an answer to a line of a batch; one that cannot be asked is refused in its place, and the flag is set."""
    from knowledge.domain.library import Answer
    from knowledge.errors import QuestionError

    try:
        answer = assistant.ask(line)
        return assistant.written(answer) or answer, False
    except QuestionError as error:
        return Answer(question=line, answered=False, text=str(error), reason=str(error)), True


def _search_line(assistant: "Assistant", line: str, k: int | None, filters: "Filters") -> tuple["SearchResponse", bool]:
    """Return the results of a line of a batch; a line that cannot be asked is treated as in `_answer_line`."""
    from knowledge.domain.library import SearchResponse
    from knowledge.errors import QuestionError

    try:
        return assistant.search(line, k, filters), False
    except QuestionError as error:
        return SearchResponse(query=line, results=(), timings_ms={}, reason=str(error)), True
