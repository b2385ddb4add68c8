"""A filled-in form from a file: JSON, YAML, or a document whose headings say what each part is."""

import json
import re
import sys
from pathlib import Path, PurePath

import yaml

from indexer.parsing import SUPPORTED_SUFFIXES, parse_file
from indexer.parsing.yaml_text import load_yaml, plain
from indexer.sandbox import Limits, Sandbox
from knowledge.domain.library import Section
from knowledge.errors import SourceError
from knowledge.examples.form import FORM_FIELDS

STANDARD_INPUT = "-"
# A form has a few thousand characters; reading back what a whole book says would keep the bot from its members.
_LIMITS = Limits(output_bytes=2**20)
_QUOTE = "Put column names, and other text with signs like ? or a colon, in quotation marks."
_OBJECTS = frozenset({".json", ".yaml", ".yml", ""})
# Words in a heading that say which question of the form the part below it answers; the first that fits decides.
_HEADINGS = (
    ("differently", r"differently|lesson|learn|next time|advice|watch out|would (?:we|you|they)"),
    ("measured", r"measur|evaluat|evidence|how (?:do|did) (?:we|you|they) know"),
    ("what_happened", r"happen|result|outcome|impact|achiev|difference"),
    ("for_whom", r"for whom|who (?:is|was|it)|why|aim|need|background|context|problem"),
    ("what", r"what|did|do|approach|activit|project|about|summary|introduction"),
)


def read_form_file(path: Path, max_bytes: int) -> dict[str, object]:
    """What a file says, by field name. "-" is standard input, as JSON or YAML.

    Of a document, the parts under headings that fit none of the form's questions count as what was done.

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
    """As `read_form_bytes`, in a process for this file alone: what one person gives meets nothing of another's.

    Raises:
        SourceError: It cannot be read, is of no kind that can be, or costs too much to read.
    """
    with Sandbox(_LIMITS) as sandbox:
        return sandbox.form(name, content)


def read_form_bytes(name: str, content: bytes) -> dict[str, object]:
    """As `read_form_file`, for what is at hand already, read in this process; `name` tells by its ending what it is.

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
    described = {field: value for field, value in parsed.front_matter.items() if field in FORM_FIELDS}
    return {"title": parsed.title, **_parts(parsed.sections), **described}


def _require_readable(path: PurePath) -> None:
    if path.suffix.lower() not in _OBJECTS | SUPPORTED_SUFFIXES:
        known = ", ".join(sorted((_OBJECTS | SUPPORTED_SUFFIXES) - {""}))
        raise SourceError(f"{path}: examples are read from {known}.")


def read_object(name: str, text: str) -> dict[str, object]:
    """The object that a text holds as JSON or YAML.

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


def _parts(sections: tuple[Section, ...]) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    for section in sections:
        parts.setdefault(_field(section.heading_path), []).append(section.text)
    return {field: "\n\n".join(texts) for field, texts in parts.items()}


def _field(heading_path: tuple[str, ...]) -> str:
    for heading in reversed(heading_path):
        for field, words in _HEADINGS:
            if re.search(rf"\b(?:{words})", heading.lower()):
                return field
    return "what"
