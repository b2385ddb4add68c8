"""Web pages: the main content under its headings, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.boilerplate import without_boilerplate
from indexer.parsing.parsed import Parsed
from indexer.parsing.rows import Row, row_lines
from indexer.parsing.table_spans import cap_html_spans
from indexer.parsing.text import decode, printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

# Asking people to accept cookies is no content, wherever a page puts it.
_CONSENT = (
    "//*[contains(translate(concat(@id, ' ', @class), 'COKIENST', 'cokienst'), 'cookie')"
    " or contains(translate(concat(@id, ' ', @class), 'CONSET', 'conset'), 'consent')"
    " or @role='alertdialog']"
)
_DEEPEST = 250
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


def parse(content: bytes, known_title: str | None) -> Parsed:
    """A web page without menus, banners, related links and footers.

    Raises:
        SourceError: It is not text, nested too deep, or holds no main content.
    """
    import trafilatura
    from lxml.etree import LxmlError
    from trafilatura.settings import Document

    tree = _tree(_text(content))
    try:
        page = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            include_formatting=True,
            include_links=False,
            favor_recall=True,
            with_metadata=True,
            prune_xpath=_CONSENT,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except (LxmlError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise SourceError(f"it is not a web page that can be read ({error})") from None
    if not isinstance(page, Document) or page.body is None:
        raise SourceError(
            "no main content was found in this page; if it is made by scripts, save it from a browser and add the file"
        )
    blocks = _without_furniture(_blocks(page.body))
    title = known_title or page.title or _first_heading(tree)
    if blocks and blocks[0].kind is BlockKind.HEADING and title and blocks[0].text.casefold() in title.casefold():
        blocks = blocks[1:]
    return Parsed(title, _metadata(page, tree), blocks)


def _text(content: bytes) -> str:
    """The page as text, in the encoding it declares, else as any text file."""
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return printable(content.decode(declared.group(1).decode()))
        except (LookupError, UnicodeDecodeError):
            pass  # it declares what it is not, or what does not exist
    return decode(content)


def _tree(text: str) -> HtmlElement:
    """The page's tree.

    Raises:
        SourceError: It is empty, or nested deeper than any page that people read.
    """
    from lxml import html
    from lxml.etree import LxmlError

    try:
        # A declaration of the encoding is of no use in a text that is decoded already, and an error to lxml.
        tree: HtmlElement = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (LxmlError, ValueError) as error:
        raise SourceError(f"it is not a web page that can be read ({error})") from None
    deepest, depth = 0, 0
    from lxml.etree import iterwalk

    for event, _ in iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise SourceError(f"it is nested {deepest} levels deep, which no page for readers is; it is not opened")
    cap_html_spans(tree)
    return tree


def _metadata(page: Document, tree: HtmlElement) -> dict[str, object]:
    """What the page says of itself, by the names of `Metadata`."""
    from urllib.parse import urlsplit

    canonical = (tree.xpath("string(//link[@rel='canonical']/@href)") or "").strip()
    address = canonical if urlsplit(canonical).scheme in ("http", "https") else None
    return {
        "author": printable(page.author) if page.author else None,
        "published": page.date if page.date and _DAY.match(page.date) else None,
        "url": address,
        "source_title": printable(page.sitename) if page.sitename else None,
    }


def _blocks(body: HtmlElement) -> Iterator[Block]:
    """The extracted content in order. trafilatura calls headings `head` with their level in `rend`."""
    for element in body:
        kind = element.tag
        if kind == "head":
            if text := _words(element):
                yield Block(BlockKind.HEADING, text, _level(element))
        elif kind == "list":
            for item in element.iter("item"):
                if text := _words(item):
                    yield Block(BlockKind.ITEM, text)
        elif kind == "table":
            rows = [_row(list(row.iter("cell"))) for row in element.iter("row")]
            yield from (Block(BlockKind.ITEM, text) for text in row_lines(rows))
        elif kind in ("div", "quote") and len(element):
            if lead := " ".join(printable(element.text or "").split()):
                yield Block(BlockKind.PARAGRAPH, lead)
            yield from _blocks(element)
        elif text := _words(element):
            yield Block(BlockKind.PARAGRAPH, text)


def _row(cells: Sequence[HtmlElement]) -> Row:
    """A table's row; it names the columns when all its cells are headers, or all are bold."""
    said = [cell for cell in cells if _words(cell)]
    heads = all(cell.get("role") == "head" for cell in said) or all(_is_bold(cell) for cell in said)
    return Row([_words(cell) for cell in cells], heads)


def _is_bold(cell: HtmlElement) -> bool:
    bold = "".join(_words(part) for part in cell.iter("hi") if part.get("rend") == "#b")
    return bold == _words(cell)


def _level(element: HtmlElement) -> int:
    mark = str(element.get("rend") or "")
    return int(mark[1]) if len(mark) == 2 and mark[1].isdigit() else 2


def _words(element: HtmlElement) -> str:
    return " ".join(printable("".join(element.itertext())).split())


def _without_furniture(blocks: Iterator[Block]) -> list[Block]:
    """The blocks without lines that are page furniture wherever they stand, and without a footer's teasers."""
    kept = list(blocks)
    lines = without_boilerplate([block.text for block in kept])
    result: list[Block] = []
    position = 0
    for block in kept:
        if position < len(lines) and lines[position] == block.text:
            result.append(block)
            position += 1
    return result


def _first_heading(tree: HtmlElement) -> str | None:
    heading = tree.find(".//h1")
    return (_words(heading) or None) if heading is not None else None
