"""Documents that another network shows to this one: copied into its library, read only, and gone when unshared.

A copy keeps networks apart: whoever asks here searches one library, and no connection of theirs reaches the other's.
What members shared, asked or said of themselves is never shown, and what was shared is not shown on.
"""

import fnmatch
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.library import LOCATION_PREFIX as STARTER
from indexer.pipeline import Indexer
from knowledge.domain.library import Document, StoredDocument
from knowledge.domain.networks import Network, Share
from knowledge.library import Library
from knowledge.settings import Settings
from knowledge.storage.engines import open_library_store
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.networks import NetworkRegister

SHARED = "network:"
_NEVER = (SHARED, STARTER, "example:")
_FLAG = "shared_documents"


class Followed(NamedTuple):
    """The outcome of a look at what is shared: ids of documents that came, changed and went."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def follow_shares(library: Library) -> Followed:
    """Bring the documents that others show to this library's network up to date; where nothing changed, do nothing.

    Raises:
        HalnError: The register or one of the other libraries cannot be read.
    """
    settings, connections = library.settings, library.stores.connections
    with NetworkRegister.opened(settings, beside=connections) as register:
        networks = {one.name: one for one in register.all()}
        shares = [one for one in register.shares() if one.shared_with == settings.network and one.network in networks]
    there = library.store.sources.stored(SHARED)
    if not shares and not there:
        return Followed()
    wanted: list[Document] = []
    seen: list[str] = [f"{one.network}\0{one.pattern}\0{networks[one.network].title}" for one in shares]
    for name in dict.fromkeys(one.network for one in shares):
        store = open_library_store(settings.for_network(name), connections)
        try:
            seen.append(store.version())
            wanted += _shown(store, networks[name], [one for one in shares if one.network == name])
        finally:
            store.close()
    state = "\n".join(seen)
    if library.store.flag(_FLAG) == state:
        return Followed()
    indexer = Indexer(library)
    gone = sorted(library.store.sources.ids(there - {one.location for one in wanted}).values())
    indexer.drop(gone, gone)
    if library.is_behind:  # what another model has embedded takes nothing in until it is embedded anew
        return Followed(removed=tuple(gone))
    withdrawn = library.store.sources.withdrawn()
    wanted = [one for one in wanted if one.location not in withdrawn]
    report = indexer.store_documents(wanted, len(wanted))
    indexer.drop((), report.updated_ids)
    library.store.set_flag(_FLAG, state)
    return Followed(report.added_ids, report.updated_ids, tuple(gone))


def holds_shared(library: Library) -> bool:
    """Return whether documents of other networks are in a library, of those that were removed, too."""
    return bool(library.store.sources.stored(SHARED))


def count_in_set(settings: Settings, pattern: str) -> int:
    """Return how many documents of the settings' network are in a set that it shows or may show.

    Raises:
        HalnError: Its library cannot be read.
    """
    store = open_library_store(settings)
    try:
        return sum(1 for _ in _stored_in(store, [pattern]))
    finally:
        store.close()


def fits(document: StoredDocument, pattern: str, of_source: set[str]) -> bool:
    """Return whether a document is in a set: its location fits the pattern, is below it, or comes of that source."""
    location = document.location
    return (
        fnmatch.fnmatchcase(location, pattern)
        or location.startswith(f"{pattern.rstrip('/')}/")
        or (location in of_source)
    )


def _shown(store: LibraryStore, network: Network, shares: Sequence[Share]) -> Iterator[Document]:
    for document in _stored_in(store, [one.pattern for one in shares]):
        yield Document(
            location=f"{SHARED}{network.name}/{document.location}",
            suggested_id=f"{network.name}-{document.id}",
            metadata=document.metadata.model_copy(update={"shared_by": network.title, "superseded_by": None}),
            sections=store.sections(document.id),
        )


def _stored_in(store: LibraryStore, patterns: Sequence[str]) -> Iterator[StoredDocument]:
    sources = {
        pattern: store.sources.locations(source.id)
        for pattern in patterns
        if (source := store.sources.at(pattern)) is not None
    }
    for document in store.documents():
        if document.location.startswith(_NEVER):
            continue
        if any(fits(document, pattern, sources.get(pattern, set())) for pattern in patterns):
            yield document
