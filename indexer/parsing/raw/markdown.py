"""The words of a Markdown text that a reader sees: without its front matter, the targets of its links and its marks."""

import re

from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(?=[^\n]*:).*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNSEEN = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^<>]{0,500}>|(?<=\])\([^()\s]*(?:\s+\"[^\"\n]*\")?\)|!\[[^\]\n]*\](?:\([^)\n]*\))?"
    r"|^\[[^\]\n]+\]:\s*\S+.*$|^[ \t]*(?:```|~~~)[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
_ORDINAL = re.compile(r"^[ \t>]*\d{1,9}[.)][ \t]+", re.MULTILINE)


def read(content: bytes) -> RawText:
    """Return all lines of a Markdown text."""
    text = _FRONT_MATTER.sub("", decode(content).replace("\r\n", "\n"), count=1)
    return RawText(_ORDINAL.sub("", _UNSEEN.sub(" ", text)).splitlines(), [])
