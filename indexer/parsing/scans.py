"""Scans and pictures to text by recognition (OCR), where the extra `ocr` is installed: RapidOCR.

Its models come along. It reads in a process of its own with limits of its own, since a page takes it seconds and much
memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

from indexer.parsing.blocks import LeftOut, Parsed
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from PIL.Image import Image

    from indexer.parsing.pdf.order import PageText, Piece

LIBRARY = "rapidocr"
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
# The beginning of what is said of a file that only recognition can read.
SCAN = "it is a scan"
INSTALL = "install text recognition (`.venv/bin/python -m pip install -c constraints.txt -e '.[ocr]'`)"
_MOST_PAGES = 40
_DOTS_PER_INCH = 150
_POINTS_PER_INCH = 72
# The library makes larger pictures smaller itself; one of so many dots is an attack on memory.
_MOST_DOTS = 60_000_000
_LOWEST_SCORE = 0.6
# Of a line's box, without the room that recognition leaves around letters.
_LETTERS = 0.72
# Lines within this share of the usual height are of one size: boxes are not drawn to the point.
_ONE_SIZE = 0.3


def can_recognise() -> bool:
    """Return whether text recognition is installed."""
    return find_spec(LIBRARY) is not None


def parse_scan(suffix: str, content: bytes, known_title: str | None) -> tuple[Parsed, list[str]]:
    """Return the text of a scanned PDF or a picture, with the page of every section, and every line that is recognised.

    Lines that recognition is unsure of are left out and named.

    Raises:
        SourceError: It cannot be opened, has too many pages, or no text is recognised in it.
    """
    from indexer.parsing.pdf.document import parsed_pages

    left_out: list[LeftOut] = []
    pages = [
        _page_text(number, image, left_out)
        for number, image in enumerate(_pdf_pages(content) if suffix == ".pdf" else [_picture(content)], start=1)
    ]
    if not any(page.pieces for page in pages):
        raise SourceError("text recognition (OCR) finds no text in its pictures; check that it is the right file")
    parsed = parsed_pages(pages, {}, known_title)
    lines = [piece.text for page in pages for piece in page.pieces] + [part.text for part in left_out]
    return parsed._replace(left_out=(*parsed.left_out, *left_out)), lines


def _pdf_pages(content: bytes) -> Iterator[Image]:
    from pypdfium2 import PdfDocument

    document = PdfDocument(content)
    try:
        if len(document) > _MOST_PAGES:
            raise SourceError(
                f"it is a scan of {len(document)} pages, and at most {_MOST_PAGES} are recognised; split it"
            )
        for page in document:
            width, height = page.get_size()
            scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, (_MOST_DOTS / max(1.0, width * height)) ** 0.5)
            yield page.render(scale=scale).to_pil().convert("RGB")
            page.close()
    finally:
        document.close()


def _picture(content: bytes) -> Image:
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(content))
        if image.width * image.height > _MOST_DOTS:
            raise SourceError("the picture is too large; save it with fewer dots")
        return image.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise SourceError(f"it is damaged ({str(error)[:100]}); save it again") from None


def _page_text(number: int, image: Image, left_out: list[LeftOut]) -> PageText:
    """Return the lines of one picture as those of a page; what recognition is unsure of is added to `left_out`."""
    import numpy as np

    from indexer.parsing.pdf.order import PageText

    found = _engine()(np.asarray(image))
    boxes = [] if found.boxes is None else found.boxes.tolist()
    pieces = []
    for box, text, score in zip(boxes, found.txts or (), found.scores or (), strict=True):
        if score < _LOWEST_SCORE:
            left_out.append(LeftOut("text that is not recognised with certainty", text))
        elif text.strip():
            pieces.append(_piece(box, " ".join(text.split()), image.height))
    return PageText(number, float(image.width), float(image.height), _of_few_sizes(pieces), pictures=False)


def _piece(box: Sequence[Sequence[float]], text: str, page_height: int) -> Piece:
    from indexer.parsing.pdf.order import Piece

    across, down = [x for x, _ in box], [y for _, y in box]
    size = (max(down) - min(down)) * _LETTERS
    bottom = page_height - max(down) + (max(down) - min(down) - size) / 2
    return Piece(text, min(across), bottom, max(across), bottom + size, size, bold=False)


def _of_few_sizes(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the lines with the size of most of them where theirs is about that, else in whole steps."""
    if not pieces:
        return []
    usual = median(piece.size for piece in pieces for _ in piece.text)
    step = usual * _ONE_SIZE
    sized = []
    for piece in pieces:
        size = usual if abs(piece.size - usual) < step else usual + round((piece.size - usual) / step) * step
        sized.append(piece._replace(size=size))
    return sized


@cache
def _engine() -> Any:  # noqa: ANN401 - a class of an extra
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.use_cls": False, "Global.log_level": "critical"})
