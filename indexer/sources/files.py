"""Files and folders as a source of documents."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.parsing.files import is_of_other_kind
from indexer.sources.catalogue import CATALOGUE, read_catalogue
from indexer.sources.path_checks import leads_outside, links_outside, require_storable, storable
from indexer.sources.reader_protocol import Failed
from indexer.web.addresses import address_meant, is_address
from knowledge.errors import SourceError

_WILDCARDS = re.compile(r"[*?\[]")
# What office programs leave beside a document that is open, and what Windows and macOS put into folders.
_LOCK_FILE = "~$"
_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})
_MOST_ENDINGS = 10


class FoundFile(NamedTuple):
    """A file and what a catalogue says of it."""

    path: Path
    described: dict[str, object]


class Scan(NamedTuple):
    """The files of one source.

    `address` names it: an absolute path, with its pattern if it has one. `root` is the folder that was walked; `None`
    for a single file and for a pattern. `pages` are the web addresses that catalogues name, with what they say of them.
    `unread` are folders that could not be read: what is in them is not known to be gone. `other` is how many files of
    kinds that are not read there are; `warnings` are what catalogues say that cannot be used.
    """

    address: str
    root: Path | None
    files: list[FoundFile]
    failed: list[Failed]
    pages: dict[str, dict[str, object]]
    unread: tuple[str, ...] = ()
    other: int = 0
    warnings: tuple[str, ...] = ()


def absolute(source: str) -> Path:
    """Return a path as it is known in the library.

    Raises:
        SourceError: It cannot be a path, or it is empty: that would be the folder that somebody happens to be in.
    """
    if not source.strip():
        raise SourceError("an empty address was given; name a file, a folder or a web address")
    require_storable(source)
    try:
        path = Path(source).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise SourceError("this cannot be the path of a file or a folder") from None
    require_storable(str(path))
    return path


def is_pattern(source: str) -> bool:
    """Return whether a source is a pattern of paths (`reports/**/*.pdf`)."""
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
        if (address := address_meant(source)) is not None:
            raise SourceError(f"there is no such file or folder; if the web page is meant, write {address}")
        if is_pattern(source):
            return _matching(path)
        raise SourceError("it does not exist; check the spelling, or give a file or a folder that does")
    walk = _Walk(path.parent if is_file else path)
    if is_file:
        if is_lock_file(path.name):
            raise SourceError("it is what an office program leaves beside an open document; add the document itself")
        walk.read_catalogue(path.parent)
        file = FoundFile(path, walk.described.get(path, {}))
        return Scan(str(path), None, [file], walk.failed, {}, warnings=walk.warnings_of([path]))
    walk.folder(path)
    walk.failed += [
        Failed(
            str(file),
            f"{CATALOGUE} names this file, but it is not there; mend the path there, or remove the row",
            missing=True,
        )
        for file in walk.described
        if _is_missing(file)
    ]
    files = [FoundFile(file, walk.described.get(file, {})) for file in walk.files]
    warnings = (*walk.warnings, *walk.problems.values(), *links_outside(walk.outside), *passed_over(walk.other))
    return Scan(str(path), path, files, walk.failed, walk.pages, tuple(walk.unread), walk.other.total(), warnings)


def is_lock_file(name: str) -> bool:
    """Return whether a file of that name is what an office program leaves beside an open document."""
    return name.startswith(_LOCK_FILE)


def passed_over(other: Counter[str]) -> list[str]:
    """Return one line on files of kinds that are not read, counted by their ending; none where there are none."""
    if not other:
        return []
    names = [ending or "without ending" for ending, _ in sorted(other.items(), key=lambda kind: (-kind[1], kind[0]))]
    listed = ", ".join(names[:_MOST_ENDINGS]) + (", ..." if len(names) > _MOST_ENDINGS else "")
    count = other.total()
    return [f"{count} {'files of other kinds were' if count > 1 else 'file of another kind was'} passed over: {listed}"]


def _is_missing(file: Path) -> bool:
    """Return whether a file is known not to be there; in a folder that may not be looked into, it may be."""
    try:
        return not file.exists()
    except PermissionError:
        return False
    except OSError:
        return True  # no file can have such a name


def _is_clutter(name: str) -> bool:
    """Return whether a file is never a document: hidden files, lock files, catalogues."""
    return name.startswith(".") or is_lock_file(name) or name.lower() in _CLUTTER or name == CATALOGUE


def _matching(pattern: Path) -> Scan:
    """Return the files that a pattern fits, with the catalogues of the folders between its fixed part and each."""
    fixed = next(parent for parent in pattern.parents if not is_pattern(str(parent)))
    if not fixed.is_dir():
        raise SourceError(f"the folder {fixed} does not exist; check the spelling")
    walk = _Walk(fixed)
    found = [path for path in sorted(fixed.glob(str(pattern.relative_to(fixed)))) if not _is_clutter(path.name)]
    fitting = [path for path in walk.usable(found) if path.is_file()]
    if not fitting and not walk.failed and not walk.outside:
        raise SourceError("no file fits this pattern; check its spelling")
    folders = {folder for file in fitting for folder in file.parents if folder == fixed or fixed in folder.parents}
    for folder in sorted(folders):
        walk.read_catalogue(folder)
    files = walk.documents(fitting)
    described = [FoundFile(file, walk.described.get(file, {})) for file in files]
    warnings = (*walk.warnings_of(files), *links_outside(walk.outside), *passed_over(walk.other))
    return Scan(str(pattern), None, described, walk.failed, {}, other=walk.other.total(), warnings=warnings)


def slug(text: str) -> str:
    """Return a readable id: lower-case letters, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "document"


