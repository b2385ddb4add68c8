"""Text from documents and members as Discord shows it: it stays text, and becomes no formatting, link or mention."""

import re

from discord.utils import escape_mentions

_MARKUP = re.compile(r"([\\*_~`|\[\]<>])")
# A bare address would become a link that no source of ours names. Discord links whatever follows a scheme, also one
# that is glued to the word before it ("seehttps://").
_ADDRESS = re.compile(r"(?<=[a-z])://", re.IGNORECASE)
# A backslash stands for itself before a digit: of "1." the point is escaped.
_BEGINNING = re.compile(r"^(?:[#+-]|\d+\.)")
_ELLIPSIS = "…"
_WORD_JOINER = "\u2060"


def safe(text: str) -> str:
    """Return text on one line, so that none of it becomes formatting, a link or a mention."""
    line = escape_mentions(_MARKUP.sub(r"\\\1", " ".join(text.split())))
    line = _ADDRESS.sub(f"{_WORD_JOINER}://", line)
    return at_beginning(line)


def at_beginning(line: str) -> str:
    """Return a line that is safe otherwise, so that it makes no heading, list or small print."""
    return _BEGINNING.sub(lambda begins: f"{begins[0][:-1]}\\{begins[0][-1]}", line)


def link(title: str, url: str | None) -> str:
    """Return a title that leads to the source's own address; angle brackets keep Discord from adding a preview."""
    shown = safe(cut(title, 200))
    if url is None or any(c in url for c in "<>() \n"):
        return shown
    return f"[{shown}](<{url}>)"


def cut(text: str, length: int) -> str:
    """Return at most so many characters, with an ellipsis where something is left out."""
    return text if len(text) <= length else text[: length - 1] + _ELLIPSIS


def safe_cut(text: str, length: int) -> str:
    """Return text on one line as `safe` makes it, which is then at most so many characters."""
    shown = safe(text)
    if len(shown) <= length:
        return shown
    kept = shown[: length - 1]
    # A backslash whose character is cut off would stand for itself.
    return (kept[:-1] if (len(kept) - len(kept.rstrip("\\"))) % 2 else kept) + _ELLIPSIS


def fitting(lines: list[str], most: int) -> str:
    """Return as many whole lines as fit; of a first line that is too long, its beginning."""
    text = ""
    for line in lines:
        joined = f"{text}\n{line}" if text else line
        if len(joined) > most:
            return text or cut(line, most)
        text = joined
    return text
