"""Holds a calendar's words against those of its events: what is said where some are left out or missing."""

from collections.abc import Sequence

from indexer.parsing.coverage import text_coverage
from indexer.parsing.parsed import Parsed
from indexer.parsing.raw import calendar
from indexer.report import DocumentWords
from knowledge.domain.library import Document
from knowledge.errors import SourceError


def calendar_words(content: bytes, location: str, documents: Sequence[Document]) -> list[str]:
    """Return what an editor may want to know of a calendar's words, in a line; nothing where all of them are stored."""
    try:
        raw = calendar.read(content)
    except SourceError:
        return []  # a check of a calendar must never be why it cannot be read
    sections = [section for document in documents for section in document.sections]
    coverage = text_coverage(raw, Parsed(None, {}, []), sections, None)
    words = DocumentWords.of(location, location, coverage)
    if words.incomplete:
        return [f"{location}: {words.line()}: look whether its events are whole, or export it again"]
    return [f"{location}: {words.line()}"] if "cancelled events" in words.left_out else []
