"""Text from documents and members as Discord shows it: it stays text, and becomes no formatting, link or mention."""

import re
from urllib.parse import quote

from discord.utils import escape_mentions

from knowledge.domain.visible_text import visible_text

_MARKUP = re.compile(r"([\\*_~`|\[\]<>])")
# A bare address would become a link that no source of ours names. Discord links whatever follows a scheme, also one
# that is glued to the word before it ("seehttps://"), and invites to servers without a scheme.
_ADDRESS = re.compile(r"(?<=[a-z])://", re.IGNORECASE)
_INVITE = re.compile(r"(discord(?:app)?)(?=\.(?:gg|com\s*/\s*invite)\b)", re.IGNORECASE)
# What a member wrote to be opened. What ends a sentence or a bracket around an address is no part of it.
_TO_OPEN = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?'\"”’)\]}*_~`|]", re.IGNORECASE)
# Any of these would end a link's address in Markdown before its end; in an address they may be written so.
_WRITTEN = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})
# A backslash stands for itself before a digit: of "1." the point is escaped.
_BEGINNING = re.compile(r"^(?:[#+-]|\d+\.)")
_ELLIPSIS = "…"
_WORD_JOINER = "\u2060"


def safe(text: str) -> str:
    """Return text on one line, so that none of it becomes formatting, a link or a mention."""
    line = escape_mentions(_MARKUP.sub(r"\\\1", " ".join(visible_text(text).split())))
    line = _ADDRESS.sub(f"{_WORD_JOINER}://", line)
    line = _INVITE.sub(rf"\1{_WORD_JOINER}", line)
    return at_beginning(line)


def safe_with_links(text: str) -> str:
    """Return text on one line as `safe` makes it, but with its web addresses to be opened, and shown as they are.

    For what somebody wrote to a reader so that they open it: a reply, or where an event takes place.
    """
    line, shown, end = " ".join(text.split()), "", 0
    for found in _TO_OPEN.finditer(line):
        shown += _piece(line[end : found.start()])
        # A bracket that was opened in the address is closed in it.
        opened = found[0].count("(") > found[0].count(")") and line[found.end() : found.end() + 1] == ")"
        end = found.end() + opened
        shown += f"<{address(line[found.start() : end])}>"
    return at_beginning(shown + _piece(line[end:]))


def at_beginning(line: str) -> str:
    """Return a line that is safe otherwise, so that it makes no heading, list or small print."""
    return _BEGINNING.sub(lambda begins: f"{begins[0][:-1]}\\{begins[0][-1]}", line)


def link(title: str, url: str | None) -> str:
    """Return a title that leads to the source's own address; angle brackets keep Discord from adding a preview."""
    shown = safe(cut(title, 200))
    return shown if url is None else f"[{shown}](<{address(url)}>)"


def address(url: str) -> str:
    """Return an address of the same page with nothing in it that Markdown would take for its end."""
    written = _plain_host("".join(url.split("\n")).strip()).translate(_WRITTEN)
    return "".join(c if c.isprintable() else quote(c, errors="ignore") for c in written)


def _plain_host(url: str) -> str:
    """Return an address whose host is in ASCII, as browsers show one that looks like another's ("xn--...")."""
    scheme, separator, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if host.isascii():
        return url
    try:
        return f"{scheme}{separator}{host.encode('idna').decode()}{rest[len(host) :]}"
    except UnicodeError:
        return f"{scheme}{separator}{quote(host, safe=':@')}{rest[len(host) :]}"


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


def capitalised(text: str) -> str:
    """Return the text with a capital at its beginning, and the rest as it is."""
    return text[:1].upper() + text[1:]


def fitting(lines: list[str], most: int) -> str:
    """Return as many whole lines as fit; of a first line that is too long, its beginning."""
    text = ""
    for line in lines:
        joined = f"{text}\n{line}" if text else line
        if len(joined) > most:
            return text or cut(line, most)
        text = joined
    return text


def _piece(text: str) -> str:
    """Return a piece of a line as `safe` makes it, with the spaces that it has at its ends."""
    shown = safe(text)
    return f"{' ' * text[:1].isspace()}{shown}{' ' * (text[-1:].isspace() and bool(shown))}"
