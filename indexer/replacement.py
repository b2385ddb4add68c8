"""A document's new edition: another file or page that takes the place of the one that it was read from."""

from indexer.registry import SourceRegistry
from knowledge.domain.examples import LOCATION_PREFIX as EXAMPLES
from knowledge.errors import SourceError
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.source_protocols import SourceKind

_ONE_DOCUMENT = frozenset({SourceKind.FILE, SourceKind.PAGE})


def place_of_edition(store: LibraryStore, registry: SourceRegistry, document_id: str, named: str) -> list[str]:
    """Say in the library that a document is where its new edition is, once that can be read; it is still to be stored.

    `registry` is one for a dry run. A document of its own that the new edition has already is removed; returns its id
    in a list, else an empty one. The file of the old edition is left away from then on.

    Raises:
        SourceError: There is no such document, or not one document there; nothing has changed then.
    """
    document = store.document(document_id)
    if document is None:
        raise SourceError(f"There is no document with the id {document_id}. `haln index list` shows ids.")
    if document.location.startswith(EXAMPLES):
        raise SourceError(f"{document_id} is a shared example; `haln examples edit` changes it.")
    reading = registry.open(named)
    found = [item.document for item in registry.items(reading, {}) if item.document is not None]
    problems = [str(reading.error)] if reading.error else [failure.error for failure in reading.failed]
    if problems:
        raise SourceError(f"{named}: {problems[0]}")
    if reading.source.kind not in _ONE_DOCUMENT or len(found) != 1:
        raise SourceError(f"{named} is not one document; name the file or the web page of the new edition.")
    place = found[0].location
    if place == document.location:
        return []
    removed = [other.id for other in [store.document_at(place)] if other is not None]
    for other_id in removed:
        store.remove_document(other_id)
    store.sources.move(document.location, place, document_id)
    return removed
