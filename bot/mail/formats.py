"""A mail's two forms, of one text in Markdown: HTML that Outlook shows, and plain text.

Outlook on Windows lays HTML out as Word does: styles stand at each element, without tables, floats or pictures, and
what it ignores (a greatest width, padding of a `div`) is missed by nobody.
"""

import html
import re
import textwrap
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.domain.visible_text import visible_text

_WIDTH = 72
_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|])")
_BREAKS_LINK = {ord("<"): "%3C", ord(">"): "%3E", ord(" "): "%20", ord("\n"): ""}
_STYLES = {
    "h1": "margin:0 0 16px 0;font-size:24px;line-height:1.3;font-weight:bold;color:#00594f",
    "h2": "margin:28px 0 8px 0;font-size:19px;line-height:1.3;font-weight:bold;color:#00594f",
    "p": "margin:0 0 12px 0",
    "ul": "margin:0 0 12px 0;padding-left:20px",
    "li": "margin:0 0 12px 0",
    "a": "color:#005eb8;text-decoration:underline",
    "em": "font-style:normal;font-size:14px;color:#4c6272",
    "hr": "margin:28px 0 16px 0;border:0;border-top:1px solid #d8dde0",
}
_SMALL = ";font-size:14px;color:#4c6272"
_PAGE = """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="margin:0;background-color:#ffffff">
<div style="max-width:600px;margin:0 auto;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;\
line-height:1.5;color:#212b32">
{body}</div>
</body>
</html>
"""


def escaped(text: str) -> str:
    """Return text on one line as Markdown that shows just that."""
    return _SPECIAL.sub(r"\\\1", " ".join(visible_text(text).split()))


def linked(text: str, url: str | None) -> str:
    """Return text as Markdown that leads to an address; text alone where there is none."""
    return f"[{escaped(text)}](<{url.strip().translate(_BREAKS_LINK)}>)" if url else escaped(text)


def as_html(markdown: str, title: str) -> str:
    """Return a whole page of a text in Markdown, in which no HTML counts as such."""
    parser = _parser()
    tokens = parser.parse(markdown)
    small = False
    for token in tokens:
        small = small or token.type == "hr"
        for one in (token, *(token.children or ())):
            if one.nesting >= 0 and one.tag in _STYLES:
                one.attrSet("style", _STYLES[one.tag] + (_SMALL if small and one.tag == "p" else ""))
    return _PAGE.format(title=html.escape(title), body=parser.renderer.render(tokens, parser.options, {}))


def as_text(markdown: str) -> str:
    """Return a text in Markdown as plain text; each address on a line of its own, so that every program opens it."""
    blocks: list[str] = []
    level, item = "", False
    for token in _parser().parse(markdown):
        if token.type == "heading_open":
            level = token.tag
        elif token.type in ("list_item_open", "list_item_close"):
            item = token.type == "list_item_open"
        elif token.type == "hr":
            blocks.append("-" * _WIDTH)
        elif token.type == "inline":
            text, links = _lines(token.children or ())
            if level == "h1":
                blocks.append("\n".join(line.upper() for line in _wrapped(text, "")))
            elif level:
                blocks.append(f"{text[0]}\n{'-' * len(text[0])}")
            else:
                first, rest = ("* ", "  ") if item else ("", "")
                blocks.append("\n".join([*_wrapped(text, rest, first), *(f"{rest}{link}" for link in links)]))
            level = ""
    return "\n\n".join(blocks) + "\n"


def _lines(children: Sequence[Token]) -> tuple[list[str], list[str]]:
    """Return the lines of a paragraph, and the addresses of its links."""
    lines, links = [""], []
    for child in children:
        if child.type == "hardbreak":
            lines.append("")
        elif child.type == "softbreak":
            lines[-1] += " "
        elif child.type == "link_open":
            links.append(str(child.attrGet("href") or ""))
        else:
            lines[-1] += child.content
    return lines, links


def _wrapped(lines: Sequence[str], indent: str, first: str = "") -> Iterator[str]:
    for place, line in enumerate(lines):
        yield textwrap.fill(
            line,
            _WIDTH,
            initial_indent=indent if place else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
