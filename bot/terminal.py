"""The assistant in a terminal: answers and results as a person reads them, and the conversation."""

import sys
import threading
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.texts import terminal as texts
from bot.texts.sources import source_details, source_title
from knowledge.assistant import Assistant
from knowledge.errors import HalnError
from knowledge.types import Answer, SearchResponse


def answer_view(answer: Answer) -> RenderableType:
    """An answer: the point in bold, what supports it, then the sources; a refusal: why, then the nearest documents."""
    if not answer.answered:
        lines: list[RenderableType] = [Text(f"The library does not say. {answer.reason}", style="bold")]
        if answer.nearest:
            lines += [Text(""), Text(texts.NEAREST, style="bold")]
            lines += [Text(f"  • {near.title}" + (f"\n    {near.url}" if near.url else "")) for near in answer.nearest]
        return Group(*lines)
    if not answer.citations:
        return Text(answer.text)
    lines = []
    for position, sentence in enumerate(answer.sentences):
        marks = "".join(f" [{n}]" for n in sentence.citations)
        lines.append(Text.assemble((sentence.text, "bold" if position == 0 else ""), (marks, "cyan")))
        lines.append(Text(""))
    lines.append(Text(texts.SOURCES, style="bold"))
    for citation in answer.citations:
        body = Text.assemble((f"[{citation.n}] ", "cyan"), source_title(citation))
        body.append(f"\n    {source_details(citation)}", style="dim")
        if citation.url:
            body.append(f"\n    {citation.url}", style="dim")
        lines.append(Padding(body, (0, 0, 0, 1)))
    return Group(*lines)


def results_view(response: SearchResponse) -> RenderableType:
    """Search results, one below the other with the beginning of their text."""
    if not response.results:
        return Text(texts.NO_RESULTS)
    lines: list[RenderableType] = []
    for result in response.results:
        lines.append(Text.assemble((f"{result.rank:>2}. ", "cyan"), (source_title(result), "bold")))
        lines.append(Text(f"    {source_details(result)}  (id {result.document_id})", style="dim"))
        excerpt = " ".join(result.text.split())
        lines.append(Padding(Text(excerpt if len(excerpt) <= 240 else excerpt[:237] + "..."), (0, 0, 1, 4)))
    return Group(*lines)


def chat(assistant: Assistant, console: Console) -> None:
    """Talk with a person at the terminal, or answer each line of standard input when there is none."""
    if not sys.stdin.isatty():
        _answer_lines(assistant, console, sys.stdin)
        return
    console.print(texts.WELCOME, style="bold", markup=False)
    # The model loads while the first question is being typed.
    warming = threading.Thread(target=_warm_up, args=(assistant,), daemon=True)
    warming.start()
    for question in _typed():
        with console.status("Reading the library ..."):
            warming.join()
            view = _reply(assistant, question)
        console.print()
        console.print(view)


def _answer_lines(assistant: Assistant, console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        if question := line.strip():
            console.print(Text(f"> {question}"))
            console.print(_reply(assistant, question))
            console.print()


def _reply(assistant: Assistant, question: str) -> RenderableType:
    try:
        return answer_view(assistant.ask(question))
    except HalnError as error:
        return Text(str(error), style="red")


def _typed() -> Iterator[str]:
    while True:
        try:
            line = input(texts.PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line.lower() in texts.LEAVE_WORDS:
            return
        if line:
            yield line


def _warm_up(assistant: Assistant) -> None:
    try:
        assistant.warm_up()
    except HalnError:
        # The first question raises the same and is answered with it.
        return
