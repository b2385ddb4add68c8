"""Drawings in Office files: text that is stored beside a document's own, in diagrams and charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.rows import named
from indexer.parsing.text import printable
from indexer.parsing.xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def keep_one_alternative(root: _Element) -> None:
    """Put one of the forms that an Office file gives of a drawing in the place of all: each says the same text.

    The newest form is kept where it holds anything, else the one for old programs.
    """
    for alternate in list(root.iter(f"{_MC}AlternateContent")):
        parent = alternate.getparent()
        if parent is None:
            continue
        forms = [form for form in alternate if form.tag in (f"{_MC}Choice", f"{_MC}Fallback") and len(form)]
        said = [form for form in forms if any((text or "").strip() for text in form.itertext())]
        place = parent.index(alternate)
        for child in reversed(list((said or forms)[0]) if forms else []):
            parent.insert(place, child)
        parent.remove(alternate)


def related_parts(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield what an element's drawings show from other parts: "diagram" or "chart", and the relationship's id."""
    for reference in element.iter(f"{_DGM}relIds", f"{_C}chart"):
        is_chart = reference.tag == f"{_C}chart"
        identity = reference.get(f"{_R}id" if is_chart else f"{_R}dm")
        if identity:
            yield ("chart" if is_chart else "diagram"), identity


def drawing_lines(kind: str, part: bytes) -> list[str]:
    """Return the lines of text of a diagram's or chart's part.

    Raises:
        SourceError: The part is not well-formed XML.
    """
    root = parse_xml(part)
    return list(_chart_lines(root)) if kind == "chart" else list(paragraph_lines(root))


def paragraph_lines(root: _Element) -> Iterator[str]:
    """Yield the paragraphs of DrawingML text below an element."""
    for paragraph in root.iter(f"{_A}p"):
        text = "".join(
            " " if part.tag == f"{_A}br" else part.text or "" for part in paragraph.iter(f"{_A}t", f"{_A}br")
        )
        if text := " ".join(printable(text).split()):
            yield text


def _chart_lines(root: _Element) -> Iterator[str]:
    """Yield the title and axes of a chart, then a line for each of its categories: "Year: 2024; Starters: 62"."""
    yield from paragraph_lines(root)
    columns: list[tuple[str, list[str]]] = []
    categories: list[str] = []
    for series in root.iter(f"{_C}ser"):
        name = " ".join(_values(series.find(f"{_C}tx")))
        axis = series.find(f"{_C}cat") if series.find(f"{_C}cat") is not None else series.find(f"{_C}xVal")
        values = series.find(f"{_C}val") if series.find(f"{_C}val") is not None else series.find(f"{_C}yVal")
        said = _values(axis)
        categories = said if len(said) > len(categories) else categories
        columns.append((name or f"Series {len(columns) + 1}", _values(values)))
    width = max([len(categories), *(len(values) for _, values in columns)], default=0)
    names = ["", *(name for name, _ in columns)]
    for place in range(width):
        cells = [values[place] if place < len(values) else "" for values in [categories, *(v for _, v in columns)]]
        if any(cells[1:]):
            yield named(names, cells)


def _values(element: _Element | None) -> list[str]:
    """Return the values that a chart was last drawn with, by their places."""
    if element is None:
        return []
    found: dict[int, str] = {}
    for point in element.iter(f"{_C}pt"):
        index = point.get("idx") or ""
        value = " ".join(printable(point.findtext(f"{_C}v") or "").split())
        # A chart of more points than this is a curve, not text.
        if index.isdigit() and int(index) < 500:
            found[int(index)] = _plain(value)
    if not found:
        return list(filter(None, (" ".join(printable(v.text or "").split()) for v in element.iter(f"{_C}v"))))
    return [found.get(place, "") for place in range(max(found) + 1)]


def _plain(value: str) -> str:
    """Return a number without the digits that a program adds in computing: 0.30000000000000004 as 0.3."""
    try:
        return f"{float(value):.10g}" if "." in value else value
    except ValueError:
        return value
