"""Files and folders as a source of documents."""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from indexer.parsing import SUPPORTED_SUFFIXES, parse_file
from indexer.report import FailedSource
from indexer.sources.catalogue import CATALOGUE, metadata_from, read_catalogue
from knowledge.errors import SourceError
from knowledge.types import Document


class FoundFile(NamedTuple):
    """A file and what a catalogue says of it."""

    path: Path
    described: dict[str, object]


class Scan(NamedTuple):
    """The files of one source. `root` is the folder that was walked; `None` for a single file.

    `unread` are folders below it that could not be read: what is in them is not known to be gone.
    """

    root: Path | None
    files: list[FoundFile]
    failed: list[FailedSource]
    unread: tuple[str, ...] = ()


def scan(source: str) -> Scan:
    """Find the files of a path. A folder is walked; hidden files and catalogues are passed over.

    Raises:
        SourceError: There is nothing at that path, or it cannot be looked at.
    """
    try:
        path = Path(source).expanduser().resolve()
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, RuntimeError):
        raise SourceError("this cannot be the path of a file or a folder") from None
    if not is_file and not is_folder:
        raise SourceError("it does not exist; check the spelling, or give a file or a folder that does")
    walk = _Walk()
    if is_file:
        walk.read_catalogue(path.parent)
        return Scan(None, [FoundFile(path, walk.described.get(path, {}))], walk.failed)
    walk.folder(path)
    walk.failed += [
        FailedSource(source=str(file), error=f"{CATALOGUE} names this file, but it is not there")
        for file in walk.described
        if not file.exists()
    ]
    files = [FoundFile(file, walk.described.get(file, {})) for file in walk.files]
    return Scan(path, files, walk.failed, tuple(walk.unread))


def load(file: FoundFile, max_bytes: int) -> Document:
    """Read and parse one file.

    Raises:
        SourceError: It cannot be read, is too large or not of a kind that can be parsed.
    """
    path = file.path
    if path.suffix.lower() not in SUPPORTED_SUFFIXES:
        raise SourceError(
            f"files of this kind ({path.suffix or 'no ending'}) cannot be read; "
            f"save it as {' or '.join(sorted(SUPPORTED_SUFFIXES))}"
        )
    try:
        if (size := path.stat().st_size) > max_bytes:
            raise SourceError(
                f"it has {size / 1e6:.0f} MB and the limit is {max_bytes / 1e6:.0f} MB; "
                "raise HALN_MAX_FILE_MB to read it"
            )
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"it cannot be read ({error.strerror})") from None
    known_title = file.described.get("title")
    parsed = parse_file(path.name, content, str(known_title) if known_title else None)
    return Document(
        location=str(path),
        suggested_id=slug(path.stem),
        metadata=metadata_from(parsed.title, parsed.front_matter, file.described),
        sections=parsed.sections,
    )


def slug(text: str) -> str:
    """A readable id: lower-case letters, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "document"


class _Walk:
    """Goes through folders and collects files, what catalogues say of them, and what could not be read."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.described: dict[Path, dict[str, object]] = {}
        self.failed: list[FailedSource] = []
        self.unread: list[str] = []

    def folder(self, folder: Path) -> None:
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.failed.append(FailedSource(source=str(folder), error=f"it cannot be read ({error.strerror})"))
            self.unread.append(str(folder))
            return
        self.read_catalogue(folder)
        for path in entries:
            if path.name.startswith(".") or path.name == CATALOGUE:
                continue
            if path.is_dir():
                if not path.is_symlink():
                    self.folder(path)
            elif path.is_file():
                self.files.append(path)

    def read_catalogue(self, folder: Path) -> None:
        """What the folder's catalogue says; it may name files in folders below. The nearer catalogue wins."""
        try:
            self.described |= {folder / name: row for name, row in read_catalogue(folder).items()}
        except SourceError as error:
            self.failed.append(FailedSource(source=str(folder / CATALOGUE), error=str(error)))
