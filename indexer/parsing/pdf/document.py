"""A PDF file: opened with every way it can fail put into words, then its lines made into headings and paragraphs."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.pdf.contents import without_contents
from indexer.parsing.pdf.figures import with_captions
from indexer.parsing.pdf.letters import spelt_out
from indexer.parsing.pdf.lines import read_pages
from indexer.parsing.pdf.margins import is_page_number, without_margins
from indexer.parsing.pdf.order import PageText, Piece, in_reading_order
from indexer.parsing.pdf.paragraphs import LetterSizes, blocks_of, continues, join, kept_as_text
from indexer.parsing.scans import INSTALL, SCAN
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# PDFium's functions must not be called from two threads at once.
PDFIUM = threading.Lock()
_END_LOOKED_AT = 2048
_UNTITLED = re.compile(
    r"^(?:untitled|\(?(?:anonymous|unspecified)\)?$|microsoft (?:word|powerpoint)|slide \d|document\d*$"
    r"|.*\.(?:docx?|pptx?|indd|pdf)$)",
    re.I,
)
_UNNAMED = re.compile(r"^\(?(?:anonymous|unknown|unspecified)\)?$", re.I)
_MOST_TITLE_LINES = 4
_MOST_NAMED_PAGES = 10
_MOST_TITLE_WORDS = 30
_TITLE_GAP = 0.75
_FEWEST_PROSE_WORDS = 8
_WORD = re.compile(r"[^\W\d_]{3}")


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a PDF with the page of every section.

    Raises:
        SourceError: It is protected, cut short, damaged, or has no text (it is a scan).
    """
    with PDFIUM:
        document = _open(content)
        try:
            stated = document.get_metadata_dict(skip_empty=True)
            pages = read_pages(document)
        finally:
            document.close()
    if not any(page.pieces for page in pages):
        if any(page.pictures for page in pages):
            raise SourceError(
                f"{SCAN}: pictures of pages without text. Run text recognition (OCR) over it, e.g. in your scanner's "
                f"or PDF program, and add the result; or {INSTALL} and add it again"
            )
        raise SourceError(
            "there is no text in it; check that it is the right file. If it is a scan, run text recognition (OCR) over "
            "it and add the result"
        )
    return parsed_pages(pages, stated, known_title)._replace(problems=_pictures_alone(pages))


def _pictures_alone(pages: Sequence[PageText]) -> tuple[str, ...]:
    """Return a line that names the pages that are pictures and nothing else: their words are lost."""
    numbers = [str(page.number) for page in pages if page.pictures]
    if not numbers:
        return ()
    shown = ", ".join(numbers[:_MOST_NAMED_PAGES]) + (" and more" if len(numbers) > _MOST_NAMED_PAGES else "")
    which = f"page {shown} is a picture" if len(numbers) == 1 else f"pages {shown} are pictures"
    return (
        f"{which} without text, and any words in them are not read. If they matter, run text recognition (OCR) over "
        "the file in your scanner's or PDF program, and add the result",
    )


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


def parsed_pages(pages: Sequence[PageText], stated: dict[str, str], known_title: str | None) -> Parsed:
    """Return pages of lines as headings and paragraphs in reading order; `stated` is what the file says of itself."""
    kept, left_out = _text_of(spelt_out(pages))
    body = LetterSizes.of([page.pieces for page in kept]).body
    kept = [page._replace(pieces=in_reading_order(with_captions(page.pieces, body))) for page in kept]
    styles = LetterSizes.of([page.pieces for page in kept])
    own_title, title_pieces = _title(kept, styles)
    metadata_title = " ".join(printable(stated.get("Title", "")).split())
    if metadata_title and not _UNTITLED.match(metadata_title):
        own_title = metadata_title
    title = known_title or own_title
    if title_pieces and _bare(" ".join(piece.text for piece in title_pieces)) not in _bare(title or ""):
        title_pieces = []  # what the first page calls itself is said nowhere else
    blocks = list(kept_as_text(list(_joined(_page_blocks(kept, styles, title_pieces)))))
    author = " ".join(printable(stated.get("Author", "")).split())
    return Parsed(title, {"author": author if author and not _UNNAMED.match(author) else None}, blocks, left_out)


def _text_of(pages: Sequence[PageText]) -> tuple[list[PageText], tuple[LeftOut, ...]]:
    """Return the pages without margins and tables of contents, each told by untouched pages, and what these said."""
    result, left_out = [], list[LeftOut]()
    for page, text, beside in zip(pages, without_margins(pages), without_contents(pages), strict=True):
        in_text, in_beside = set(text.pieces), set(beside.pieces)
        result.append(text._replace(pieces=[piece for piece in text.pieces if piece in in_beside]))
        for piece in page.pieces:
            if piece not in in_beside:
                left_out.append(LeftOut("tables of contents", piece.text))
            elif piece not in in_text:
                number = is_page_number(piece.text)
                left_out.append(LeftOut("page numbers" if number else "running headers and footers", piece.text))
        tabs = set(text.aside)
        left_out += [LeftOut("running headers and footers", tab.text) for tab in page.aside if tab not in tabs]
        left_out += [LeftOut("footnote marks", mark) for mark in page.marks]
    return result, tuple(left_out)


def _page_blocks(pages: Sequence[PageText], styles: LetterSizes, title: Sequence[Piece]) -> Iterator[list[Block]]:
    for page in pages:
        locator = f"page {page.number}"
        tabs = [Block(BlockKind.PARAGRAPH, piece.text, 0, locator) for piece in page.aside]
        yield [*blocks_of([p for p in page.pieces if p not in title], styles, locator), *tabs]


def _title(pages: Sequence[PageText], styles: LetterSizes) -> tuple[str | None, list[Piece]]:
    """Return the largest lines of the first page with text, if they are larger than what is read; and these lines."""
    first = next((page for page in pages if page.pieces), None)
    said = [piece for piece in first.pieces if _WORD.search(piece.text)] if first else []
    if not said:
        return None, []
    largest = max(piece.size for piece in said)
    large = [piece.size >= largest - 0.2 for piece in said]
    begin = large.index(True)
    lines = [said[begin]]
    for piece in takewhile(lambda piece: piece.size >= largest - 0.2, said[begin + 1 :]):
        if not _is_one_title(lines[-1], piece):
            break
        lines.append(piece)
    title = " ".join(piece.text for piece in lines)
    if largest < styles.body * 1.25 or len(lines) > _MOST_TITLE_LINES or len(title.split()) > _MOST_TITLE_WORDS:
        return None, []
    above = said[:begin]
    if any(piece.size == styles.body and len(piece.text.split()) >= _FEWEST_PROSE_WORDS for piece in above):
        return None, []  # large words within the text are a quotation
    return title, lines


def _is_one_title(above: Piece, below: Piece) -> bool:
    """Return whether two of the largest lines are one title: near each other, and both set left, right or middle."""
    gap = above.bottom - below.top
    aligned = (
        below.left - above.left,
        below.right - above.right,
        (below.left + below.right - above.left - above.right) / 2,
    )
    return gap < _TITLE_GAP * above.size and min(map(abs, aligned)) < above.size / 3


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _joined(pages: Iterator[list[Block]]) -> Iterator[Block]:
    """Yield all pages' blocks; a paragraph that runs over a page's end is whole, on the page where it begins."""
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
