"""Web pages: the main content under its headings, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from copy import deepcopy
from itertools import zip_longest
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.boilerplate import is_footer_heading, without_boilerplate
from indexer.parsing.html_blocks import HtmlReader
from indexer.parsing.html_content import MENUS, holding, named_parts, text_outside
from indexer.parsing.rows import cap_html_spans
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
# Set behind a line that is kept whatever it says.
_KEPT = "\u2063"
_DEEPEST = 250
_DATES = {"original_date": True, "extensive_search": False}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a web page without menus, banners, related links and footers; these are named as left out.

    Raises:
        SourceError: It is not text, nested too deep, or holds no main content.
    """
    tree = _tree(_text(content))
    parts = named_parts(tree)
    page = _described(tree) if parts else _extracted(tree)
    if not parts and page is not None:
        paragraphs = _paragraphs(page)
        parts = named_parts(tree, len(" ".join(paragraphs).split()))
    in_main = bool(parts)
    parts = parts or [holding(tree, _paragraphs(page))]
    reader = HtmlReader(in_main=in_main)
    blocks = [block for part in parts for block in reader.blocks(part)]
    blocks, furniture = _without_furniture(blocks, reader.fixed)
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        raise SourceError(
            "no main content was found in this page; if it is made by scripts, save it from a browser and add the file"
        )
    title = known_title or (page.title if page else None) or _first_heading(tree)
    if blocks[0].kind is BlockKind.HEADING and title and blocks[0].text.casefold() in title.casefold():
        blocks = blocks[1:]
    outside = [LeftOut(reason, text) for reason, text in text_outside(tree, parts)]
    return Parsed(title, _metadata(page, tree), blocks, (*reader.left_out, *furniture, *outside))


def _described(tree: HtmlElement) -> Document:
    """Return what trafilatura finds that a page says of itself.

    Raises:
        SourceError: It cannot be read as a web page.
    """
    from lxml.etree import LxmlError
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(deepcopy(tree), date_config=dict(_DATES))
    except (LxmlError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise SourceError(f"it is not a web page that can be read ({error})") from None


def _extracted(tree: HtmlElement) -> Document | None:
    """Return what trafilatura finds in a page: what it says of itself, and where its content is. It takes longer.

    Raises:
        SourceError: It cannot be read as a web page.
    """
    import trafilatura
    from lxml.etree import LxmlError
    from trafilatura.settings import Document

    try:
        page = trafilatura.bare_extraction(
            deepcopy(tree),
            include_comments=False,
            include_links=False,
            favor_recall=True,
            with_metadata=True,
            prune_xpath=_CONSENT,
            date_extraction_params=dict(_DATES),
        )
    except (LxmlError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise SourceError(f"it is not a web page that can be read ({error})") from None
    return page if isinstance(page, Document) else None


def _paragraphs(page: Document | None) -> list[str]:
    if page is None or page.body is None:
        return []
    return [" ".join("".join(part.itertext()).split()) for part in page.body.iter("p", "item", "cell", "quote")]


def _text(content: bytes) -> str:
    """Return the page as text, in the encoding it declares, else as any text file."""
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return printable(content.decode(declared.group(1).decode()))
        except (LookupError, UnicodeDecodeError):
            pass  # it declares what it is not, or what does not exist
    return decode(content)


def _tree(text: str) -> HtmlElement:
    """Return the page's tree.

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


def _metadata(page: Document | None, tree: HtmlElement) -> dict[str, object]:
    """Return what the page says of itself, by the names of `Metadata`."""
    from urllib.parse import urlsplit

    canonical = (tree.xpath("string(//link[@rel='canonical']/@href)") or "").strip()
    address = canonical if urlsplit(canonical).scheme in ("http", "https") else None
    return {
        "author": printable(page.author) if page and page.author else None,
        "published": page.date if page and page.date and _DAY.match(page.date) else None,
        "url": address,
        "source_title": printable(page.sitename) if page and page.sitename else None,
    }


def _without_furniture(blocks: Sequence[Block], fixed: Container[int]) -> tuple[list[Block], list[LeftOut]]:
    """Return the blocks without lines that are page furniture wherever they stand, and a footer's teasers; and these.

    `fixed`: the `id()` of blocks that are content whatever they say.
    """
    shown = []
    for block, following in zip_longest(blocks, blocks[1:]):
        # "Register" as a button is furniture; as the heading of a text, or in a table, it is content.
        heads = block.kind is BlockKind.HEADING and following and following.kind is not BlockKind.HEADING
        kept = id(block) in fixed or (heads and not is_footer_heading(block.text))
        shown.append(f"{block.text}{_KEPT}" if kept else block.text)
    lines = without_boilerplate(shown)
    result: list[Block] = []
    left_out: list[LeftOut] = []
    for block, text in zip(blocks, shown, strict=True):
        if len(result) < len(lines) and lines[len(result)] == text:
            result.append(block)
        else:
            left_out.append(LeftOut(MENUS, block.text))
    return result, left_out


def _first_heading(tree: HtmlElement) -> str | None:
    heading = tree.find(".//h1")
    return " ".join(printable(heading.text_content()).split()) or None if heading is not None else None
