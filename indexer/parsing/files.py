"""One file to title, metadata and sections. Parsers are imported when the first file of their kind is read."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import NamedTuple

from indexer.parsing.blocks import LeftOut, Parsed, to_sections
from indexer.parsing.coverage import text_coverage
from indexer.parsing.raw import raw_text
from indexer.parsing.raw.text import RawText
from indexer.parsing.scans import INSTALL, PICTURES, SCAN, can_recognise, parse_scan
from indexer.parsing.text import printable
from knowledge.domain.library import Section, TextCoverage
from knowledge.errors import SourceError

# The parser of each kind of file: a function `parse(content, known_title)` in a module of this package.
_PARSERS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "word",
    ".pptx": "slides",
    ".xlsx": "tables",
    ".xlsm": "tables",
    ".odt": "opendocument.content",
    ".ods": "opendocument.calc",
    ".odp": "opendocument.impress",
    ".csv": "tables_csv",
    ".tsv": "tables_csv",
    ".eml": "email_message",
    ".vtt": "captions",
    ".srt": "captions",
}
SUPPORTED_SUFFIXES = frozenset(_PARSERS)
CALENDAR_SUFFIX = ".ics"
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".svg", ".ico"})
# Older forms of these, and near relations: what to save them as.
_SAVE_AS = {
    ".doc": ".docx",
    ".rtf": ".docx",
    ".ppt": ".pptx",
    ".xls": ".xlsx",
    ".epub": ".html or .pdf",
}
# Part of what tells whether a file must be read again: grows when parsers read the same bytes in another way.
PARSERS_VERSION = 4


class ParsedFile(NamedTuple):
    """The text of a file. `title` is its own, or its name when it has none. Plain data that can be written as JSON."""

    title: str
    front_matter: Mapping[str, object]
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    coverage: TextCoverage | None = None
    problems: tuple[str, ...] = ()


def parse_file(name: str, content: bytes, known_title: str | None = None) -> ParsedFile:
    """Parse a file's bytes by its name's ending.

    `known_title` is its title when somebody said it, e.g. in a catalogue.

    Raises:
        SourceError: The bytes are not what the name says, cannot be read, or there is no text in them.
    """
    path = PurePath(name)
    suffix = path.suffix.lower()
    require_supported(suffix)
    if suffix in PICTURES:
        raise SourceError(f"{SCAN} or picture, which is read in a process of its own")
    if not content:
        raise SourceError("the file is empty (0 bytes), so there is no text in it; download or save it again")
    parse: Callable[[bytes, str | None], Parsed]
    parse = importlib.import_module(f"indexer.parsing.{_PARSERS[suffix]}").parse
    try:
        parsed = parse(content, known_title)
    except (SourceError, MemoryError):  # the memory: for whoever set the limit to say
        raise
    except RecursionError:
        raise SourceError("it is nested too deep to be read; save it in a simpler form") from None
    except Exception as error:
        # A damaged file can make a library stumble in ways that nobody foresaw, and must not stop the other files.
        problem = f"{type(error).__name__}: {str(error)[:200]}"
        raise SourceError(f"it is damaged ({problem}); save or download it again") from error
    raw = raw_text(suffix, content)
    return _as_file(path, parsed, known_title, raw)


def parse_scanned(name: str, content: bytes, known_title: str | None = None) -> ParsedFile:
    """Return what text recognition reads in a scan or picture, its words held against all that it recognised.

    Raises:
        SourceError: It cannot be opened, or there is no text in it.
    """
    path = PurePath(name)
    parsed, lines = parse_scan(path.suffix.lower(), content, known_title)
    return _as_file(path, parsed, known_title, RawText(lines, []))


def _as_file(path: PurePath, parsed: Parsed, known_title: str | None, raw: RawText | None) -> ParsedFile:
    sections = to_sections(parsed.blocks)
    if not sections:
        raise SourceError("there is no text in it; check that it is the right file")
    title = known_title or parsed.title or path.stem.replace("-", " ").replace("_", " ")
    coverage = text_coverage(raw, parsed, sections, known_title) if raw is not None else None
    return ParsedFile(
        " ".join(printable(title).split())[:300], parsed.metadata, sections, parsed.left_out, coverage, parsed.problems
    )


def require_supported(suffix: str) -> None:
    """Accept the ending (lower case, with its dot) of a kind of file that can be read.

    Raises:
        SourceError: It is of another kind; the message says what to save it as.
    """
    if suffix in SUPPORTED_SUFFIXES:
        return
    if suffix in PICTURES and can_recognise():
        return
    if suffix in _PICTURES:
        hint = f"; or {INSTALL} and add it again" if suffix in PICTURES else ""
        raise SourceError(
            f"pictures ({suffix}) have no text to read; if this is a scan of a text, make it a PDF, run text "
            f"recognition (OCR) over it and add that{hint}"
        )
    other = _SAVE_AS.get(suffix, f"one of {', '.join(sorted({*SUPPORTED_SUFFIXES, CALENDAR_SUFFIX}))}")
    raise SourceError(f"files of this kind ({suffix or 'no ending'}) cannot be read; save it as {other}")


def is_of_other_kind(suffix: str) -> bool:
    """Return whether files with that ending (lower case, with its dot) are no documents: pictures, programs, archives.

    An older form of a document (`.doc`) is one: what it says is missed until somebody saves it anew.
    """
    return suffix not in SUPPORTED_SUFFIXES and suffix != CALENDAR_SUFFIX and suffix not in _SAVE_AS
