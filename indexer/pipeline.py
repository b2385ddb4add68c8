"""Source to store: load, recognise what is unchanged, chunk, embed what is new, store. One batch, one transaction."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from indexer.chunking import chunk_document, content_hash
from indexer.library import LOCATION_PREFIX, starter_documents, starter_version
from indexer.report import FailedSource, Progress, Report, silent
from indexer.sources.files import FoundFile, Scan, load, scan
from knowledge.errors import SourceError
from knowledge.library import Library
from knowledge.retrieval.acronyms import find_acronyms
from knowledge.retrieval.identity import wanted_identity
from knowledge.settings import Switch
from knowledge.storage.arrays import Vectors
from knowledge.storage.protocols import PreparedDocument
from knowledge.types import Acronym, Document, NewChunk

# Enough chunks for the model to sort by length and fill its batches, few enough to lose little when killed.
_BATCH_CHUNKS = 256
_STARTER_FLAG = "starter_library"


class Indexer:
    """Brings documents into one library. A run that is killed loses its last batch and nothing else."""

    def __init__(self, library: Library, progress: Progress = silent) -> None:
        self._library = library
        self._store = library.store
        self._progress = progress

    def add(self, sources: Sequence[str]) -> Report:
        """Add or refresh files and folders. Documents whose file or folder is gone are removed.

        Raises:
            LibraryMismatchError: The library was embedded in another way.
        """
        started = time.perf_counter()
        scans: list[Scan] = []
        failed: list[FailedSource] = []
        removed = 0
        for source in sources:
            gone = self._remove_gone(source)
            removed += gone
            try:
                scans.append(scan(source))
            except SourceError as error:
                if not gone:
                    failed.append(FailedSource(source=source, error=str(error)))
        failed += [failure for found in scans for failure in found.failed]
        # A file may be named twice, by itself and by its folder.
        files = {file.path: file for found in scans for file in found.files}
        broken: list[FailedSource] = []
        report = self.store_documents(self._load(files.values(), broken), len(files))
        removed += sum(self._remove_missing(found) for found in scans)
        self._library.index.refresh()
        return report.model_copy(
            update={
                "removed": removed,
                "failed": (*failed, *broken),
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    def ensure_starter_library(self) -> Report | None:
        """Index the starter library where this release's has not been yet; `None` when there was nothing to do.

        An item that somebody removed stays away.
        """
        if self._library.settings.starter_library is Switch.OFF:
            return None
        version = starter_version()
        if self._store.flag(_STARTER_FLAG) == version:
            return None
        documents = [d for d in starter_documents() if not self._store.was_removed(d.suggested_id)]
        report = self.store_documents(documents, len(documents))
        current = {document.location for document in documents}
        for stored in self._store.documents(under=LOCATION_PREFIX):
            if stored.location not in current:
                self._store.remove_document(stored.id)
        self._library.index.refresh()
        self._store.set_flag(_STARTER_FLAG, version)
        return report

    def store_documents(self, documents: Iterable[Document], total: int) -> Report:
        """Store documents that are loaded already; unchanged ones cost nothing."""
        counts = {"added": 0, "updated": 0, "unchanged": 0, "chunks_embedded": 0}
        batch: list[PreparedDocument] = []
        done, checked = 0, False
        for document in documents:
            digest = content_hash(document)
            stored = self._store.document_at(document.location)
            if stored is not None and stored.content_hash == digest:
                counts["unchanged"] += 1
            else:
                if not checked:
                    self._store.set_identity(wanted_identity(self._library.settings, self._library.embedder))
                    checked = True
                counts["added" if stored is None else "updated"] += 1
                batch.append(PreparedDocument(document, digest, self._chunk(document), _acronyms_in(document)))
                if sum(len(prepared.chunks) for prepared in batch) >= _BATCH_CHUNKS:
                    counts["chunks_embedded"] += self._flush(batch)
            done += 1
            # What waits in the batch is not done yet.
            self._progress(done - len(batch), max(total, done))
        counts["chunks_embedded"] += self._flush(batch)
        self._progress(done, max(total, done))
        return Report(**counts)

    def rebuild(self) -> int:
        """Chunk and embed every document anew from what is stored, then make both indexes anew; the chunks embedded.

        What other processes store meanwhile is taken in: the library is replaced only when all of it is embedded.
        """
        identity = wanted_identity(self._library.settings, self._library.embedder)
        vectors: dict[str, Vectors] = {}
        while True:
            version = self._store.version()
            documents = self._all_chunks()
            texts = {chunk.embedding_hash: chunk.embedded_text for chunks in documents.values() for chunk in chunks}
            for part in _parts([key for key in texts if key not in vectors], _BATCH_CHUNKS):
                vectors |= zip(part, self._embed(part, texts), strict=True)
                self._progress(len(vectors), max(len(vectors), len(texts)))
            if self._store.replace_embeddings(identity, documents, {key: vectors[key] for key in texts}, version):
                break
        self._store.rebuild_full_text()
        self._library.index.discard()
        self._library.index.refresh()
        return len(vectors)

    def _all_chunks(self) -> dict[str, list[NewChunk]]:
        """The chunks of every stored document, cut anew, by document id."""
        return {
            entry.id: self._chunk(
                Document(
                    location=entry.location,
                    suggested_id=entry.id,
                    metadata=entry.metadata,
                    sections=self._store.sections(entry.id),
                )
            )
            for entry in self._store.documents()
        }

    def _load(self, files: Iterable[FoundFile], broken: list[FailedSource]) -> Iterator[Document]:
        for file in files:
            try:
                yield load(file, self._library.settings.max_file_mb * 1_000_000)
            except SourceError as error:
                broken.append(FailedSource(source=str(file.path), error=str(error)))

    def _chunk(self, document: Document) -> list[NewChunk]:
        return chunk_document(document, self._library.embedder, self._library.settings.chunk_tokens)

    def _embed(self, hashes: Sequence[str], texts: dict[str, str]) -> Vectors:
        return self._library.embedder.embed_documents([texts[key] for key in hashes])

    def _flush(self, batch: list[PreparedDocument]) -> int:
        """Embed what no stored chunk has the vector of, store the batch and empty it; the number embedded."""
        if not batch:
            return 0
        identity = wanted_identity(self._library.settings, self._library.embedder)
        texts = {c.embedding_hash: c.embedded_text for prepared in batch for c in prepared.chunks}
        vectors: dict[str, Vectors] = {}
        missing = set(texts) - self._store.known_embeddings(texts)
        while True:
            # In the order of the text, not of the set: the same library comes out every time.
            new = [key for key in texts if key in missing]
            vectors |= zip(new, self._embed(new, texts) if new else (), strict=True)
            # Another process can have removed a vector that was there a moment ago.
            missing = self._store.save_documents(identity, batch, vectors)
            if not missing:
                break
        batch.clear()
        return len(vectors)

    def _remove_gone(self, source: str) -> int:
        """Remove the documents of a file or folder that is not there any more; how many there were."""
        try:
            path = Path(source).expanduser().resolve()
            if path.exists():
                return 0
        except (OSError, RuntimeError):  # no such path can have been added
            return 0
        there = [self._store.document_at(str(path)), *self._store.documents(under=f"{path}/")]
        return sum(self._store.remove_document(entry.id) for entry in there if entry is not None)

    def _remove_missing(self, found: Scan) -> int:
        """Remove the documents of a folder whose file is not in it any more; how many there were."""
        if found.root is None:
            return 0
        present = {str(file.path) for file in found.files} | set(found.unread)
        under = self._store.documents(under=f"{found.root}/")
        gone = [e for e in under if not any(e.location == p or e.location.startswith(f"{p}/") for p in present)]
        return sum(self._store.remove_document(entry.id) for entry in gone)


def _acronyms_in(document: Document) -> set[Acronym]:
    """The acronyms that a document explains, in its text, headings, title or organisation."""
    texts = [document.metadata.title, document.metadata.organisation or ""]
    texts += [text for section in document.sections for text in (*section.heading_path, section.text)]
    return set(chain.from_iterable(find_acronyms(text) for text in texts))


def _parts(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
