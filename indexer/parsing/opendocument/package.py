"""An OpenDocument file unpacked: its content, its styles, and what it says of itself."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.archives import check_archive
from indexer.parsing.xml import parse_xml
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element


_URN = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}"
DRAW = _URN.format("drawing")
FO = _URN.format("xsl-fo-compatible")
META = _URN.format("meta")
OFFICE = _URN.format("office")
PRESENTATION = _URN.format("presentation")
STYLE = _URN.format("style")
SVG = _URN.format("svg-compatible")
TABLE = _URN.format("table")
TEXT = _URN.format("text")
DC = "{http://purl.org/dc/elements/1.1/}"
_MOST_PARENTS = 20
_BOLD = frozenset({"bold", "600", "700", "800", "900"})


class InheritedStyle(NamedTuple):
    """A style and those it goes back to, nearest first: their elements, and the names that people see."""

    elements: tuple[_Element, ...]
    names: tuple[str, ...]

    def says(self, attribute: str) -> str | None:
        """Return what the nearest of them says by an attribute of its properties; `None` where none does."""
        for element in self.elements:
            for properties in element:
                said: str | None = properties.get(attribute)
                if said is not None:
                    return said
        return None

    @property
    def hides_text(self) -> bool:
        """Return whether text in this style is not shown."""
        return self.says(f"{TEXT}display") == "none"

    @property
    def is_bold(self) -> bool:
        """Return whether text in this style is bold."""
        return self.says(f"{FO}font-weight") in _BOLD

    @property
    def hides_sheet(self) -> bool:
        """Return whether a sheet in this style is not shown."""
        return self.says(f"{TABLE}display") == "false"

    @property
    def hides_slide(self) -> bool:
        """Return whether a slide in this style is not shown."""
        return self.says(f"{PRESENTATION}visibility") == "hidden"


class Package:
    """The parts of an OpenDocument file that hold text."""

    def __init__(self, content: bytes, kind: str) -> None:
        """Read a file whose body is of a kind: "text", "spreadsheet" or "presentation".

        Raises:
            SourceError: It is damaged, protected, of another kind, or made to exhaust the reader.
        """
        check_archive(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "content.xml" not in names:
                raise SourceError("it is not an OpenDocument file; open it in LibreOffice and save it again")
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise SourceError("it is protected with a password; save it without one and add it again")
            root = parse_xml(archive.read("content.xml"))
            styles = parse_xml(archive.read("styles.xml")) if "styles.xml" in names else None
            about = parse_xml(archive.read("meta.xml")) if "meta.xml" in names else None
        body = root.find(f"{OFFICE}body/{OFFICE}{kind}")
        if body is None:
            raise SourceError(f"it is an OpenDocument file, but no {kind}; give it the ending of its own kind")
        self.body: _Element = body
        self.title = _said(about, f"{DC}title")
        self.author = _said(about, f"{DC}creator") or _said(about, f"{META}initial-creator")
        self._elements: dict[tuple[str, str], _Element] = {}
        self._styles: dict[tuple[str, str], InheritedStyle] = {}
        for source in (styles, root):
            for element in () if source is None else source.iter(f"{STYLE}style"):
                self._elements[element.get(f"{STYLE}family") or "", element.get(f"{STYLE}name") or ""] = element

    def style(self, family: str, name: str | None) -> InheritedStyle:
        """Return a style of a family ("paragraph", "text", "table", ...) with those that it goes back to."""
        key = family, name or ""
        if key not in self._styles:
            self._styles[key] = self._resolved(*key)
        return self._styles[key]

    def _resolved(self, family: str, name: str) -> InheritedStyle:
        elements: list[_Element] = []
        names: list[str] = []
        while (element := self._elements.get((family, name))) is not None and len(elements) < _MOST_PARENTS:
            elements.append(element)
            names.append(element.get(f"{STYLE}display-name") or _plain_name(name))
            name = element.get(f"{STYLE}parent-style-name") or ""
        # A style that is not in the file is one that every program knows.
        return InheritedStyle(tuple(elements), (*names, _plain_name(name)))


def _plain_name(name: str) -> str:
    """Return a style's name without the codes that stand for its spaces: `Heading_20_1`."""
    return re.sub(r"_([0-9a-f]{2})_", lambda code: chr(int(code[1], 16)), name)


def _said(about: _Element | None, tag: str) -> str | None:
    found = None if about is None else next(about.iter(tag), None)
    return None if found is None else " ".join((found.text or "").split()) or None
