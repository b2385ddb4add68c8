"""Files and folders as a source of documents."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.parsing import parse_file
from indexer.sources.catalogue import CATALOGUE, metadata_from, read_catalogue
from knowledge.errors import SourceError
from knowledge.types import Document


class Failure(NamedTuple):
    """A source that gave no document, and why, in words that say what to do."""

    source: str
    error: str


class Scan(NamedTuple):
    """The files of one source. `root` is the folder that was walked; `None` for a single file."""

    root: Path | None
    files: list[tuple[Path, dict[str, object]]]
    failed: list[Failure]


def scan(source: str) -> Scan:
    """Find the files of a path. A folder is walked; hidden files and the catalogue are passed over.

    Raises:
        SourceError: There is nothing at that path.
    """
    path = Path(source).expanduser().resolve()
    if path.is_file():
        described = read_catalogue(path.parent).get(path.name, {})
        return Scan(None, [(path, described)], [])
    if not path.is_dir():
        raise SourceError(f"{source} does not exist. Check the spelling, or give a file or a folder that does.")
    try:
        catalogue, failed = read_catalogue(path), []
    except SourceError as error:
        catalogue, failed = {}, [Failure(str(path / CATALOGUE), str(error))]
    files = [(file, catalogue.pop(file.relative_to(path).as_posix(), {})) for file in _walk(path)]
    failed += [
        Failure(str(path / name), "catalogue.csv names this file, but it is not there")
        for name in catalogue
        if not (path / name).exists()
    ]
    return Scan(path, files, failed)


def load(path: Path, described: dict[str, object], max_bytes: int) -> Document:
    """Read and parse one file; `described` is what a catalogue says of it.

    Raises:
        SourceError: It cannot be read, is too large or not of a kind that can be parsed.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise SourceError(
                f"it has {size / 1e6:.0f} MB and the limit is {max_bytes / 1e6:.0f} MB; "
                "raise HALN_MAX_FILE_MB to read it"
            )
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"it cannot be read ({error.strerror})") from None
    known_title = described.get("title")
    parsed = parse_file(path.name, content, str(known_title) if known_title else None)
    return Document(
        location=str(path),
        suggested_id=slug(path.stem),
        metadata=metadata_from(parsed.title, parsed.front_matter, described),
        sections=parsed.sections,
    )


def slug(text: str) -> str:
    """A readable id: lower-case letters, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "document"


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == CATALOGUE:
            continue
        if path.is_dir():
            if not path.is_symlink():
                yield from _walk(path)
        else:
            yield path