class _Walk:
    """Goes through folders and collects files, what catalogues say of them, and what could not be read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files: list[Path] = []
        self.outside: list[Path] = []
        self.described: dict[Path, dict[str, object]] = {}
        self.pages: dict[str, dict[str, object]] = {}
        self.failed: list[Failed] = []
        self.unread: list[str] = []
        self.other: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.problems: dict[Path | str, str] = {}

    def documents(self, files: Iterable[Path]) -> list[Path]:
        """Return files of kinds that are read; others are counted. What a catalogue describes is asked for by name."""
        kept = []
        for path in files:
            if is_of_other_kind(path.suffix.lower()) and path not in self.described:
                self.other[path.suffix.lower()] += 1
            else:
                kept.append(path)
        return kept

    def usable(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield the paths whose name can be stored and that lie where they seem to; the others are noted."""
        for path in paths:
            try:
                require_storable(path.name)
            except SourceError as error:
                self.failed.append(Failed(storable(str(path)), str(error)))
                continue
            if leads_outside(path, self._root):
                self.outside.append(path)
            else:
                yield path

    def warnings_of(self, files: Iterable[Path]) -> tuple[str, ...]:
        """Return what is wrong with the catalogues, and with what they say of these files."""
        return (*self.warnings, *(self.problems[file] for file in files if file in self.problems))

    def folder(self, folder: Path) -> None:
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.failed.append(Failed(str(folder), f"it cannot be read ({error.strerror})"))
            self.unread.append(str(folder))
            return
        self.read_catalogue(folder)
        for path in self.usable(path for path in entries if not _is_clutter(path.name)):
            if path.is_dir():
                if not path.is_symlink():
                    self.folder(path)
            elif path.is_file():
                self.files += self.documents([path])

    def read_catalogue(self, folder: Path) -> None:
        """Read the folder's catalogue; it may name files in folders below. The nearer catalogue wins."""
        if leads_outside(folder / CATALOGUE, self._root):
            self.outside.append(folder / CATALOGUE)
            return
        try:
            catalogue = read_catalogue(folder)
        except SourceError as error:
            self.failed.append(Failed(str(folder / CATALOGUE), str(error)))
            return
        self.warnings += catalogue.warnings
        for name, row in catalogue.rows.items():
            if is_address(name):
                self.pages[name] = row
            else:
                self.described[folder / name] = row
            place = name if is_address(name) else folder / name
            self.problems.pop(place, None)
            if name in catalogue.problems:
                self.problems[place] = catalogue.problems[name]
