"""The second reading of each kind of file. They are imported when the first file of their kind is read."""

import importlib
from collections.abc import Callable

from indexer.parsing.raw.text import RawText

# Of each kind the module of this package, and its function of a file's bytes.
READERS = {
    ".md": "plain.read_markdown",
    ".markdown": "plain.read_markdown",
    ".txt": "plain.read_plain",
    ".text": "plain.read_plain",
    ".vtt": "plain.read_captions",
    ".srt": "plain.read_captions",
    ".csv": "plain.read_delimited",
    ".tsv": "plain.read_delimited",
    ".html": "html.read_page",
    ".htm": "html.read_page",
    ".eml": "html.read_message",
    ".pdf": "pdf.read",
    ".docx": "office_open.read_office",
    ".pptx": "office_open.read_office",
    ".xlsx": "office_open.read_workbook",
    ".xlsm": "office_open.read_workbook",
    ".odt": "open_document.read",
    ".odp": "open_document.read",
    ".ods": "open_document.read",
}


def raw_text(suffix: str, content: bytes) -> RawText | None:
    """Return all text of a file whose parser could read it; `suffix` in lower case, with its dot.

    `None` where its kind has no second reading, or where that one fails: what is stored is not the worse for it.
    """
    if suffix not in READERS:
        return None
    module, _, name = READERS[suffix].partition(".")
    read: Callable[[bytes], RawText] = getattr(importlib.import_module(f"indexer.parsing.raw.{module}"), name)
    try:
        return read(content)
    except Exception:  # noqa: BLE001  # a check of a document must never be why it cannot be stored
        return None
