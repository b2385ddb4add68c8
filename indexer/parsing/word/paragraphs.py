"""Paragraphs of a Word file: what a reader sees of them, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.parsing.blocks import LeftOut
from indexer.parsing.drawings import related_parts
from indexer.parsing.lines import split_lines
from indexer.parsing.word.styles import REMOVED, WRAPPERS, M, Style, Styles, W, number, outline_level, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_BREAKS = frozenset({f"{W}br", f"{W}cr"})
_GAPS = frozenset({f"{W}tab", f"{W}ptab"})
_DRAWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


@dataclass
class Paragraph:
    """A paragraph as it is read. `level` is that of a heading. `boxes`, `notes` and `drawings` follow its text.

    `lead` is the bold text that it begins with. `notes` are kind and id, `drawings` kind and relationship.
    `continued`: its end is deleted, the next goes on.
    """

    text: str = ""
    level: int | None = None
    item: bool = False
    contents: bool = False
    bold: bool = False
    lead: str = ""
    continued: bool = False
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    drawings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Return its lines: one, but for breaks within it."""
        return split_lines(self.text)

    @property
    def lead_is_line(self) -> bool:
        """Return whether the bold text that it begins with is a line by itself, with more in the next one."""
        rest = self.text[len(self.lead) :]
        return bool(self.lead.strip() and rest.strip()) and (self.lead.endswith("\n") or rest.startswith("\n"))


class ParagraphReader:
    """Reads paragraphs; `left_out` grows by the text that is passed over."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.left_out: list[LeftOut] = []

    def read(self, element: _Element) -> Paragraph:
        """Return a `w:p` without what is hidden or deleted."""
        properties = element.find(f"{W}pPr")
        style = self.styles.style(value(properties, "pStyle"))
        said = outline_level(properties)
        paragraph = Paragraph(level=style.level if said is None else said or None, contents=style.contents)
        numbering = value(properties, "numPr/numId")
        paragraph.item = style.item if numbering is None else numbering != "0"
        mark = None if properties is None else properties.find(f"{W}rPr")
        paragraph.continued = mark is not None and any(mark.find(tag) is not None for tag in REMOVED)
        run = _Runs(paragraph, self.styles, style, self.left_out)
        run.read(element)
        paragraph.text = "".join(run.pieces)
        paragraph.bold = run.bold
        paragraph.lead = run.lead
        return paragraph


class _Runs:
    """The runs of one paragraph, however deep they are wrapped."""

    def __init__(self, paragraph: Paragraph, styles: Styles, style: Style, left_out: list[LeftOut]) -> None:
        self.pieces: list[str] = []
        self._paragraph = paragraph
        self._styles = styles
        self._style = style
        self._left_out = left_out
        self.lead = ""
        self._plain = False
        self._bold = False
        # For each open field: whether its instruction is still being given, which nobody sees.
        self._fields: list[bool] = []

    @property
    def bold(self) -> bool:
        """Return whether all the text is bold."""
        return self._bold and not self._plain

    def read(self, element: _Element) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child)
            elif tag == f"{W}sdt":
                self._control(child)
            elif tag in WRAPPERS:
                self.read(child)
            elif tag == f"{W}ruby":
                base = child.find(f"{W}rubyBase")
                self.read(base if base is not None else child)
            elif tag in REMOVED:
                self._leave("tracked deletions", child, f"{W}delText", f"{W}t")
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self.pieces.append("".join(text.text or "" for text in child.iter(f"{M}t")))

    def _control(self, element: _Element) -> None:
        content = element.find(f"{W}sdtContent")
        if content is None:
            return
        if switch(element, "sdtPr/showingPlcHdr"):
            self._leave("prompts of empty form fields", content, f"{W}t")
        else:
            self.read(content)

    def _run(self, run: _Element) -> None:
        properties = run.find(f"{W}rPr")
        style = self._styles.style(value(properties, "rStyle"))
        if _first(switch(properties, "vanish"), style.hidden, self._style.hidden):
            self._leave("hidden text", run, f"{W}t")
            return
        before = len(self.pieces)
        for child in run:
            self._part(child)
        if "".join(self.pieces[before:]).strip():
            if _first(switch(properties, "b"), style.bold, self._style.bold):
                self._bold = True
                self.lead = self.lead if self._plain else "".join(self.pieces)
            else:
                self._plain = True

    def _part(self, part: _Element) -> None:
        tag = part.tag
        if tag == f"{W}fldChar":
            self._field(part)
        elif any(self._fields):
            return
        elif tag == f"{W}t":
            self.pieces.append(part.text or "")
        elif tag in _GAPS:
            self.pieces.append(" ")
        elif tag in _BREAKS:
            self.pieces.append("\n")
        elif tag == f"{W}noBreakHyphen":
            self.pieces.append("-")
        elif tag in _NOTES:
            self._paragraph.notes.append((_NOTES[tag], part.get(f"{W}id") or ""))
        elif tag in _DRAWN:
            self._paragraph.boxes += _outermost_boxes(part)
            self._paragraph.drawings += related_parts(part)
        elif tag == f"{W}ruby":
            self.read(part)

    def _field(self, part: _Element) -> None:
        """Begin a field, show its result, or end it; one of an old form says itself what is chosen in it."""
        kind = part.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(True)
            self.pieces.append(_chosen(part.find(f"{W}ffData")))
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _leave(self, reason: str, element: _Element, *tags: str) -> None:
        if text := " ".join("".join(part.text or "" for part in element.iter(*tags)).split()):
            self._left_out.append(LeftOut(reason, text))


def _first(*said: bool | None) -> bool:
    """Return the first that is said at all: a run's own word comes before its style's, that before the paragraph's."""
    return next((bool(word) for word in said if word is not None), False)


def _outermost_boxes(element: _Element) -> Iterator[_Element]:
    """Yield the contents of text boxes; a box within a box is read with it."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        else:
            yield from _outermost_boxes(child)


def _chosen(form: _Element | None) -> str:
    """Return what is ticked or chosen in a field of an old form."""
    if form is None:
        return ""
    box = form.find(f"{W}checkBox")
    if box is not None:
        ticked = switch(box, "checked")
        return "☒" if (ticked if ticked is not None else switch(box, "default")) else "☐"
    entries = [entry.get(f"{W}val") or "" for entry in form.iterfind(f"{W}ddList/{W}listEntry")]
    chosen = number(value(form, "ddList/result") or value(form, "ddList/default") or "0") or 0
    return entries[chosen] if 0 <= chosen < len(entries) else ""
