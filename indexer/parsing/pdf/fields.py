"""Fields that people filled in: values of a PDF form and boxes of free text, as pieces where they stand."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from indexer.parsing.pdf.letters import Frame
from indexer.parsing.pdf.order import Piece
from indexer.parsing.text import printable

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_TICKED, _EMPTY = "☑", "☐"
# What programs call a ticked box where its designer gave it no name.
_UNNAMED = frozenset({"", "on", "off", "true", "1", "0", "yes_1"})
_SIZE = 10.0
# Points: how far above a field its label may stand.
_LABEL_ABOVE = 16.0
_LABEL_BESIDE = 250.0


def field_pieces(page: PdfPage, printed: Sequence[Piece], frame: Frame) -> Iterator[Piece]:
    """Yield the entries of a page's form, each with its field's name where no label is printed beside or above it."""
    from pypdfium2 import raw

    form = page.formenv.raw if page.formenv else None
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if raw.FPDFAnnot_GetFlags(annotation) & raw.FPDF_ANNOT_FLAG_HIDDEN:
                continue
            if kind == raw.FPDF_ANNOT_WIDGET and form is not None:
                said = _entry(form, annotation)
                name = _text(partial(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation))
            elif kind == raw.FPDF_ANNOT_FREETEXT:
                said = _text(partial(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"))
                name = ""
            else:
                continue
            if said:
                yield from _placed(annotation, said, name, printed, frame)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _entry(form: object, annotation: object) -> str:
    """Return what a field says: its text, or whether its box is ticked; "" for an empty one and for buttons."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        if not raw.FPDFAnnot_IsChecked(form, annotation):
            return _EMPTY
        named = _text(partial(raw.FPDFAnnot_GetFormFieldExportValue, form, annotation))
        return _TICKED if named.casefold() in _UNNAMED or not named.isalpha() else f"{_TICKED} {named}"
    if kind in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return _text(partial(raw.FPDFAnnot_GetFormFieldValue, form, annotation))
    return ""


def _placed(annotation: object, said: str, name: str, printed: Sequence[Piece], frame: Frame) -> Iterator[Piece]:
    """Yield an entry's lines as pieces, from the top of its field down."""
    from pypdfium2 import raw

    rectangle = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rectangle)
    corners = [frame(x, y) for x in (rectangle.left, rectangle.right) for y in (rectangle.bottom, rectangle.top)]
    left, right = min(c[0] for c in corners), max(c[0] for c in corners)
    bottom, top = min(c[1] for c in corners), max(c[1] for c in corners)
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    # An entry of one line stands in the middle of its field.
    height = (top - bottom) / len(lines)
    size = min(_SIZE, max(height * 0.8, 1.0))
    for number, line in enumerate(lines):
        middle = top - height * (number + 0.5)
        end = min(right, left + len(line) * size / 2)
        piece = Piece(line, left, middle - size / 2, end, middle + size / 2, size, bold=False)
        if number == 0 and name and not any(_labels(other, piece) for other in printed):
            piece = piece._replace(text=f"{name}: {line}")
        yield piece


def _labels(printed: Piece, entry: Piece) -> bool:
    """Return whether a printed line can be the label of an entry: on its left, right after it, or just above it."""
    middle = (entry.bottom + entry.top) / 2
    if printed.bottom - 3 < middle < printed.top + 3:
        return entry.left - _LABEL_BESIDE < printed.right <= entry.left + 3 or 0 <= printed.left - entry.right < 20
    return 0 < printed.bottom - entry.top + 3 < _LABEL_ABOVE and printed.is_beside(entry)


def _text(ask: Callable[[object, int], int]) -> str:
    """Return what one of PDFium's functions writes in UTF-16 once it has been asked how long that is."""
    length = ask(None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    text = bytes(buffer)[: length - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return printable(text).strip()
