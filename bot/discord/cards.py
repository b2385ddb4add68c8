"""Answers as Discord messages (Components V2), within Discord's limits whatever the documents hold.

A message of this kind makes no previews of its links.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord
from discord import ui

from bot.discord.marking import cut, fitting, link, safe
from bot.texts import discord as texts
from bot.texts.sources import Source, sources
from knowledge.answering.layout import paragraphs
from knowledge.types import Answer, NearDocument, Sentence

# https://discord.com/developers/docs/components/reference: all texts of a message together.
MOST_TEXT = 4000
MOST_TITLE = 256
_MOST_SOURCES = 1500
# What a reply in a channel may take before it moves into a thread: about what a phone shows at once.
LONG_ANSWER = 900
# What is nearly the whole sentence is not marked in it.
_LONGEST_SPAN = 0.6
# No mark stands alone at the beginning of a line.
_TIED = "\u00a0"
ANSWERED, REFUSED = discord.Colour(0x00796B), discord.Colour(0x6B7280)


def answer_card(
    answer: Answer,
    today: date,
    buttons: Sequence[ui.Item[Any]] = (),
    *,
    heading: str | None = None,
    note: str | None = None,
) -> ui.LayoutView:
    """The question, the point first, the other quotes, where they come from, and a row of up to five buttons.

    `heading` stands above the question and `note` below everything, both in small print.
    """
    head = [f"-# {heading}"] if heading else []
    head.append(f"> {cut(safe(answer.question), MOST_TITLE)}")
    if answer.understood and answer.understood != answer.question:
        head.append(f"-# {texts.UNDERSTOOD.format(question=cut(safe(answer.understood), MOST_TITLE))}")
    title = "\n".join(head)
    said = texts.WRITTEN.format(model=safe(answer.written_by)) if answer.written_by else texts.FOOTER
    people = texts.FIND_PEOPLE if answer.asks_for_people else None
    footer = "\n".join(f"-# {line}" for line in (people, said if answer.citations else None, note) if line)
    below = fitting(_below(answer, today), _MOST_SOURCES)
    body = fitting(_body(answer), MOST_TEXT - len(title) - len(below) - len(footer))
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ANSWERED if answer.answered else REFUSED)
    for text in (title, body):
        container.add_item(ui.TextDisplay(text))
    if below:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(below))
    if footer:
        container.add_item(ui.Separator(visible=False))
        container.add_item(ui.TextDisplay(footer))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def point_card(answer: Answer) -> ui.LayoutView:
    """The question and the point of its answer, where the rest is in a thread."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ANSWERED)
    container.add_item(ui.TextDisplay(f"> {cut(safe(answer.question), MOST_TITLE)}"))
    container.add_item(ui.TextDisplay(fitting(_body(answer)[:1], MOST_TEXT // 2)))
    container.add_item(ui.TextDisplay(f"-# {texts.MORE_IN_THREAD}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def is_long(answer: Answer) -> bool:
    """Whether an answer takes more of a channel than everybody there should have to scroll past."""
    return bool(answer.citations) and len(answer.text) > LONG_ANSWER


def _body(answer: Answer) -> list[str]:
    if not answer.answered:
        return _unanswered(answer)
    if not answer.citations:
        return [answer.text.strip() or texts.NO_ANSWER]
    lines: list[str] = []
    for paragraph in _paragraphs(answer):
        lines += ([""] if lines else []) + paragraph.split("\n")
    if answer.note:
        lines += ["", safe(answer.note)]
    return lines or [cut(safe(answer.text), MOST_TEXT // 2)]


def _unanswered(answer: Answer) -> list[str]:
    """Why there is no answer; the closest passage, quoted; and what to do next."""
    reason = safe(answer.reason or "")
    if not answer.closest:
        return [f"**{texts.NO_ANSWER}** {reason}", f"-# {texts.NEXT_STEP}"]
    quoted = [f"> {line}" for paragraph in _paragraphs(answer) for line in paragraph.split("\n")]
    opening = texts.NOT_DIRECTLY if answer.missing is None else f"{texts.NOT_DIRECTLY} {reason}"
    return [f"**{opening}** {texts.CLOSEST}", *quoted, f"-# {texts.NEXT_STEP}"]


def _paragraphs(answer: Answer) -> list[str]:
    sentences = answer.sentences
    if sentences and not any(sentence.strong for sentence in sentences):
        sentences = (sentences[0].model_copy(update={"strong": True}), *sentences[1:])
    return paragraphs(
        sentences,
        _shown,
        lambda numbers: _TIED + _TIED.join(f"`[{n}]`" for n in numbers),
        lambda title: f"**{safe(title)}**",
    )


def _shown(sentence: Sentence) -> str:
    """A sentence; the one that answers in bold, and in it the shortest answer underlined where that tells more."""
    text = sentence.text
    if not sentence.strong or not text.strip():
        return safe(text)
    if sentence.title is not None:
        return safe(text)  # there the title is in bold
    if sentence.span is None or sentence.span[1] - sentence.span[0] > _LONGEST_SPAN * len(text):
        return f"**{safe(text)}**"
    start, end = sentence.span
    before, answer, after = text[:start], text[start:end], text[end:]
    if not answer.strip():
        return f"**{safe(text)}**"
    parts = [safe(before) + (" " if before[-1:].isspace() else "") if before.strip() else ""]
    parts += [f"__{safe(answer)}__", (" " if after[:1].isspace() else "") + safe(after) if after.strip() else ""]
    return f"**{''.join(parts)}**"


def _below(answer: Answer, today: date) -> list[str]:
    if answer.citations:
        return [f"**{texts.SOURCES}**", *(_source_line(source) for source in sources(answer.citations, today))]
    if answer.nearest:
        return [f"**{texts.NEAREST}**", *(_near_line(near) for near in answer.nearest)]
    return []


def _source_line(source: Source) -> str:
    marks = " ".join(f"`[{n}]`" for n in source.numbers)
    return f"{marks} {link(source.title, source.url)}\n-# {safe(source.details)}"


def _near_line(near: NearDocument) -> str:
    line = f"- {link(near.title, near.url)}"
    return f"{line}\n> {safe(near.quote)}" if near.quote else line
