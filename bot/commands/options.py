"""Options that several commands share, the settings, and reading and writing files."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

    from knowledge.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where everything is kept (or set HALN_DATA_DIR).", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Batch = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        help="A file with one question or query a line ('-' for standard input); prints JSON lines.",
    ),
]


def load_settings(data_dir: Path | None = None) -> "Settings":
    """Return the settings from the environment, with logging set up as they say.

    Raises:
        SettingsError: One is unknown or out of bounds, or there is no such network.
    """
    from bot.logging_setup import set_up_logging
    from knowledge.domain.networks import MAIN
    from knowledge.settings import Settings

    settings = Settings.from_environment(data_dir=data_dir)
    set_up_logging(settings.log_level, settings.log_format)
    if settings.network != MAIN:
        from knowledge.networks.directory import require_known

        require_known(settings)
    return settings


def print_json(value: "BaseModel | dict[str, object]") -> None:
    """Print one JSON object on one line of standard output, written out at once."""
    from knowledge.domain.visible_text import visible_json

    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value.model_dump_json()
    print(visible_json(text), flush=True)


def batch_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a batch file without their line ends.

    Raises:
        SourceError: The file cannot be read.
    """
    from knowledge.errors import SourceError

    if str(path) == "-":
        yield from (line.rstrip("\n") for line in sys.stdin)
        return
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SourceError(f"{path} cannot be read ({problem}). Give a text file with one line each.") from None
    yield from text.split("\n")[: -1 if text.endswith("\n") else None]


def read_json(path: Path, *, lines: bool = False) -> list[dict[str, Any]]:
    """Return the JSON object in a file ('-' for standard input), or the objects on its lines.

    Raises:
        SourceError: The file cannot be read.
        QuestionError: It does not hold JSON objects.
    """
    from knowledge.errors import QuestionError

    texts = list(batch_lines(path))
    name = "Standard input" if str(path) == "-" else str(path)
    try:
        values = [json.loads(text) for text in texts if text.strip()] if lines else [json.loads("\n".join(texts))]
    except ValueError as error:
        raise QuestionError(f"{name} is not JSON ({error}).") from None
    if not values or not all(isinstance(value, dict) for value in values):
        raise QuestionError(f"{name} holds no JSON object.")
    # Halves of a character, which JSON may hold as escapes, are in no text that can be kept.
    return [json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) for value in values]


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        SourceError: It cannot be written.
    """
    from knowledge.errors import SourceError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{path} cannot be written ({error.strerror}).") from None


def moment(iso: str) -> str:
    """Return an ISO 8601 moment (UTC where it says no zone) in this machine's own time: "22 November 2026, 09:05"."""
    local = datetime.fromisoformat(iso).astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"
