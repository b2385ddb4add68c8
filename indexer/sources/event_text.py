"""Text of an event's fields, made plain: programs write descriptions as HTML, or with its entities."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from indexer.parsing.text import printable

if TYPE_CHECKING:
    from icalendar import Component
    from lxml.html import HtmlElement

_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|html|body|table|tr|td|font)\b[^<>]*|html-blob)>", re.I
)
# Lines that part an invitation from how to join.
_RULE = re.compile(r"^[\s_*=~\-–—.:]{5,}$", re.MULTILINE)


def field(event: Component, name: str) -> str:
    """Return the text of an event's field, paragraphs parted by an empty line; "" where it says nothing."""
    value = event.get(name)
    first = value[0] if isinstance(value, list) and value else value
    if first is None or isinstance(first, list):
        return ""
    return plain(printable(str(first)).replace("\r\n", "\n"))


def plain(text: str) -> str:
    """Return a text without HTML's tags and entities. Links keep the address that they lead to."""
    if _TAG.search(text):
        text = _without_tags(text)
    elif "&" in text:
        text = html.unescape(text)
    return _RULE.sub("", text.replace("\u00a0", " ")).strip()


def _without_tags(text: str) -> str:
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    from indexer.parsing.blocks import BlockKind
    from indexer.parsing.html_blocks import HtmlReader

    try:
        # Outlook and Google write line ends as well as tags.
        tree: HtmlElement = lxml_html.fromstring(f"<div>{text.replace(chr(10), '<br>')}</div>")
    except (LxmlError, ValueError):
        return html.unescape(_TAG.sub(" ", text))
    for link in tree.iter("a"):
        address = (link.get("href") or "").strip()
        said = "".join(link.itertext()).strip()
        if address.startswith(("http://", "https://")) and address not in said:
            link.tail = f" ({address}){link.tail or ''}" if said else f"{address}{link.tail or ''}"
    blocks = HtmlReader(in_main=True).blocks(tree)
    return "\n\n".join(f"- {block.text}" if block.kind is BlockKind.ITEM else block.text for block in blocks)
