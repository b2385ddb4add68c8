"""Holds a calendar's words against those of its events: what is said where some are left out or missing."""

import re
from collections.abc import Sequence
from itertools import chain

from indexer.parsing.blocks import LeftOut, Parsed
from indexer.parsing.coverage import text_coverage
from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode
from indexer.report import DocumentWords
from knowledge.domain.library import Document
from knowledge.errors import SourceError

_SAID = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})
_FOLDED = re.compile(r"\r?\n[ \t]")
_TAG = re.compile(r"<[^<>]{0,500}>")


def calendar_words(content: bytes, location: str, documents: Sequence[Document]) -> list[str]:
    """Return what an editor may want to know of a calendar's words, in a line; nothing where all of them are stored."""
    try:
        raw = _raw_text(content)
    except SourceError:
        return []  # a check of a calendar must never be why it cannot be read
    sections = [section for document in documents for section in document.sections]
    coverage = text_coverage(raw, Parsed(None, {}, []), sections, None)
    words = DocumentWords.of(location, location, coverage)
    if words.incomplete:
        return [f"{location}: {words.line()}: look whether its events are whole, or export it again"]
    return [f"{location}: {words.line()}"] if "cancelled events" in words.left_out else []


def _raw_text(content: bytes) -> RawText:
    """Return the lines of all events; those of cancelled ones stand aside."""
    events: list[list[str]] = []
    cancelled: list[list[str]] = []
    inside: list[str] = []
    said: list[str] = []
    is_cancelled = withdraws = False
    for line in _FOLDED.sub("", decode(content)).splitlines():
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "METHOD":
            withdraws = value.strip().upper() == "CANCEL"
        elif name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] == "VEVENT":
                said, is_cancelled = [], withdraws
        elif name == "END" and inside:
            if inside.pop() == "VEVENT":
                events.append(said)
                cancelled += [said] if is_cancelled else []
        elif inside[-1:] == ["VEVENT"]:
            if name in _SAID:
                said += _plain(value).splitlines()
            elif name == "STATUS":
                is_cancelled = is_cancelled or value.strip().upper() == "CANCELLED"
    aside = [LeftOut("cancelled events", "\n".join(chain.from_iterable(cancelled)))] if cancelled else []
    return RawText(list(chain.from_iterable(events)), aside)


def _plain(value: str) -> str:
    text = re.sub(r"\\[nN]", "\n", value)
    return _TAG.sub(" ", re.sub(r"\\([,;\\])", r"\1", text))
