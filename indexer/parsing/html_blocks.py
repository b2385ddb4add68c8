"""The content of a web page as headings, paragraphs and list items, with no two of them glued together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut
from indexer.parsing.html_content import SILENT, furniture, is_links
from indexer.parsing.rows import Row, row_lines
from indexer.parsing.text import printable, raised

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MOST_SPANNED = 100
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre search section summary table tbody
    td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
# Set side by side without a space between, these are still two.
_APART = frozenset({"a", "button", "label", "option"})
# A line that its author broke off is a part of a list or an address where it is as short as this.
_SHORT_LINE_WORDS = 9
_ENDED = re.compile(r"[.,;:!?–—-][\"'’”)\]]*$")


def is_layout(table: HtmlElement) -> bool:
    """Return whether a table only places things: it holds tables or headings, or is one column wide."""
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return True
    return all(len(row) < 2 for row in table.iter("tr")) and next(table.iter("th"), None) is None


def table_rows(table: HtmlElement, said: Callable[[HtmlElement], str]) -> list[Row]:
    """Return a table's rows; `said` gives the text of a cell. A cell over several rows is said in each of them."""
    rows: list[Row] = []
    below: dict[int, tuple[int, str]] = {}  # by column: for how many more rows a cell from above goes on, and its text
    for tr in table.iter("tr"):
        texts: list[str] = []
        heads: list[bool] = []
        for cell in tr.iterchildren("td", "th"):
            texts += _from_above(len(texts), below)
            text = said(cell)
            if text:
                heads.append(cell.tag == "th" or _is_bold(cell, text))
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                below[len(texts)] = (down - 1, text)
            texts += [text, *[""] * (across - 1)]
        texts += _from_above(len(texts), below)
        if texts:
            rows.append(Row(texts, bool(heads) and all(heads)))
    return rows


def _from_above(column: int, below: dict[int, tuple[int, str]]) -> Iterator[str]:
    """Yield the texts of cells above that go on from this column on."""
    while column in below:
        left, text = below.pop(column)
        if left > 1:
            below[column] = (left - 1, text)
        yield text
        column += 1


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPANNED)) if value.isdigit() else 1


def _is_bold(cell: HtmlElement, text: str) -> bool:
    bold = "".join(" ".join(part.text_content().split()) for part in cell.iter("b", "strong"))
    return bold.replace(" ", "") == text.replace(" ", "")


