"""The second reading of each kind of file. They are imported when the first file of their kind is read."""

import importlib
from collections.abc import Callable

from indexer.parsing.raw.text import RawText

# A function `read(content)` in a module of this package.
READERS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
    ".vtt": "captions",
    ".srt": "captions",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".html": "html",
    ".htm": "html",
    ".eml": "message",
    ".pdf": "pdf",
    ".docx": "office_open",
    ".pptx": "office_open",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".odt": "open_document",
    ".odp": "open_document",
    ".ods": "open_document",
}


def raw_text(suffix: str, content: bytes) -> RawText | None:
    """Return all text of a file whose parser could read it; `suffix` in lower case, with its dot.

    `None` where its kind has no second reading, or where that one fails: what is stored is not the worse for it.
    """
    if suffix not in READERS:
        return None
    read: Callable[[bytes], RawText] = importlib.import_module(f"indexer.parsing.raw.{READERS[suffix]}").read
    try:
        return read(content)
    except Exception:  # noqa: BLE001  # a check of a document must never be why it cannot be stored
        return None
