"""The words of a web page (the text of every element but scripts and styles), and of a mail message."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from indexer.parsing.blocks import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset({"head", "script", "style", "template", "noscript", "svg", "iframe", "object", "math"})
# Elements that part no words.
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub"}
) | {"sup", "u", "wbr", "del", "dfn", "kbd", "bdi", "bdo", "time", "var"}
# What no reader takes for a page's text, wherever a parser draws the line.
_ASIDE = {
    "nav": "menus",
    "footer": "footers",
    "button": "forms",
    "select": "forms",
    "textarea": "forms",
    "label": "forms",
    "dialog": "banners",
}


def read_page(content: bytes) -> RawText:
    """Return all text of a page, line by line."""
    from lxml import html

    text = _decoded(content)
    tree = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    aside = [
        LeftOut(_ASIDE[str(element.tag)], "".join(_parts(element)))
        for element in tree.iter(*_ASIDE)
        if not any(str(outer.tag) in _ASIDE for outer in element.iterancestors())
    ]
    return RawText("".join(_parts(tree)).splitlines(), aside)


def read_message(content: bytes) -> RawText:
    """Return all lines of a message: its subject and its body, in the form that is shown."""
    message = message_from_bytes(content, policy=default)
    subject = str(message.get("Subject") or "")
    body = message.get_body(("html", "plain"))
    text = str(body.get_content()) if body is not None else ""
    if body is None or body.get_content_subtype() != "html":
        return RawText([subject, *text.splitlines()], [])
    page = read_page(text.encode())
    return RawText([subject, *page.lines], page.aside)


def _decoded(content: bytes) -> str:
    """Return the page as text; an encoding that the page itself declares is tried where it is not UTF-8."""
    from lxml import html

    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return str(html.tostring(html.document_fromstring(content), encoding="unicode"))
        except (LookupError, ValueError):
            return decode(content)


def _parts(root: HtmlElement) -> list[str]:
    """Return the text of an element and all below it, with line ends where elements part words."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else None  # comments have a function for a tag
        if event == "start":
            if tag is None or tag in _UNSEEN:
                walk.skip_subtree()
                continue
            if tag not in _INLINE:
                parts.append("\n")
            parts.append(" ".join((element.text or "").splitlines()))
        else:
            if tag is not None and tag not in _INLINE:
                parts.append("\n")
            if element is not root:
                parts.append(" ".join((element.tail or "").splitlines()))
    return parts