class HtmlReader:
    """Reads elements into blocks. `left_out` grows by what it passes over: furniture and footnotes' marks.

    `fixed` has the `id()` of blocks that are content whatever they say: rows of tables, items that are no links.
    """

    def __init__(self, *, in_main: bool) -> None:
        self.left_out: list[LeftOut] = []
        self.fixed: set[int] = set()
        self._in_main = in_main

    def blocks(self, element: HtmlElement) -> Iterator[Block]:
        """Return what an element says, in order."""
        return self._walk(element, BlockKind.PARAGRAPH)

    def _walk(self, element: HtmlElement, kind: BlockKind) -> Iterator[Block]:
        """Yield an element's text as blocks of that kind, parted where blocks stand in it."""
        run: list[str] = []

        def flushed() -> Iterator[Block]:
            text = joined_lines("".join(run).split("\n"))
            run.clear()
            if text:
                yield Block(kind, text)

        run.append(_text(element.text))
        for child in element:
            if not isinstance(child.tag, str) or child.tag in SILENT or self._is_furniture(child):
                pass
            elif child.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in child.iterdescendants()):
                yield from flushed()
                yield from self._block(child, kind)
            else:
                run.append(self._inline(child, "".join(run)))
            run.append(_text(child.tail))
        yield from flushed()

    def _block(self, element: HtmlElement, kind: BlockKind) -> Iterator[Block]:
        tag = element.tag
        if tag in _HEADINGS:
            if text := " ".join(self._flat(element, " ").split()):
                yield Block(BlockKind.HEADING, text, _HEADINGS[tag])
        elif tag == "li":
            yield from self._item(element)
        elif tag == "dl":
            yield from self._definitions(element)
        elif tag == "table" and not is_layout(element):
            for caption in element.findall("caption"):
                yield from self._walk(caption, BlockKind.PARAGRAPH)
            lines = row_lines(table_rows(element, lambda cell: self._whole(cell, "\n")))
            yield from (self._fixed(Block(BlockKind.ITEM, line)) for line in lines)
        elif tag == "pre":
            text = " ".join(printable(element.text_content()).split())
            if text:
                yield Block(BlockKind.PARAGRAPH, text)
        else:
            inside = kind if tag in ("p", "div", "span") else BlockKind.PARAGRAPH
            yield from self._walk(element, inside)

    def _item(self, element: HtmlElement) -> Iterator[Block]:
        """Yield a list's item; lists, tables and headings within it stand after its own words."""
        within = ("ul", "ol", "table", "dl", *_HEADINGS)
        if next(element.iter(*within), None) is None:
            if text := self._whole(element, " "):
                item = Block(BlockKind.ITEM, text)
                yield item if is_links(element) else self._fixed(item)
        else:
            yield from self._walk(element, BlockKind.ITEM)

    def _fixed(self, block: Block) -> Block:
        self.fixed.add(id(block))
        return block

    def _definitions(self, element: HtmlElement) -> Iterator[Block]:
        """Yield terms with what they mean: an item each."""
        term, meanings = "", list[str]()
        for child in [*element.iter("dt", "dd"), None]:
            if child is None or (child.tag == "dt" and meanings):
                said = "; ".join(meanings)
                if said or term:
                    yield Block(BlockKind.ITEM, f"{term.rstrip(':')}: {said}" if term and said else term or said)
                term, meanings = "", []
            if child is not None and (text := self._whole(child, " ")):
                if child.tag == "dd":
                    meanings.append(text)
                else:
                    term = f"{term}, {text}" if term else text

    def _whole(self, element: HtmlElement, between: str) -> str:
        """Return all text of an element as one line, with `between` where blocks within it meet."""
        return joined_lines(self._flat(element, between).split("\n"))

    def _flat(self, element: HtmlElement, between: str) -> str:
        text = _text(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in SILENT and not self._is_furniture(child):
                if child.tag in _BLOCKS:
                    text += f"{between}{self._flat(child, between)}{between}"
                else:
                    text += self._inline(child, text, between)
            text += _text(child.tail)
        return text

    def _inline(self, element: HtmlElement, before: str, between: str = " ") -> str:
        """Return what an element within a line adds to the text before it."""
        tag = element.tag
        if tag == "br":
            return "\n"
        text = self._flat(element, between)
        if tag == "sup":
            said = raised(before, text.strip())
            if text.strip() and not said:
                self.left_out.append(LeftOut("footnote marks", text.strip()))
            return said
        if tag == "a" and (address := _address(element)) and address.casefold() not in text.casefold():
            text = f"{text} ({address})" if text.strip() else address
        previous = element.getprevious()
        beside = previous is not None and previous.tag in _APART and tag in _APART and not (previous.tail or "").strip()
        return f" {text}" if beside else text

    def _is_furniture(self, element: HtmlElement) -> bool:
        kind = furniture(element, in_main=self._in_main)
        if kind is None:
            return False
        if text := " ".join(printable(element.text_content()).split()):
            self.left_out.append(LeftOut(kind, text))
        return True


def joined_lines(lines: Sequence[str]) -> str:
    """Return lines that their author broke off as one: with commas between short ones, as in an address."""
    said = [" ".join(line.split()) for line in lines]
    text = ""
    for line in filter(None, said):
        if not text:
            text = line
            continue
        last = text.rpartition(", ")[2]
        short = len(line.split()) <= _SHORT_LINE_WORDS and len(last.split()) <= _SHORT_LINE_WORDS
        listed = short and not _ENDED.search(text) and not line[:1].islower()
        text = f"{text}, {line}" if listed else f"{text} {line}"
    return text


def _address(link: HtmlElement) -> str:
    """Return the address or number that a link writes to or calls, which its text may not say."""
    target = (link.get("href") or "").strip()
    scheme, _, rest = target.partition(":")
    if scheme.lower() not in ("mailto", "tel"):
        return ""
    from urllib.parse import unquote

    address = unquote(rest.partition("?")[0]).strip()
    # A number is written in many ways; only its last digits tell that the text says it already.
    digits = re.sub(r"\D", "", address)[-6:]
    if scheme.lower() == "tel" and digits and digits in re.sub(r"\D", "", link.text_content()):
        return ""
    return printable(address)


def _text(text: str | None) -> str:
    """Return a text of the page's source, where line ends are but spaces."""
    return re.sub(r"\s+", " ", printable(text)) if text else ""
