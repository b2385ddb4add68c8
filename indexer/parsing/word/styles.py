"""Names of a Word file's XML, and its styles by their ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# What holds text of a document without being text: content controls, smart tags, tracked insertions, links.
WRAPPERS = frozenset(
    f"{W}{name}"
    for name in ("sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo")
)
# What tracked changes take away; a moved text stands where it was moved to.
REMOVED = frozenset({f"{W}del", f"{W}moveFrom"})
_HEADING = re.compile(r"heading(?: (\d))?$")
_CONTENTS = re.compile(r"(?:toc (?:\d|heading)|table of figures|table of contents)$")
_BODY_LEVEL = 9
_MOST_PARENTS = 20


def value(element: _Element | None, path: str) -> str | None:
    """Return the `w:val` of the child at a path of local names ("pPr/pStyle"); `None` where there is none."""
    found = None if element is None else element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{W}val")


def switch(element: _Element | None, path: str) -> bool | None:
    """Return whether a switch (`w:b`, `w:vanish`) is on; `None` where nothing is said of it."""
    found = None if element is None else element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{W}val") not in ("0", "false", "off", "none")


def number(text: str | None) -> int | None:
    """Return a whole number as attributes write it; `None` for anything else."""
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else None


class Style(NamedTuple):
    """A style's effect on text. `level` is a heading's, 0 the document's title; `None` for text."""

    level: int | None = None
    item: bool = False
    contents: bool = False
    hidden: bool | None = None
    bold: bool | None = None


class Styles:
    """The styles of one document by their ids."""

    def __init__(self, root: _Element | None) -> None:
        elements = () if root is None else root.iterchildren(f"{W}style")
        self._elements = {style.get(f"{W}styleId"): style for style in elements}
        self._known: dict[str | None, Style] = {}

    def style(self, style_id: str | None) -> Style:
        """Return what the style with that id makes of text; an unknown one makes nothing of it."""
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str | None) -> Style:
        result = Style()
        for element in self._chain(style_id):
            name = (value(element, "name") or "").lower()
            level = result.level if result.level is not None else _level(element, name)
            result = Style(
                level,
                result.item or name.startswith("list ") or _is_numbered(element),
                result.contents or bool(_CONTENTS.match(name)),
                result.hidden if result.hidden is not None else switch(element, "rPr/vanish"),
                result.bold if result.bold is not None else switch(element, "rPr/b"),
            )
        return result

    def _chain(self, style_id: str | None) -> list[_Element]:
        """Return the style and those it is based on; a circle of them ends."""
        chain: list[_Element] = []
        while (element := self._elements.get(style_id)) is not None and len(chain) < _MOST_PARENTS:
            chain.append(element)
            style_id = value(element, "basedOn")
        return chain


def outline_level(properties: _Element | None) -> int | None:
    """Return the level of a heading that properties set (1 the outermost), 0 for "body text", `None` for neither."""
    outline = number(value(properties, "outlineLvl"))
    return None if outline is None else outline + 1 if 0 <= outline < _BODY_LEVEL else 0


def _level(style: _Element, name: str) -> int | None:
    if name == "title":
        return 0
    if heading := _HEADING.match(name):
        return int(heading[1] or 1)
    return outline_level(style.find(f"{W}pPr")) or None


def _is_numbered(style: _Element) -> bool:
    return style.find(f"{W}pPr/{W}numPr") is not None and value(style, "pPr/numPr/numId") != "0"
