"""Tasks of the process that reads files: each a function of a file's bytes, its result plain values.

Parsers and their libraries are imported when the first file of their kind comes.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from knowledge.errors import ModelError, SourceError
from knowledge.settings import Settings

if TYPE_CHECKING:
    from indexer.parsing.files import ParsedFile
    from knowledge.privacy.recognisers import PresidioCheck

# What is loaded before a file is read, so that its time and memory are its own and not its libraries'.
_LIBRARIES = {
    ".md": ("indexer.parsing.markdown",),
    ".markdown": ("indexer.parsing.markdown",),
    ".txt": ("indexer.parsing.plain",),
    ".text": ("indexer.parsing.plain",),
    ".html": ("indexer.parsing.html", "trafilatura", "lxml.html"),
    ".htm": ("indexer.parsing.html", "trafilatura", "lxml.html"),
    ".pdf": ("indexer.parsing.pdf", "pypdfium2"),
    ".docx": ("indexer.parsing.word", "docx"),
    ".odt": ("indexer.parsing.opendocument.content", "lxml.etree"),
    ".ods": ("indexer.parsing.opendocument.calc", "lxml.etree"),
    ".odp": ("indexer.parsing.opendocument.impress", "lxml.etree"),
    ".eml": ("indexer.parsing.email_message", "trafilatura", "lxml.html"),
    ".pptx": ("indexer.parsing.slides", "pptx"),
    ".xlsx": ("indexer.parsing.tables", "openpyxl"),
    ".xlsm": ("indexer.parsing.tables", "openpyxl"),
    ".csv": ("indexer.parsing.tables_csv",),
    ".tsv": ("indexer.parsing.tables_csv",),
    ".vtt": ("indexer.parsing.captions", "webvtt"),
    ".srt": ("indexer.parsing.captions", "webvtt"),
    ".ics": ("indexer.sources.calendar", "icalendar", "recurring_ical_events"),
}
_LIBRARIES_OF_TASKS = {
    "form": ("indexer.sources.forms",),
    "rows": ("indexer.sources.spreadsheet",),
    "calendar": _LIBRARIES[".ics"],
    "scan": ("indexer.parsing.pdf", "pypdfium2", "rapidocr"),
    "feed": ("indexer.parsing.feed", "feedparser"),
    "sitemap": ("indexer.parsing.links", "lxml.etree"),
    "links": ("indexer.parsing.links", "lxml.html"),
    "bounces": ("indexer.parsing.bounces",),
}
# A form's answer is cut to a few thousand characters later; a whole book in one need not be sent.
_LONGEST_ANSWER = 20_000
_LONGEST_NAME = 80


def prepare(task: str, arguments: Mapping[str, str | None]) -> None:
    """Import what a task needs."""
    ending = PurePath(arguments.get("name") or "").suffix.lower()
    for module in (*_LIBRARIES_OF_TASKS.get(task, ()), *_LIBRARIES.get(ending, ())):
        importlib.import_module(module)
    if task == "personal_data":
        try:
            _check(str(arguments["name_model"])).find("")  # what it loads is no cost of the text's either
        except ModelError:
            return  # said when the text is looked at


def perform(task: str, content: bytes, arguments: Mapping[str, str | None]) -> object:
    """Return the result of a task, of plain values: mappings, lists, texts, numbers.

    Raises:
        SourceError: The file cannot be read.
    """
    tasks: dict[str, Callable[..., object]] = {
        "file": _file,
        "scan": _scan,
        "form": _form,
        "rows": _rows,
        "calendar": _calendar,
        "feed": _feed,
        "sitemap": _sitemap,
        "links": _links,
        "personal_data": _personal_data,
        "bounces": _bounces,
    }
    return tasks[task](content, **arguments)


def _file(content: bytes, name: str, known_title: str | None) -> object:
    from indexer.parsing import parse_file

    return _plain(parse_file(name, content, known_title))


def _scan(content: bytes, name: str, known_title: str | None) -> object:
    from indexer.parsing.files import parse_scanned

    return _plain(parse_scanned(name, content, known_title))


def _plain(parsed: ParsedFile) -> object:
    return {
        "title": parsed.title,
        "front_matter": dict(parsed.front_matter),
        "sections": [[section.heading_path, section.text, section.locator] for section in parsed.sections],
        "left_out": [list(part) for part in parsed.left_out],
        "coverage": parsed.coverage.model_dump(mode="json") if parsed.coverage else None,
        "problems": list(parsed.problems),
    }


def _form(content: bytes, name: str) -> object:
    from indexer.sources.forms import read_form_bytes

    values = read_form_bytes(name, content)
    return {
        field[:_LONGEST_NAME]: value[:_LONGEST_ANSWER] if isinstance(value, str) else value
        for field, value in values.items()
    }


def _rows(content: bytes, name: str, columns: str, sheet: str | None) -> object:
    from indexer.sources.spreadsheet import read_rows_bytes

    return [[row.number, row.cells] for row in read_rows_bytes(name, content, json.loads(columns), sheet)]


def _calendar(content: bytes, address: str, now: str) -> object:
    from indexer.sources.calendar import calendar_documents
    from indexer.sources.calendar_words import calendar_words

    documents = tuple(calendar_documents(content, address, datetime.fromisoformat(now)))
    return {
        "documents": [document.model_dump(mode="json", exclude_defaults=True) for document in documents],
        "warnings": calendar_words(content, address, documents),
    }


def _feed(content: bytes, address: str) -> object:
    from indexer.parsing.feed import parse_feed

    return [list(entry) for entry in parse_feed(content, address)]


def _sitemap(content: bytes) -> object:
    from indexer.parsing.links import parse_sitemap

    return list(parse_sitemap(content))


def _personal_data(content: bytes, name_model: str) -> object:
    try:
        return [list(found) for found in _check(name_model).find(content.decode())]
    except ModelError as error:
        raise SourceError(str(error)) from None


@functools.cache
def _check(name_model: str) -> PresidioCheck:
    """Return the check for personal data with a name model; it loads what it needs once in this process."""
    from knowledge.privacy.recognisers import PresidioCheck

    return PresidioCheck(Settings(name_model=name_model))


def _links(content: bytes) -> object:
    from indexer.parsing.links import page_links

    return list(page_links(content))


def _bounces(content: bytes) -> object:
    from indexer.parsing.bounces import read_bounces

    messages, found = read_bounces(content)
    return [messages, [list(bounce) for bounce in found]]
