"""Files that were renamed or moved: told by what is in them, so that their documents keep ids and decisions."""

from collections.abc import Collection, Iterable
from pathlib import Path

from indexer.report import Renamed
from indexer.sources.reader_protocol import Known, Loaded
from knowledge.domain.library import Section
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.source_protocols import Withdrawal

_CALENDAR = ".ics"


class Renames:
    """Finds what a file was called before, among the files below one folder that are not there any more."""

    def __init__(self, store: LibraryStore, known: Known, withdrawn: dict[str, Withdrawal]) -> None:
        """Take what a person removed, by location, as `withdrawn`; what moves is moved there too."""
        self._store = store
        self._known = known
        self._withdrawn = withdrawn
        self._vanished: dict[Path, list[str]] = {}

    def take(self, loaded: Loaded, root: Path | None, unread: Collection[str]) -> list[Renamed]:
        """Move the documents of a file that is new where it is from the place where it was; what was moved.

        `root` is the folder that is read, `None` for a single file: then the file's own folder counts. `unread` are
        folders that could not be looked into. A file that was removed by hand under its old name stays removed.
        """
        new = loaded.origin.location
        if "://" in new or self._known.has(new) or new in self._withdrawn:
            return []
        for old in self._gone(root or Path(new).parent, unread):
            if self._is_same(old, loaded):
                ids = self._ids(old)
                self._store.sources.move(old, new)
                if (withdrawal := self._withdrawn.pop(old, None)) is not None:
                    self._withdrawn[new] = withdrawal.model_copy(update={"location": new})
                self._vanished[root or Path(new).parent].remove(old)
                return [Renamed(id=document_id, was=old, now=new) for document_id in ids]
        return []

    def _gone(self, root: Path, unread: Collection[str]) -> list[str]:
        """Return the files below a folder that the library knows and that are not there any more."""
        if root not in self._vanished:
            known = {*map(_file, self._known.stored), *self._withdrawn}
            below = sorted(place for place in known if place.startswith(f"{root}/"))
            unknown = tuple(f"{folder}/" for folder in unread)
            self._vanished[root] = [place for place in below if not place.startswith(unknown) and _is_gone(place)]
        return list(self._vanished[root])

    def _is_same(self, old: str, loaded: Loaded) -> bool:
        """Return whether what was read is what the library has of the old place: the same bytes, or the same text."""
        if (withdrawal := self._withdrawn.get(old)) is not None:
            return withdrawal.replaced_by is None and bool(loaded.origin.digest == withdrawal.digest)
        origin = self._known.origins.get(old)
        if origin is not None and origin.digest and origin.digest == loaded.origin.digest:
            return True
        document = self._store.document_at(old)
        if document is None or len(loaded.documents) != 1:
            return False
        # A catalogue that names the old file only gave it its title: the first heading may be one more or less.
        return _texts(self._store.sections(document.id)) == _texts(loaded.documents[0].sections)

    def _ids(self, location: str) -> list[str]:
        there = [self._store.document_at(location), *self._store.documents(under=f"{location}#")]
        return [document.id for document in there if document is not None]


def _texts(sections: Iterable[Section]) -> list[str]:
    return [section.text for section in sections]


def _file(location: str) -> str:
    """Return the file that a document's location is in: a calendar gives several, named behind a `#`."""
    path, mark, _ = location.rpartition("#")
    return path if mark and path.lower().endswith(_CALENDAR) else location


def _is_gone(path: str) -> bool:
    try:
        return not Path(path).exists()
    except OSError:
        return False
