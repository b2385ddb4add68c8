"""A filled-in form from a file: JSON, YAML, or a document whose headings say what each part is."""

import json
import sys
from pathlib import Path, PurePath

import yaml

from indexer.parsing import SUPPORTED_SUFFIXES, parse_file
from indexer.parsing.front_matter import load_yaml, plain
from indexer.sandbox import Limits, Sandbox
from indexer.sources.form_labels import field_of, fields_from, labelled_parts, opening_title
from indexer.sources.page_reader import file_name
from indexer.web.fetcher import Fetcher
from knowledge.domain.library import Section
from knowledge.errors import SourceError
from knowledge.examples.form import FORM_FIELDS, OPTIONAL_TAGS
from knowledge.settings import Settings

STANDARD_INPUT = "-"
# A form has a few thousand characters; reading back what a whole book says would keep the bot from its members.
_LIMITS = Limits(output_bytes=2**20)
_QUOTE = "Put column names, and other text with signs like ? or a colon, in quotation marks."
_WRITTEN = frozenset({".md", ".markdown"})
_OBJECTS = frozenset({".json", ".yaml", ".yml", ""})


def read_form_file(path: Path, max_bytes: int) -> dict[str, object]:
    """Return what a file says, by field name. "-" is standard input, as JSON or YAML.

    Of a document, the parts under headings that fit none of the form's questions count as what was done. Bold lines and
    the cells of a table in a Word file are such headings, too.

    Raises:
        SourceError: It cannot be read, or is of no kind that can be.
    """
    if str(path) == STANDARD_INPUT:
        return read_form_safely(STANDARD_INPUT, sys.stdin.read(max_bytes).encode("utf-8", "replace"))
    _require_readable(path)
    try:
        if (size := path.stat().st_size) > max_bytes:
            raise SourceError(f"{path} has {size / 1e6:.0f} MB; HALN_MAX_FILE_MB allows {max_bytes / 1e6:.0f}.")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise SourceError(
            f"{path} cannot be read ({reason}). Give the path of a file, or - for standard input."
        ) from None
    return read_form_safely(str(path), content)


def read_form_safely(name: str, content: bytes) -> dict[str, object]:
    """Read a form as `read_form_bytes` does, in a process for this file alone: no two people's files meet.

    Raises:
        SourceError: It cannot be read, is of no kind that can be, or costs too much to read.
    """
    with Sandbox(_LIMITS) as sandbox:
        return sandbox.form(name, content)


def read_form_bytes(name: str, content: bytes) -> dict[str, object]:
    """Read a form as `read_form_file` does, from bytes, in this process; `name` tells by its ending what it is.

    For what comes from somebody else there is `read_form_safely`.

    Raises:
        SourceError: It cannot be read, or is of no kind that can be.
    """
    path = PurePath(name)
    _require_readable(path)
    if path.suffix.lower() in _OBJECTS:
        try:
            return read_object(name, content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SourceError(f"{name} is not UTF-8 text. Save it as UTF-8.") from None
    try:
        parsed = parse_file(path.name, content)
    except SourceError as error:
        raise SourceError(f"{name}: {error}.") from None
    # In Markdown somebody has written these fields; of other files programs say who made them.
    known = FORM_FIELDS if path.suffix.lower() in _WRITTEN else OPTIONAL_TAGS
    described = {field: value for field, value in parsed.front_matter.items() if field in known}
    parts = _word_parts(content) if path.suffix.lower() == ".docx" else _parts(parsed.sections)
    # A title that was only made of the file's name gives way to one that the file itself has.
    own_title = {"title": title} if (title := opening_title(parts)) else {}
    return {"title": parsed.title, **own_title, **fields_from(parts), **described}


def _require_readable(path: PurePath) -> None:
    if path.suffix.lower() not in _OBJECTS | SUPPORTED_SUFFIXES:
        known = ", ".join(sorted((_OBJECTS | SUPPORTED_SUFFIXES) - {""}))
        raise SourceError(f"{path}: examples are read from {known}.")


def read_object(name: str, text: str) -> dict[str, object]:
    """Return the object that a text holds as JSON or YAML.

    Raises:
        SourceError: It holds none.
    """
    said = "Standard input" if name == STANDARD_INPUT else name
    try:
        values = plain(json.loads(text))
    except SourceError as error:
        raise SourceError(f"{said} cannot be used: {error}.") from None
    except (ValueError, RecursionError) as problem:
        if name.endswith(".json"):
            raise SourceError(f"{name} is not valid JSON ({str(problem)[:200]}).") from None
        try:
            values = load_yaml(text, yaml.SafeLoader)
        except SourceError as error:
            raise SourceError(f"{said} cannot be used: {error}.") from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = " ".join(str(error).split())[:200]
            raise SourceError(f"{said} is neither JSON nor YAML ({reason}). {_QUOTE}") from None
    if not isinstance(values, dict):
        raise SourceError(f"{said} must hold one object: each field's name with its value.")
    return {str(field): value for field, value in values.items()}


def _word_parts(content: bytes) -> list[tuple[str | None, str]]:
    from indexer.parsing.word.form_parts import form_parts

    parts: list[tuple[str | None, str]] = []
    for part in form_parts(content):
        parts += labelled_parts(part.label, part.text)
    return parts


def _parts(sections: tuple[Section, ...]) -> list[tuple[str | None, str]]:
    """Return sections by the innermost heading that asks for something, else by their own."""
    parts: list[tuple[str | None, str]] = []
    for section in sections:
        headings = reversed(section.heading_path)
        label = next((heading for heading in headings if field_of(heading) is not None), None)
        own = section.heading_path[-1] if section.heading_path else None
        parts += labelled_parts(label or own, section.text)
    return parts


def read_form_page(settings: Settings, address: str) -> dict[str, object]:
    """Return what a page, or a file at a web address, says, by field name.

    Whoever gives the address is a member, not the operator: this machine, its network and its files stay out of reach
    whatever HALN_WEB_PRIVATE allows.

    Raises:
        SourceError: It cannot be had or read, or must not be.
        SourceBusyError: It may be had later.
    """
    fetcher = Fetcher(settings.model_copy(update={"web_private": "off"}))
    try:
        fetched = fetcher.fetch(address)
    finally:
        fetcher.close()
    if fetched is None:
        raise SourceError("the server did not send the page; try again later")
    return read_form_safely(file_name(fetched), fetched.content)
