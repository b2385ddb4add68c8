"""Files and folders as a source of documents."""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from indexer.sources.catalogue import CATALOGUE, read_catalogue
from indexer.sources.reading import Failed
from indexer.web.addresses import is_address
from knowledge.errors import SourceError

_WILDCARDS = re.compile(r"[*?\[]")


class FoundFile(NamedTuple):
    """A file and what a catalogue says of it."""

    path: Path
    described: dict[str, object]


class Scan(NamedTuple):
    """The files of one source.

    `address` names it: an absolute path, with its pattern if it has one. `root` is the folder that was walked; `None`
    for a single file and for a pattern. `pages` are the web addresses that catalogues name, with what they say of them.
    `unread` are folders that could not be read: what is in them is not known to be gone.
    """

    address: str
    root: Path | None
    files: list[FoundFile]
    failed: list[Failed]
    pages: dict[str, dict[str, object]]
    unread: tuple[str, ...] = ()


def absolute(source: str) -> Path:
    """A path as it is known in the library.

    Raises:
        SourceError: It cannot be a path.
    """
    try:
        return Path(source).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise SourceError("this cannot be the path of a file or a folder") from None


def is_pattern(source: str) -> bool:
    """Whether a source is a pattern of paths (`reports/**/*.pdf`)."""
    return _WILDCARDS.search(source) is not None


def scan(source: str) -> Scan:
    """Find the files of a path or pattern. A folder is walked; hidden files and catalogues are passed over.

    Raises:
        SourceError: There is nothing at that path, or it cannot be looked at.
    """
    path = absolute(source)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):
        raise SourceError("this cannot be the path of a file or a folder") from None
    if not is_file and not is_folder:
        if is_pattern(source):
            return _matching(path)
        raise SourceError("it does not exist; check the spelling, or give a file or a folder that does")
    walk = _Walk()
    if is_file:
        walk.read_catalogue(path.parent)
        return Scan(str(path), None, [FoundFile(path, walk.described.get(path, {}))], walk.failed, {})
    walk.folder(path)
    walk.failed += [
        Failed(str(file), f"{CATALOGUE} names this file, but it is not there; mend the path there, or remove the row")
        for file in walk.described
        if not file.exists()
    ]
    files = [FoundFile(file, walk.described.get(file, {})) for file in walk.files]
    return Scan(str(path), path, files, walk.failed, walk.pages, tuple(walk.unread))


def _matching(pattern: Path) -> Scan:
    """The files that a pattern fits, with the catalogues of the folders between its fixed part and each."""
    fixed = next(parent for parent in pattern.parents if not is_pattern(str(parent)))
    if not fixed.is_dir():
        raise SourceError(f"the folder {fixed} does not exist; check the spelling")
    found = sorted(fixed.glob(str(pattern.relative_to(fixed))))
    files = [path for path in found if path.is_file() and path.name != CATALOGUE and not path.name.startswith(".")]
    if not files:
        raise SourceError("no file fits this pattern; check its spelling")
    walk = _Walk()
    folders = {folder for file in files for folder in file.parents if folder == fixed or fixed in folder.parents}
    for folder in sorted(folders):
        walk.read_catalogue(folder)
    return Scan(str(pattern), None, [FoundFile(file, walk.described.get(file, {})) for file in files], walk.failed, {})


def slug(text: str) -> str:
    """A readable id: lower-case letters, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "document"


class _Walk:
    """Goes through folders and collects files, what catalogues say of them, and what could not be read."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.described: dict[Path, dict[str, object]] = {}
        self.pages: dict[str, dict[str, object]] = {}
        self.failed: list[Failed] = []
        self.unread: list[str] = []

    def folder(self, folder: Path) -> None:
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.failed.append(Failed(str(folder), f"it cannot be read ({error.strerror})"))
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
            rows = read_catalogue(folder)
        except SourceError as error:
            self.failed.append(Failed(str(folder / CATALOGUE), str(error)))
            return
        self.pages |= {name: row for name, row in rows.items() if is_address(name)}
        self.described |= {folder / name: row for name, row in rows.items() if not is_address(name)}
