"""Answers as Discord embeds, within Discord's limits whatever the documents hold."""

import re

import discord
from discord.utils import escape_mentions

from bot.texts import discord as texts
from bot.texts.sources import Source, sources
from knowledge.types import Answer, NearDocument

# https://discord.com/developers/docs/resources/message#embed-object-embed-limits
MOST_DESCRIPTION = 4096
MOST_TITLE = 256
_MARKUP = re.compile(r"([\\*_~`|\[\]<>])")
_ELLIPSIS = "…"


def answer_card(answer: Answer) -> discord.Embed:
    """The question as title, the point first, then the quotes and where they come from."""
    embed = discord.Embed(title=_cut(safe(answer.question), MOST_TITLE), description=_description(answer))
    if answer.citations:
        written = texts.WRITTEN.format(model=answer.written_by) if answer.written_by else None
        embed.set_footer(text=written or texts.FOOTER)
    return embed


def safe(text: str) -> str:
    """Text from a document or a member on one line, so that none of it becomes formatting, a link or a mention."""
    line = escape_mentions(_MARKUP.sub(r"\\\1", " ".join(text.split())))
    # What makes a heading, a list, small print or a quotation at the beginning of a line.
    return re.sub(r"^([#+-]|\d+\.)", r"\\\1", line)


def _description(answer: Answer) -> str:
    if not answer.answered:
        lines = [f"**{texts.NO_ANSWER}** {safe(answer.reason or '')}"]
        if answer.nearest:
            lines += ["", f"**{texts.NEAREST}**", *(_near_line(near) for near in answer.nearest)]
        return _fitting(lines)
    if not answer.citations:
        return _cut(answer.text, MOST_DESCRIPTION)
    lines = []
    for position, sentence in enumerate(answer.sentences):
        marks = " ".join(f"`[{n}]`" for n in sentence.citations)
        text = safe(sentence.text)
        lines += [f"**{text}** {marks}" if position == 0 else f"{text} {marks}", ""]
    if answer.note:
        lines += [safe(answer.note), ""]
    lines += [f"**{texts.SOURCES}**", *(_source_line(source) for source in sources(answer.citations))]
    return _fitting(lines)


def _source_line(source: Source) -> str:
    marks = " ".join(f"`[{n}]`" for n in source.numbers)
    return f"{marks} {_link(source.title, source.url)}\n-# {safe(source.details)}"


def _near_line(near: NearDocument) -> str:
    line = f"- {_link(near.title, near.url)}"
    return f"{line}\n> {safe(near.quote)}" if near.quote else line


def _link(title: str, url: str | None) -> str:
    """A title that leads to the source's own address; angle brackets keep Discord from adding a preview."""
    shown = safe(_cut(title, 200))
    if url is None or any(c in url for c in "<>() \n"):
        return shown
    return f"[{shown}](<{url}>)"


def _fitting(lines: list[str]) -> str:
    """As many whole lines as fit."""
    text = ""
    for line in lines:
        joined = f"{text}\n{line}" if text else line
        if len(joined) > MOST_DESCRIPTION:
            return text or _cut(line, MOST_DESCRIPTION)
        text = joined
    return text


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + _ELLIPSIS
