"""Removal of documents: by id, by their source, or because their file was deleted."""

from collections.abc import Sequence

from indexer.sources.files import absolute
from indexer.sources.path_checks import storable
from indexer.web.addresses import is_address, normalised
from knowledge.domain.library import Noun
from knowledge.errors import HalnError, SourceError
from knowledge.storage.library_protocols import Erased, LibraryStore
from knowledge.storage.source_protocols import Source


class Removal(Noun):
    """The things taken out: ids of documents, addresses of sources that are forgotten, and names that are neither."""

    removed: tuple[str, ...]
    sources: tuple[str, ...]
    not_found: tuple[str, ...]


def remove(store: LibraryStore, named: Sequence[str]) -> Removal:
    """Remove documents by id, and sources with the documents that they alone gave by address or number."""
    removed: list[str] = []
    forgotten: list[str] = []
    unknown: list[str] = []
    for name in dict.fromkeys(map(storable, named)):
        document = store.document(name)
        if document is not None:
            # A refresh of its source must not bring it back.
            store.note_erasure(Erased.DOCUMENT, document.location)
            store.sources.withdraw(document.location)
            store.remove_document(name)
            removed.append(name)
            continue
        source = find_source(store.sources.all(), name)
        ids = _remove_all(store, source.address if source else name, source)
        if source is not None:
            forgotten.append(source.address)
        elif not ids:
            unknown.append(name)
        removed += ids
    return Removal(removed=tuple(removed), sources=tuple(forgotten), not_found=tuple(unknown))


def vanished_file(store: LibraryStore, named: str) -> list[tuple[str, str]]:
    """Return the documents, by location and id, of a file no longer in its folder: they go, unless it was moved.

    Where the folder is not there either, a drive may not be connected: nothing is gone.
    """
    if is_address(named):
        return []
    try:
        path = absolute(named)
        if path.exists() or not path.parent.is_dir():
            return []
    except (OSError, SourceError):
        return []  # no such path can have been added
    there = [store.document_at(str(path)), *store.documents(under=f"{path}#")]
    return [(entry.location, entry.id) for entry in there if entry is not None]


def remove_vanished(store: LibraryStore, vanished: Sequence[tuple[str, str]]) -> list[str]:
    """Remove what `vanished_file` found, unless its file was found elsewhere meanwhile; the ids."""
    there = [(location, store.document(document_id)) for location, document_id in vanished]
    gone = [entry.id for location, entry in there if entry is not None and entry.location == location]
    return [document_id for document_id in gone if store.remove_document(document_id)]


def find_source(sources: Sequence[Source], name: str) -> Source | None:
    """Return the source of that address or number."""
    return next((s for s in sources if name == str(s.id) or is_same(name, s.address)), None)


def is_same(named: str, address: str) -> bool:
    """Return whether a text as typed names that address."""
    try:
        return (normalised(named) if is_address(named) else str(absolute(named))) == address
    except HalnError:
        return False


def _remove_all(store: LibraryStore, name: str, source: Source | None) -> list[str]:
    """Remove the documents that came from an address, and forget its source."""
    locations = store.sources.remove(source.id) if source else set[str]()
    try:
        address = normalised(name) if is_address(name) else str(absolute(name))
    except SourceError:
        return []
    # Events that a calendar does not list any more, and documents from before sources were kept.
    below = [f"{address}#"] if is_address(name) else [f"{address}#", f"{address}/"]
    locations |= {document.location for beginning in below for document in store.documents(under=beginning)}
    found = (store.document_at(location) for location in sorted({*locations, address}))
    return [document.id for document in found if document is not None and store.remove_document(document.id)]
