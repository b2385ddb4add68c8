"""Bar charts of figures: one layout, drawn as SVG for pages and as PNG for chat; and the same in words.

Bars are all that insights draw. Pillow is here already and has a font of its own; a plotting library would be several
times the size of everything else that a page needs.
"""

import io
from html import escape
from typing import NamedTuple

from knowledge.domain.insights import FigureRow, FigureTable
from knowledge.domain.visible_text import visible_text
from knowledge.insights.figures import TOTAL

HIDDEN = "–"
_WIDTH, _MARGIN = 720, 16
_NAME_WIDTH, _VALUE_WIDTH = 190, 56
_BAR, _BETWEEN_BARS, _BETWEEN_GROUPS, _TITLE, _LEGEND = 14, 2, 10, 30, 22
_TEXT_SIZE, _TITLE_SIZE = 13, 16
# How many characters of a name fit beside the bars.
_LONGEST_NAME = 28
_MOST_ROWS = 14
_MOST_COLUMNS = 4
_INK, _QUIET, _PAPER = "#212b32", "#4c6272", "#ffffff"
# Apart from each other also without colours, and 3:1 against white.
_COLOURS = ("#00594f", "#c9670f", "#7c2855", "#4c6272")


class _Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    colour: str


class _Label(NamedTuple):
    x: float
    y: float
    text: str
    size: int
    colour: str
    right: bool = False


class _Layout(NamedTuple):
    height: int
    bars: list[_Bar]
    labels: list[_Label]


def has_chart(table: FigureTable) -> bool:
    """Return whether there is anything to draw: a figure that is shown and not nobody."""
    return any(figure for row in _drawn(table) for figure in row.figures)


def in_words(table: FigureTable) -> str:
    """Return what a chart shows, for whoever does not see it."""
    rows = [
        f"{row.name}: "
        + ", ".join(
            f"{column.lower()} {HIDDEN if figure is None else figure}"
            for column, figure in zip(table.columns, row.figures, strict=True)
        )
        for row in table.rows
    ]
    return visible_text(f"{table.title}. " + "; ".join(rows) + ".")


def svg(table: FigureTable) -> str:
    """Return the chart of a table as SVG, with its title and the figures in words."""
    layout = _layout(table)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {layout.height}" width="{_WIDTH}" '
        f'height="{layout.height}" role="img" aria-labelledby="title text" font-family="Arial, sans-serif">',
        f'<title id="title">{escape(visible_text(table.title))}</title>',
        f'<desc id="text">{escape(in_words(table))}</desc>',
        f'<rect width="{_WIDTH}" height="{layout.height}" fill="{_PAPER}"/>',
    ]
    parts += [
        f'<rect x="{bar.x:.1f}" y="{bar.y:.1f}" width="{bar.width:.1f}" height="{bar.height}" fill="{bar.colour}"/>'
        for bar in layout.bars
    ]
    parts += [
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" font-size="{label.size}" fill="{label.colour}" '
        f'dominant-baseline="central"{" text-anchor=" + chr(34) + "end" + chr(34) if label.right else ""}>'
        f"{escape(visible_text(label.text))}</text>"
        for label in layout.labels
    ]
    return "".join([*parts, "</svg>"])


def png(table: FigureTable) -> bytes:
    """Return the chart of a table as a PNG picture, twice as large as its SVG."""
    from PIL import Image, ImageDraw, ImageFont

    scale, layout = 2, _layout(table)
    picture = Image.new("RGB", (_WIDTH * scale, layout.height * scale), _PAPER)
    draw = ImageDraw.Draw(picture)
    for bar in layout.bars:
        box = (bar.x, bar.y, bar.x + bar.width, bar.y + bar.height)
        draw.rectangle([side * scale for side in box], fill=bar.colour)
    fonts = {size: ImageFont.load_default(size * scale) for size in (_TEXT_SIZE, _TITLE_SIZE)}
    for label in layout.labels:
        anchor = "rm" if label.right else "lm"
        place = (label.x * scale, label.y * scale)
        draw.text(place, label.text, fill=label.colour, font=fonts[label.size], anchor=anchor)
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawn(table: FigureTable) -> list[FigureRow]:
    """Return the rows that are drawn: no total, nothing before the first that has anybody, the last four columns."""
    rows = [FigureRow(name=row.name, figures=row.figures[-_MOST_COLUMNS:]) for row in table.rows if row.name != TOTAL]
    begins = next((place for place, row in enumerate(rows) if any(figure != 0 for figure in row.figures)), 0)
    return rows[begins:][:_MOST_ROWS]


def _layout(table: FigureTable) -> _Layout:
    rows, columns = _drawn(table), table.columns[-_MOST_COLUMNS:]
    shown = [figure for row in rows for figure in row.figures if figure is not None]
    largest = max([*shown, 1])
    room = _WIDTH - 2 * _MARGIN - _NAME_WIDTH - _VALUE_WIDTH
    bars: list[_Bar] = []
    labels = [_Label(_MARGIN, _MARGIN + _TITLE_SIZE / 2, table.title, _TITLE_SIZE, _INK)]
    y = float(_MARGIN + _TITLE)
    x = float(_MARGIN)
    for column, colour in zip(columns, _COLOURS, strict=False):
        bars.append(_Bar(x, y - 6, 12, 12, colour))
        labels.append(_Label(x + 18, y, column, _TEXT_SIZE, _QUIET))
        x += 36 + 7.2 * len(column)
    y += _LEGEND
    for row in rows:
        height = len(columns) * (_BAR + _BETWEEN_BARS) - _BETWEEN_BARS
        labels.append(_Label(_MARGIN, y + height / 2, _cut(row.name), _TEXT_SIZE, _INK))
        for figure, colour in zip(row.figures, _COLOURS, strict=False):
            start, middle = _MARGIN + _NAME_WIDTH, y + _BAR / 2
            width = 0.0 if figure is None else room * figure / largest
            if width:
                bars.append(_Bar(start, y, max(width, 1), _BAR, colour))
            said = HIDDEN if figure is None else f"{figure:,}"
            labels.append(_Label(start + width + 6, middle, said, _TEXT_SIZE, _INK))
            y += _BAR + _BETWEEN_BARS
        y += _BETWEEN_GROUPS
    return _Layout(round(y + _MARGIN - _BETWEEN_GROUPS), bars, labels)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
