"""Answers as a person reads them in a terminal: passages, lists, refusals, and the sources below."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.terminal import texts
from bot.texts.sources import sources
from knowledge.answering.layout import Opens, begins_item, marked_span, placed
from knowledge.answering.wording import NEAREST, NEXT_STEP, refusal, written_note
from knowledge.domain.library import Answer
from knowledge.insights.curated_review import RESTS_ON, checked_note

_BETWEEN = {Opens.PARAGRAPH: "\n\n", Opens.ENTRY: "\n", Opens.LINE: "\n", Opens.NOTHING: " "}


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer with its sources; or why there is none, with the closest passage or what is nearest.

    The sentence that answers is in bold, and in it the shortest answer underlined. A reply that quotes nothing (a
    greeting, or whom to call in danger) stands alone. Where somebody to talk to is asked for, it says how to find
    members, once.
    """
    if answer.answered and not answer.citations:
        console.print(_with_bold(answer.text))
        return
    if answer.understood:
        console.print(Text(texts.UNDERSTOOD.format(question=answer.understood), style="dim"))
    if answer.answered:
        _show_passages(console, answer)
    else:
        _show_refusal(console, answer)
    if answer.asks_for_people and not answer.written_by:
        console.print(Text(f"\n{texts.FIND_PEOPLE}"))


def _show_passages(console: Console, answer: Answer) -> None:
    if answer.written_by:
        console.print(Text(f"{written_note(answer.written_by)}\n", style="italic"))
    if answer.curated is not None:
        console.print(Text(f"{checked_note(answer.curated)} {RESTS_ON}\n", style="italic"))
    console.print(_passages(answer), end="\n\n")
    if answer.note:
        console.print(Text(f"{answer.note}\n"))
    _show_sources(console, answer)


def _show_refusal(console: Console, answer: Answer) -> None:
    """Print why there is no answer, the closest passage or the nearest documents, and what to do next."""
    said, why = refusal(answer)
    console.print(Text.assemble((said, "bold"), f" {why}" if why else ""))
    if answer.closest and answer.sentences:
        console.print(Padding(_passages(answer), (1, 0, 1, 4)))
        _show_sources(console, answer)
    elif answer.nearest:
        console.print(Text(f"\n{NEAREST}", style="bold"))
        for near in answer.nearest:
            _show_item(console, Text("•"), Text(near.title))
            if near.quote:
                console.print(Padding(Text(f"“{near.quote}”", style="dim"), (0, 0, 0, 6)))
            _show_link(console, near.url)
    console.print(Text(f"\n{NEXT_STEP}", style="dim"))


def _passages(answer: Answer) -> Text:
    shown = Text()
    for one in placed(answer.sentences, answer.citations):
        sentence = one.sentence
        shown.append(_BETWEEN[one.opens] if shown else "")
        if sentence.title is not None:
            shown.append(f"{sentence.title}: ", style="bold")
        elif begins_item(one):
            shown.append("- ")
        # In a list of documents the titles are in bold.
        text = Text(sentence.text, style="bold" if sentence.strong and not one.listed else "")
        if (span := marked_span(sentence)) is not None and not one.listed:
            text.stylize("underline", *span)
        shown.append_text(text)
        shown.append("".join(f" [{n}]" for n in one.marks), style="cyan")
    return shown


def _show_sources(console: Console, answer: Answer) -> None:
    console.print(Text(texts.SOURCES, style="bold"))
    for source in sources(answer.citations):
        numbers = " ".join(f"[{n}]" for n in source.numbers)
        _show_item(console, Text(numbers, style="cyan"), Text(source.title))
        console.print(Padding(Text(source.details, style="dim"), (0, 0, 0, 6)))
        _show_link(console, source.url)


def _with_bold(text: str) -> Text:
    """Return our own Markdown, in which nothing but bold is used."""
    return Text.assemble(*((part, "bold" if place % 2 else "") for place, part in enumerate(text.split("**"))))


def _show_item(console: Console, mark: Text, text: Text) -> None:
    """Print a mark and a text beside it, whose further lines begin below its first."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_row(mark, text)
    console.print(Padding(grid, (0, 0, 0, 2)))


def _show_link(console: Console, url: str | None) -> None:
    """Print an address on a line of its own that is never broken, so that it can be clicked and copied."""
    if url:
        console.print(Text(f"      {url}", style="dim"), soft_wrap=True)
