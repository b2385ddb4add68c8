"""The namespaces of OpenDocument, as lxml writes them before a name."""

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
