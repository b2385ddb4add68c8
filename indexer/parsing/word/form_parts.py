"""A Word form as questions with their answers: in headings or bold lines with text below them, and in tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.drawings import keep_one_alternative
from indexer.parsing.lines import one_line, split_lines
from indexer.parsing.rows import cap_word_spans
from indexer.parsing.word.body import TableRow, table_rows
from indexer.parsing.word.form_columns import without_hints
from indexer.parsing.word.paragraphs import Paragraph, ParagraphReader
from indexer.parsing.word.styles import WRAPPERS, Styles, W, switch

if TYPE_CHECKING:
    from lxml.etree import _Element

# What is longer and bold is a sentence that somebody stresses.
_MOST_LABEL_WORDS = 16


class FormPart(NamedTuple):
    """A question, or what a part is called, with what stands below or beside it; the opening part has no label."""

    label: str | None
    text: str


def form_parts(content: bytes) -> list[FormPart]:
    """Return the parts of a Word file in order. It must be one that `parse` reads."""
    import docx

    document = docx.Document(io.BytesIO(content))
    cap_word_spans(document)
    root = document.element
    keep_one_alternative(root)
    reader = _Parts(ParagraphReader(Styles(document.styles.element)))
    reader.read(root.body)
    return reader.finished()


class _Parts:
    """The parts read so far; the last one is open."""

    def __init__(self, reader: ParagraphReader) -> None:
        self._reader = reader
        self._parts: list[FormPart] = []
        self._label: str | None = None
        self._lines: list[str] = []

    def finished(self) -> list[FormPart]:
        """Return all parts."""
        self._close(None)
        return self._parts

    def read(self, parent: _Element) -> None:
        """Read the paragraphs and tables of a body or a cell."""
        for element in _content(parent):
            if element.tag == f"{W}tbl":
                self._table([row for row in table_rows(element) if not row.hidden])
            else:
                self._paragraph(self._reader.read(element))

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = " ".join(paragraph.lines)
        label = one_line(split_lines(paragraph.lead))
        if text and not paragraph.contents:
            is_label = paragraph.level is not None or (paragraph.bold and not paragraph.item)
            if paragraph.lead_is_line and not is_label and len(label.split()) <= _MOST_LABEL_WORDS:
                self._close(label)
                self._lines.append(" ".join(split_lines(paragraph.text[len(paragraph.lead) :])))
            elif is_label and len(text.split()) <= _MOST_LABEL_WORDS:
                self._close(text)
            else:
                self._lines.append(f"- {text}" if paragraph.item else text)
        for box in paragraph.boxes:
            self.read(box)

    def _close(self, label: str | None) -> None:
        """End the open part and begin another one."""
        if self._label is not None or self._lines:
            self._parts.append(FormPart(self._label, "\n".join(self._lines)))
        self._label, self._lines = label, []

    def _table(self, rows: list[TableRow]) -> None:
        """Read a table: questions beside or above their answers, or a list that belongs to what is said."""
        width = max((len(_seen(row)) for row in rows), default=0)
        if width <= 1:
            for row in rows:
                for cell in _seen(row):
                    self.read(cell)
        elif len(rows) == 2 and width > 2 and (width % 2 or self._is_bold(rows[0])):
            above, below = ([self._text(cell) for cell in _seen(row)] for row in rows)
            for label, text in zip(above, below, strict=False):
                self._pairs([label, text])
        else:
            texts = without_hints([[self._text(cell) for cell in _seen(row)] for row in rows])
            if max(map(len, texts)) % 2 == 0:
                for row_texts in texts:
                    self._pairs(row_texts)
            else:
                self._lines += [" | ".join(filter(None, row_texts)) for row_texts in texts]

    def _pairs(self, texts: list[str]) -> None:
        if len(texts) % 2:
            self._lines += filter(None, texts)  # one cell over the whole row: a heading of the table, or a note
            return
        for label, text in zip(texts[::2], texts[1::2], strict=True):
            if not label:
                self._lines += [text] if text else []
            else:
                self._close(one_line(label.split("\n")))
                self._lines = text.split("\n") if text else []
        if texts:
            self._close(None)

    def _is_bold(self, row: TableRow) -> bool:
        paragraphs = [self._reader.read(element) for cell in _seen(row) for element in cell.iter(f"{W}p")]
        return all(paragraph.bold for paragraph in paragraphs if paragraph.lines)

    def _text(self, cell: _Element) -> str:
        """Return the text of a cell, a paragraph a line."""
        lines: list[str] = []
        for element in cell.iter(f"{W}p"):
            paragraph = self._reader.read(element)
            lines += [f"- {line}" if paragraph.item else line for line in paragraph.lines]
        return "\n".join(lines)


def _seen(row: TableRow) -> list[_Element]:
    """Return the cells of a row that are its own."""
    return [cell.element for cell in row.cells if not cell.above]


def _content(parent: _Element) -> Iterator[_Element]:
    """Yield the paragraphs and tables of an element, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{W}sdt" and switch(child, "sdtPr/showingPlcHdr"):
            continue  # a prompt that nobody has answered
        elif child.tag in WRAPPERS or child.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _content(child)
