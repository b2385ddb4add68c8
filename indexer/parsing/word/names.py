"""Names of WordprocessingML: its namespace, and how its switches and values are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
