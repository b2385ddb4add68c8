"""A stretch of a document as Discord shows it: its paragraphs and lists, the words that were quoted in bold."""

from bot.discord.runtime.markdown import safe
from knowledge.answering.in_document import DocumentPassage

_LIST_MARK = "- "
_ELLIPSIS = "…"


def passage_text(passage: DocumentPassage) -> str:
    """Return the stretch as Markdown, with an ellipsis where it begins or ends inside a section."""
    text = ""
    opening = f"{_ELLIPSIS} " if passage.begins_inside else ""
    for part in passage.parts:
        if part.heading:
            text = f"{text.rstrip()}\n\n-# {safe(part.text)}\n".lstrip()
            continue
        for number, line in enumerate(part.text.split("\n")):
            text += "\n" if number else ""
            begins = not text or text.endswith("\n")
            text += _line(line, opening, begins=begins, quoted=part.quoted)
            opening = "" if line.strip(" -") else opening
    return text.strip() + (f" {_ELLIPSIS}" if passage.ends_inside else "")


def _line(line: str, opening: str, *, begins: bool, quoted: bool) -> str:
    """A line, or a part of one, with a space at either end where it has one there."""
    mark = _LIST_MARK if begins and line.startswith(_LIST_MARK) else ""
    line = line.removeprefix(mark)
    if not line.strip():
        return mark or ("" if begins else " " * bool(line))
    before, after = " " * (line[0].isspace() and not begins), " " * line[-1].isspace()
    shown = f"**{safe(line)}**" if quoted else safe(line)
    return f"{mark}{opening}{before}{shown}{after}"
