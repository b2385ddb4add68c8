"""A PDF file: opened with every way it can fail put into words, then its lines made into headings and paragraphs."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block
from indexer.parsing.parsed import Parsed
from indexer.parsing.pdf.contents import without_contents
from indexer.parsing.pdf.lines import PageText, Piece, read_pages
from indexer.parsing.pdf.margins import without_margins
from indexer.parsing.pdf.order import in_reading_order
from indexer.parsing.pdf.paragraphs import Styles, blocks_of, continues, join
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# PDFium's functions must not be called from two threads at once.
_PDFIUM = threading.Lock()
_END_LOOKED_AT = 2048
_UNTITLED = re.compile(
    r"^(?:untitled|microsoft (?:word|powerpoint)|slide \d|document\d*$|.*\.(?:docx?|pptx?|indd|pdf)$)", re.I
)
_MOST_TITLE_LINES = 4


def parse(content: bytes, known_title: str | None) -> Parsed:
    """A PDF with the page of every section.

    Raises:
        SourceError: It is protected, cut short, damaged, or has no text (it is a scan).
    """
    with _PDFIUM:
        document = _open(content)
        try:
            stated = document.get_metadata_dict(skip_empty=True)
            pages = read_pages(document)
        finally:
            document.close()
    if not any(page.pieces for page in pages):
        if any(page.pictures for page in pages):
            raise SourceError(
                "it is a scan: pictures of pages without text. Run text recognition (OCR) over it, e.g. in your "
                "scanner's or PDF program, and add the result"
            )
        raise SourceError(
            "there is no text in it; check that it is the right file. If it is a scan, run text recognition (OCR) over "
            "it and add the result"
        )
    return _parsed(pages, stated, known_title)


def _open(content: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    if b"%PDF-" not in content[:1024]:
        raise SourceError("it is not a PDF file, whatever its name says; download it again")
    # PDFium opens what is left of a file that was cut off, and the rest would be missing without a word.
    if b"%%EOF" not in content[-_END_LOOKED_AT:]:
        raise SourceError("it is cut short: its end is missing. Download or export it again")
    try:
        return PdfDocument(content)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError(
                "it is protected with a password; save a copy without one and add that, or add its web page"
            ) from None
        raise SourceError(f"it is damaged ({error}); download or export it again") from None


def _parsed(pages: Sequence[PageText], stated: dict[str, str], known_title: str | None) -> Parsed:
    kept = [page._replace(pieces=in_reading_order(page.pieces)) for page in _text_of(pages)]
    styles = Styles.of([piece for page in kept for piece in page.pieces])
    own_title, title_pieces = _title(kept, styles)
    metadata_title = " ".join(printable(stated.get("Title", "")).split())
    if metadata_title and not _UNTITLED.match(metadata_title):
        own_title = metadata_title
    blocks = list(_joined(_page_blocks(kept, styles, title_pieces)))
    author = " ".join(printable(stated.get("Author", "")).split())
    return Parsed(known_title or own_title, {"author": author or None}, blocks)


def _text_of(pages: Sequence[PageText]) -> Iterator[PageText]:
    """The pages without margins and tables of contents, each told by the pages as they are."""
    for page, beside in zip(without_margins(pages), without_contents(pages), strict=True):
        kept = set(beside.pieces)
        yield page._replace(pieces=[piece for piece in page.pieces if piece in kept])


def _page_blocks(pages: Sequence[PageText], styles: Styles, title: Sequence[Piece]) -> Iterator[list[Block]]:
    for page in pages:
        yield list(blocks_of([p for p in page.pieces if p not in title], styles, f"page {page.number}"))


def _title(pages: Sequence[PageText], styles: Styles) -> tuple[str | None, list[Piece]]:
    """The largest lines of the first page with text, if they are larger than what is read; and these lines."""
    first = next((page for page in pages if page.pieces), None)
    if first is None:
        return None, []
    largest = max(piece.size for piece in first.pieces)
    lines = [piece for piece in first.pieces if piece.size >= largest - 0.2]
    if largest < styles.body * 1.25 or len(lines) > _MOST_TITLE_LINES:
        return None, []
    return " ".join(piece.text for piece in lines), lines


def _joined(pages: Iterator[list[Block]]) -> Iterator[Block]:
    """All pages' blocks; a paragraph that runs over a page's end is whole, on the page where it begins."""
    open_block: Block | None = None
    for blocks in pages:
        if not blocks:
            continue
        if open_block is not None and continues(open_block, blocks[0]):
            open_block = open_block._replace(text=join(open_block.text, blocks[0].text))
            blocks = blocks[1:]
            if not blocks:
                continue
        if open_block is not None:
            yield open_block
        yield from blocks[:-1]
        open_block = blocks[-1]
    if open_block is not None:
        yield open_block
