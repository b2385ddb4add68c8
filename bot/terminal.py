"""The assistant in a terminal: answers and results as a person reads them, and the conversation."""

import sys
import threading
import uuid
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.members_line import MembersLine
from bot.texts import terminal as texts
from bot.texts.sources import source_details, source_title, sources
from knowledge.answering.layout import placed
from knowledge.answering.wording import written_note
from knowledge.assistant import Assistant
from knowledge.errors import HalnError
from knowledge.types import Answer, SearchResponse

_LONGEST_EXCERPT = 240


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer: the point in bold, what supports it, the sources; or why there is none, and what is nearest.

    Where somebody to talk to is asked for, it says how to find members, once.
    """
    _show_said(console, answer)
    if answer.asks_for_people and not answer.written_by:
        console.print(Text(f"\n{texts.FIND_PEOPLE}"))


def _show_said(console: Console, answer: Answer) -> None:
    if answer.understood:
        console.print(Text(texts.UNDERSTOOD.format(question=answer.understood), style="dim"))
    if not answer.answered:
        _show_unanswered(console, answer)
        return
    if not answer.citations:
        console.print(Text(answer.text))
        return
    if answer.written_by:
        console.print(Text(f"{written_note(answer.written_by)}\n", style="italic"))
    _show_sentences(console, answer)
    if answer.note:
        console.print(Text(f"{answer.note}\n"))
    _show_sources(console, answer)


def _show_unanswered(console: Console, answer: Answer) -> None:
    """Print why there is no answer, the closest passage or the nearest documents, and what to do next."""
    if answer.closest:
        opening = texts.NOT_DIRECTLY if answer.missing is None else f"{texts.NOT_DIRECTLY} {answer.reason}"
        console.print(Text(f"{opening} {texts.CLOSEST}\n", style="bold"))
        _show_sentences(console, answer)
        _show_sources(console, answer)
    else:
        console.print(Text(texts.NO_ANSWER.format(reason=answer.reason), style="bold"))
        if answer.nearest:
            console.print(Text(f"\n{texts.NEAREST}", style="bold"))
        for near in answer.nearest:
            _show_item(console, Text("•"), Text(near.title))
            if near.quote:
                console.print(Padding(Text(f"“{near.quote}”", style="dim"), (0, 0, 0, 6)))
            _show_link(console, near.url)
    console.print(Text(f"\n{texts.NEXT_STEP}", style="dim"))


def _show_sentences(console: Console, answer: Answer) -> None:
    """Print the sentences as paragraphs; the one that answers in bold, in it the shortest answer underlined."""
    paragraph = Text()
    for one in placed(answer.sentences):
        sentence = one.sentence
        if one.opens and paragraph:
            console.print(paragraph, end="\n\n")
            paragraph = Text()
        if sentence.item:
            paragraph.append("\n- " if paragraph else "- ")
        elif paragraph:
            paragraph.append(" ")
        if sentence.title is not None:
            paragraph.append(f"{sentence.title}: ", style="bold")
        shown = Text(sentence.text, style="bold" if sentence.strong and sentence.title is None else "")
        if sentence.span is not None:
            shown.stylize("underline", *sentence.span)
        paragraph.append_text(shown)
        paragraph.append("".join(f" [{n}]" for n in one.marks), style="cyan")
    if paragraph:
        console.print(paragraph, end="\n\n")


def _show_sources(console: Console, answer: Answer) -> None:
    console.print(Text(texts.SOURCES, style="bold"))
    for source in sources(answer.citations):
        marks = " ".join(f"[{n}]" for n in source.numbers)
        _show_item(console, Text(marks, style="cyan"), Text(source.title))
        console.print(Padding(Text(source.details, style="dim"), (0, 0, 0, 6)))
        _show_link(console, source.url)


def show_written(console: Console, assistant: Assistant, answer: Answer) -> None:
    """Print the answer in a language model's words, where the operator has one and it has some that hold."""
    if not (assistant.writes and answer.admitted):
        return
    with console.status(texts.WRITING):
        try:
            better = assistant.written(answer)
        except HalnError as error:
            console.print(Text(str(error), style="red"))
            return
    if better is not None:
        console.print()
        console.print(Rule(texts.WRITTEN, style="dim"))
        show_answer(console, better)


def show_members(console: Console, line: str | None) -> None:
    """Print how many members work on what was asked. Never broken into lines: its command is there to be copied."""
    if line is not None:
        console.print(Text(f"\n{line}", style="dim"), soft_wrap=True)


def show_results(console: Console, response: SearchResponse) -> None:
    """Print search results, one below the other with the beginning of their text."""
    if not response.results:
        console.print(Text(texts.NO_RESULTS))
    for result in response.results:
        console.print(Text.assemble((f"{result.rank:>2}. ", "cyan"), (source_title(result), "bold")))
        console.print(Text(f"    {source_details(result)}  (id {result.document_id})", style="dim"))
        excerpt = " ".join(result.text.split())
        if len(excerpt) > _LONGEST_EXCERPT:
            excerpt = excerpt[: _LONGEST_EXCERPT - 3] + "..."
        console.print(Padding(Text(excerpt), (0, 0, 1, 4)))


def chat(assistant: Assistant, console: Console, members: MembersLine) -> None:
    """Talk with a person at the terminal, or answer each line of standard input when there is none.

    Either is one conversation, which is forgotten when it ends.
    """
    conversation = f"terminal:{uuid.uuid4()}"
    try:
        if sys.stdin.isatty():
            _talk(assistant, console, members, conversation)
        else:
            _answer_lines(assistant, console, members, conversation, sys.stdin)
    finally:
        _forget(assistant, conversation)


def _talk(assistant: Assistant, console: Console, members: MembersLine, conversation: str) -> None:
    console.print(Text(texts.WELCOME, style="bold"))
    # The model loads while the first question is being typed.
    warming = threading.Thread(target=_warm_up, args=(assistant,), daemon=True)
    warming.start()
    for question in _typed():
        with console.status(texts.READING):
            warming.join()
            answer = _answer_or_error(assistant, question, conversation)
        console.print()
        _show(console, assistant, members, answer)


def _answer_lines(
    assistant: Assistant, console: Console, members: MembersLine, conversation: str, lines: Iterable[str]
) -> None:
    for line in lines:
        if question := line.strip():
            console.print(Text(f"> {question}"))
            _show(console, assistant, members, _answer_or_error(assistant, question, conversation))
            console.print()


def _show(console: Console, assistant: Assistant, members: MembersLine, answer: Answer | HalnError) -> None:
    if isinstance(answer, HalnError):
        console.print(Text(str(answer), style="red"))
    else:
        show_answer(console, answer)
        show_written(console, assistant, answer)
        show_members(console, members.under(answer))


def _answer_or_error(assistant: Assistant, question: str, conversation: str) -> Answer | HalnError:
    try:
        return assistant.ask(question, conversation)
    except HalnError as error:
        return error


def _forget(assistant: Assistant, conversation: str) -> None:
    try:
        assistant.forget(conversation)
    except HalnError:
        # It expires by itself.
        return


def _show_item(console: Console, mark: Text, text: Text) -> None:
    """A mark and a text beside it, whose further lines begin below its first."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_row(mark, text)
    console.print(Padding(grid, (0, 0, 0, 2)))


def _show_link(console: Console, url: str | None) -> None:
    """An address on a line of its own that is never broken, so that it can be clicked and copied."""
    if url:
        console.print(Text(f"      {url}", style="dim"), soft_wrap=True)


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
