"""Write `docs/commands.md` and `docs/settings.md` from the definitions: `python -m tests.reference_pages`."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer
from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.cli import app
from knowledge.settings import PREFIX, Settings
from tests.conftest import ROOT

_HEAD = "<!-- Written by `python -m tests.reference_pages`: change the definitions, not this page. -->"
_EVERYWHERE = {"--help", "--data-dir"}
_NAMES: dict[Any, str] = {int: "NUMBER", float: "NUMBER", Path: "FILE"}


def pages() -> dict[Path, str]:
    """Return the text of each page by its path."""
    return {ROOT / "docs" / "commands.md": commands_page(), ROOT / "docs" / "settings.md": settings_page()}


def commands_page() -> str:
    """Return every command with its arguments and options, a section a group."""
    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        _HEAD,
        "",
        "`haln` stands for `.venv/bin/haln` where it is installed. Every command takes `--help`,",
        "`--data-dir` and `--network`.",
        "`haln --version` says which version runs. With `--json` a command prints one JSON object on standard output.",
        "Status 0: done. 1: done, but something failed. 2: wrong use. An error is one line that says what to do.",
    ]
    for name, group in _groups(root, "haln"):
        lines += ["", f"## {name}"]
        for command_name, command in sorted(group.commands.items()):
            if not hasattr(command, "commands") and not command.hidden:
                lines += ["", *_command(f"{name} {command_name}", command)]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Return every setting with its default, what it may be, and what it does."""
    lines = [
        "# Settings",
        "",
        _HEAD,
        "",
        "Settings are environment variables. An unknown name that begins with `HALN_`, or a value that does not fit,",
        "is an error that says so.",
        "",
        "| setting | default | may be | what it does |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        cells = (f"`{PREFIX}{name.upper()}`", _default(name, field), _values(field), _flat(field.description or ""))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _groups(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, group
    for child_name, child in group.commands.items():
        if hasattr(child, "commands"):
            yield from _groups(child, f"{name} {child_name}")


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not _EVERYWHERE & set(p.opts)]
    usage = " ".join([name, *(_argument(argument) for argument in arguments)])
    yield f"**`{usage}`** {_flat(inspect.cleandoc(command.help or ''))}"
    if options:
        yield ""
    for option in sorted(options, key=lambda option: option.opts[-1]):
        names = ", ".join(f"`{one}`" for one in [*option.opts, *option.secondary_opts])
        yield f"- {names}{_choices(option)}: {_flat(option.help or '').rstrip('.')}."


def _argument(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper()
    text = f"{name}..." if argument.nargs == -1 and not name.endswith("...") else name
    return text if argument.required or text.startswith("[") else f"[{text}]"


def _choices(option: Any) -> str:
    kind = _type(option.type_descriptor.annotation)
    if option.is_flag:
        return ""
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return f" {', '.join(f'`{one.value}`' for one in kind)}"
    return f" {_NAMES.get(kind, 'TEXT')}"


def _type(annotation: Any) -> Any:
    """Return the type of one value: that of a list's items, that of what may be left out."""
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return _type(inner[0]) if inner else annotation


def _default(name: str, field: FieldInfo) -> str:
    if name == "data_dir":
        return "the system's folder for a program's data"
    value = field.default
    if value is None or isinstance(value, SecretStr) or value == "":
        return "none"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _values(field: FieldInfo) -> str:
    kind = field.annotation
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind)
    bounds = {type(one): one for one in field.metadata}
    low = getattr(bounds.get(Ge), "ge", getattr(bounds.get(Gt), "gt", None))
    high = getattr(bounds.get(Le), "le", getattr(bounds.get(Lt), "lt", None))
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more" if Ge in bounds else f"more than {low}"
    return "a folder" if kind is Path else "text"


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
