"""The assistant in a terminal: answers and results as a person reads them, and the conversation."""

import functools
import shlex
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot.terminal import texts
from bot.terminal.answers import show_answer
from bot.texts.sources import next_event_line, source_details, source_title
from knowledge.assistant import Assistant
from knowledge.dates import utc_now
from knowledge.domain.ids import new_id
from knowledge.domain.library import Answer, SearchResponse
from knowledge.errors import HalnError
from knowledge.guidance.related import event_on, people_on
from knowledge.library import Library
from knowledge.matching.wording import counted

if TYPE_CHECKING:
    from knowledge.matching.peers import Peers

_LONGEST_EXCERPT = 240


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


def show_beside(console: Console, members: "MatchCountLine", answer: Answer) -> None:
    """Print how many members work on what was asked, and the next event on it.

    Neither is broken into lines: the command is there to be copied.
    """
    for line in filter(None, (members.under(answer), members.event(answer))):
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


def chat(assistant: Assistant, console: Console, members: "MatchCountLine") -> None:
    """Talk with a person at the terminal, or answer each line of standard input when there is none.

    Either is one conversation, which is forgotten when it ends.
    """
    conversation = f"terminal:{new_id()}"
    try:
        if sys.stdin.isatty():
            _talk(assistant, console, members, conversation)
        else:
            _answer_lines(assistant, console, members, conversation, sys.stdin)
    finally:
        _forget(assistant, conversation)


def _talk(assistant: Assistant, console: Console, members: "MatchCountLine", conversation: str) -> None:
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
    assistant: Assistant, console: Console, members: "MatchCountLine", conversation: str, lines: Iterable[str]
) -> None:
    for line in lines:
        if question := line.strip():
            console.print(Text(f"> {question}"))
            _show(console, assistant, members, _answer_or_error(assistant, question, conversation))
            console.print()


def _show(console: Console, assistant: Assistant, members: "MatchCountLine", answer: Answer | HalnError) -> None:
    if isinstance(answer, HalnError):
        console.print(Text(str(answer), style="red"))
    else:
        show_answer(console, answer)
        show_written(console, assistant, answer)
        show_beside(console, members, answer)


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


class MatchCountLine:
    """Counts members for the answers of one terminal; numbers only. Make one and keep it, it holds their vectors."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def under(self, answer: Answer) -> str | None:
        """Return the line under an answer; `None` where nobody works on it, or there was nothing to be known.

        A failure costs the line, not the answer.
        """
        if answer.answered and not answer.citations:  # a greeting or thanks
            return None
        if not self._library.members.version():  # nobody has ever made a profile: that spares the matching's modules
            return None
        question = answer.understood or answer.question
        working = people_on(self._peers, answer)
        if not working:
            return None
        return texts.WORK_ON_THIS.format(
            count=counted(working, "member"), topic=shlex.quote(" ".join(question.split()))
        )

    def event(self, answer: Answer) -> str | None:
        """Return the next event that fits an answer, in a line; `None` where none does."""
        found = event_on(self._library, utc_now(), answer)
        return next_event_line(found.metadata) if found is not None else None

    @functools.cached_property
    def _peers(self) -> "Peers":
        from knowledge.matching.peers import Peers

        return Peers(self._library)
