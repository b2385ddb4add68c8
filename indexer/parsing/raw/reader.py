"""The second reading of each kind of file. Libraries are imported when the first file of their kind is read."""

from collections.abc import Callable

from indexer.parsing.raw.html import read_message, read_page
from indexer.parsing.raw.office_open import read_office, read_workbook
from indexer.parsing.raw.open_document import read_open_document
from indexer.parsing.raw.pdf import read_pdf
from indexer.parsing.raw.plain import read_captions, read_delimited, read_markdown, read_plain
from indexer.parsing.raw.text import RawText

READERS: dict[str, Callable[[bytes], RawText]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
    ".text": read_plain,
    ".vtt": read_captions,
    ".srt": read_captions,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".html": read_page,
    ".htm": read_page,
    ".eml": read_message,
    ".pdf": read_pdf,
    ".docx": read_office,
    ".pptx": read_office,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".odt": read_open_document,
    ".odp": read_open_document,
    ".ods": read_open_document,
}


def raw_text(suffix: str, content: bytes) -> RawText | None:
    """Return all text of a file whose parser could read it; `suffix` in lower case, with its dot.

    `None` where its kind has no second reading, or where that one fails: what is stored is not the worse for it.
    """
    if suffix not in READERS:
        return None
    try:
        return READERS[suffix](content)
    except Exception:  # noqa: BLE001  # a check of a document must never be why it cannot be stored
        return None
