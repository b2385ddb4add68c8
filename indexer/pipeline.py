"""The front door of indexing: add sources, refresh them, remove documents, rebuild the library."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from indexer.embeddings import catch_up, rebuild_embeddings
from indexer.enrichment import study
from indexer.library import LOCATION_PREFIX, is_stored, set_stored
from indexer.library.documents import starter_documents
from indexer.preview import Preview, preview
from indexer.registry import SourceReading, SourceRegistry, due, vanished_error
from indexer.removal import Removal, find_source, is_same, remove, remove_vanished, vanished_file
from indexer.replacement import place_of_edition
from indexer.report import FailedSource, Progress, Report, silent
from indexer.sandbox import Sandbox
from indexer.sources.page_reader import target
from indexer.storer import Item, Storer
from indexer.web.fetcher import Fetcher
from knowledge.answering.stored import withdraw_quotes
from knowledge.dates import utc_now
from knowledge.domain.library import Document
from knowledge.errors import HalnError, SourceError
from knowledge.library import Library
from knowledge.settings import Switch
from knowledge.storage.source_protocols import Source


class Indexer:
    """Brings documents into one library. A run that is killed loses its last batch and nothing else."""

    def __init__(
        self,
        library: Library,
        progress: Progress = silent,
        *,
        fetcher: Fetcher | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._library = library
        self._store = library.store
        self._progress = progress
        self._storer = Storer(library, progress)
        self._fetcher = fetcher or Fetcher(library.settings)
        self._sandbox = Sandbox()
        self._now = now

    def add(self, sources: Sequence[str], depth: int = 0, *, again: bool = False) -> Report:
        """Register sources (paths, patterns of paths, web addresses) and bring the library up to date with them.

        `depth` is how many links from a web page are followed on its own site. What a person removed comes back where
        it is named itself, or with its folder or site where `again` is said.

        Raises:
            LibraryMismatchError: The library was embedded in another way.
        """
        registry = SourceRegistry(self._library, self._fetcher, self._sandbox, self._now)
        vanished = [gone for source in sources for gone in vanished_file(self._store, source)]

        def opened(named: str) -> SourceReading | None:
            if any(is_same(named, location) for location, _ in vanished):
                return None
            reading = registry.open(named, depth)
            withdrawn = self._store.sources.withdrawn()
            # A page is stored where it was found in the end.
            for place in {reading.source.address, target(reading.source.address, registry.known())}:
                if again or place in withdrawn:
                    self._store.sources.readmit(place)
            return reading

        return self._run(registry, dict.fromkeys(sources), opened, vanished)

    def preview(self, sources: Sequence[str], depth: int = 0) -> Preview:
        """Return what `add` would store and leave out; nothing is stored, and no model is needed."""
        registry = SourceRegistry(self._library, self._fetcher, self._sandbox, self._now, dry_run=True)
        try:
            return preview(registry, self._storer, sources, depth)
        finally:
            self._fetcher.close()
            self._sandbox.close()

    def replace(self, document_id: str, named: str) -> Report:
        """Read a document's new edition from a file or web page; it keeps its id, decisions and sources.

        Raises:
            SourceError: There is no such document, or not one document there; nothing has changed then.
            LibraryMismatchError: The library was embedded in another way.
        """
        checked = SourceRegistry(self._library, self._fetcher, self._sandbox, self._now, dry_run=True)
        try:
            removed = place_of_edition(self._store, checked, document_id, named)
        finally:
            self._sandbox.close()
        self._forget_text(removed)
        report = self.add([named], again=True)
        ids = (*removed, *report.removed_ids)
        return report.model_copy(update={"removed": len(ids), "removed_ids": ids})

    def refresh(self, named: Sequence[str] = (), *, everything: bool = False) -> Report:
        """Bring registered sources up to date: those named by address or number, else all.

        A source whose server asked to wait is left alone until then, unless it is named or `everything` is said.

        Raises:
            SourceError: There is no such source.
            LibraryMismatchError: The library was embedded in another way.
        """
        sources = self._named(named) if named else self._store.sources.all()
        chosen = sources if named or everything else due(sources, self._now())
        claimed = [source for source in chosen if self._library.claims.claim(f"source {source.id}")]
        try:
            return self._refreshed(sources, chosen, claimed)
        finally:
            for source in claimed:
                self._library.claims.release(f"source {source.id}")

    def _refreshed(self, sources: Sequence[Source], wanted: Sequence[Source], chosen: Sequence[Source]) -> Report:
        """Read the `chosen` sources again; those that are `wanted` and not chosen are being read by another process."""
        by_address = {source.address: source for source in chosen}
        vanished = [gone for source in chosen for gone in vanished_file(self._store, source.address)]
        registry = SourceRegistry(self._library, self._fetcher, self._sandbox, self._now)

        def opened(address: str) -> SourceReading | None:
            if any(location == address for location, _ in vanished):
                return None  # another source may find it under another name
            try:
                return registry.reopen(by_address[address])
            except HalnError as error:
                self._store.sources.checked(by_address[address].id, error=str(error), read=False)
                raise

        report = self._run(registry, by_address, opened, vanished)
        failed = []
        for address, _ in vanished:
            if (source := self._store.sources.at(address)) is not None:
                failed.append(FailedSource(source=address, error=vanished_error(source)))
                self._store.sources.checked(source.id, error=vanished_error(source), read=False)
        waiting = tuple(
            FailedSource(
                source=s.address,
                error="another process is reading it just now"
                if s in wanted
                else f"its server asked to wait until {s.not_before}; it is read after that",
            )
            for s in sources
            if s not in chosen
        )
        return report.model_copy(update={"failed": (*report.failed, *failed, *waiting)})

    def remove(self, named: Sequence[str]) -> Removal:
        """Remove documents by id, and sources with all their documents by address or number."""
        removal = remove(self._store, named)
        study(self._library)
        self._forget_text(removal.removed)
        self._library.refresh_indexes()
        return removal

    def drop(self, documents: Sequence[str], changed: Sequence[str]) -> None:
        """Remove documents by id that belong here no more, and see to all that hangs on those that `changed`."""
        for document_id in documents:
            self._store.remove_document(document_id)
        study(self._library)
        self._forget_text(changed)
        self._library.refresh_indexes()

    def decide(self, decisions: Mapping[tuple[str, str], object | None]) -> None:
        """Carry out what persons decided of fields, by document id and field: a value, or `None` to leave it empty."""
        documents: dict[str, Document] = {}
        for (document_id, field), value in decisions.items():
            if (stored := self._store.document(document_id)) is not None:
                self._store.studies.decide(stored.location, field, value)
                documents[document_id] = Document(
                    location=stored.location,
                    suggested_id=document_id,
                    metadata=stored.metadata,
                    sections=self._store.sections(document_id),
                    coverage=self._store.studies.coverage(document_id),
                )
        self.store_documents(documents.values(), len(documents))
        study(self._library)

    def ensure_starter_library(self) -> Report | None:
        """Index the starter library where this release's has not been yet; `None` when there was nothing to do.

        An item that somebody removed stays away.
        """
        if self._library.settings.starter_library is Switch.OFF:
            return None
        # A library that another model has embedded answers as it is until it is embedded anew.
        if is_stored(self._store) or self._library.is_behind:
            return None
        documents = [d for d in starter_documents() if not self._store.was_removed(d.suggested_id)]
        elsewhere = self._store.sources.withdrawn()  # its new edition is
        documents = [document for document in documents if document.location not in elsewhere]
        # Before the model is loaded: a person who waits wants to know for what.
        self._progress(0, len(documents))
        report = self.store_documents(documents, len(documents))
        current = {document.location for document in documents}
        for stored in self._store.documents(under=LOCATION_PREFIX):
            if stored.location not in current:
                self._store.remove_document(stored.id)
        study(self._library)
        self._library.refresh_indexes()
        set_stored(self._store)
        return report

    def store_documents(self, documents: Iterable[Document], total: int) -> Report:
        """Store documents that are loaded already; unchanged ones cost nothing.

        A library that another model has embedded is embedded anew first.
        """
        catch_up(self._library, self._progress)
        items = (Item(document.location, document) for document in documents)
        return self._storer.store(items, lambda: total).report()

    def rebuild(self) -> int:
        """Chunk and embed every document anew from what is stored, then make both indexes anew; the chunks embedded.

        What other processes store meanwhile is taken in: the library is replaced only when all of it is embedded.
        """
        embedded = rebuild_embeddings(self._library, self._progress)
        self._store.rebuild_full_text()
        self._library.index.discard()
        self._library.lexical.discard()
        self._library.refresh_indexes()
        return embedded

    def _run(
        self,
        registry: SourceRegistry,
        addresses: Iterable[str],
        opened: Callable[[str], SourceReading | None],
        vanished: Sequence[tuple[str, str]],
    ) -> Report:
        """Read sources one after the other, store what they give, then remove what is gone.

        `vanished` are the documents, by location and id, whose file is gone unless a source finds it elsewhere.
        """
        started = time.perf_counter()
        catch_up(self._library, self._progress)
        failed: list[FailedSource] = []
        readings: list[SourceReading] = []
        for address in addresses:
            try:
                if (reading := opened(address)) is not None and reading.source.id not in {
                    r.source.id for r in readings
                }:
                    readings.append(reading)
            except HalnError as error:
                failed.append(FailedSource(source=address, error=str(error)))

        withdrawn = self._store.sources.withdrawn()

        def items() -> Iterator[Item]:
            seen: set[str] = set()
            for reading in readings:
                for item in registry.items(reading, withdrawn):
                    # A file may be named twice, by itself and by its folder.
                    if item.location not in seen:
                        seen.add(item.location)
                        yield item

        def total() -> int:
            return sum(reading.reader.total for reading in readings)

        try:
            tally = self._storer.store(items(), total)
        finally:
            self._fetcher.close()
            self._sandbox.close()
        gone = [document for reading in readings for document in registry.close(reading)]
        ids = (
            *remove_vanished(self._store, vanished),
            *(document.id for document in gone if self._store.remove_document(document.id)),
        )
        study(self._library)
        self._forget_text([*ids, *tally.updated])
        self._library.refresh_indexes()
        for reading in readings:
            if reading.error is not None:
                failed.append(FailedSource(source=reading.source.address, error=str(reading.error)))
            failed += [FailedSource(source=failure.location, error=failure.error) for failure in reading.failed]
        report = tally.report()
        notes = [text for reading in readings for text in reading.reader.warnings]
        return report.model_copy(
            update={
                "removed": len(ids),
                "removed_ids": ids,
                "failed": tuple(dict.fromkeys(failed)),
                "renamed": tuple(renamed for reading in readings for renamed in reading.renamed),
                "left_away": tuple(dict.fromkeys(gone for reading in readings for gone in reading.left_away)),
                "warnings": tuple(dict.fromkeys([*notes, *report.warnings])),
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    def _forget_text(self, documents: Sequence[str]) -> None:
        """Leave nothing of what these documents (ids) said before, neither in answers given nor in the file."""
        if documents:
            self._store.request_scrub()
            withdraw_quotes(documents, self._library.questions, self._store)
            self._store.scrub()

    def _named(self, named: Sequence[str]) -> list[Source]:
        sources = self._store.sources.all()
        found = {name: find_source(sources, name) for name in named}
        if missing := [name for name, source in found.items() if source is None]:
            raise SourceError(f"{missing[0]} is not a source of this library; `haln index sources` lists them.")
        return [source for source in found.values() if source is not None]


def publisher(library: Library) -> Callable[[Document], None]:
    """Return the publisher for `knowledge.examples.examples.Examples`. Every process finds what it published."""

    def publish(document: Document) -> None:
        Indexer(library).store_documents([document], 1)

    return publish
