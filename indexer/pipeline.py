"""Source to store: load, recognise what is unchanged, chunk, embed what is new, store. One batch, one transaction."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from indexer.chunking import chunk_document, chunking_name, content_hash
from indexer.library import LOCATION_PREFIX, starter_documents, starter_version
from indexer.report import FailedSource, Progress, Report, silent
from indexer.sources.files import Scan, load, scan
from knowledge.errors import SourceError
from knowledge.library import Library
from knowledge.retrieval.acronyms import find_acronyms
from knowledge.settings import Switch
from knowledge.storage.arrays import Vectors
from knowledge.storage.protocols import EmbeddingIdentity, PreparedDocument
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

    def identity(self) -> EmbeddingIdentity:
        """What this indexer's model and chunking are recorded as."""
        embedder = self._library.embedder
        return EmbeddingIdentity(
            model=embedder.name,
            dimension=embedder.dimension,
            chunking=chunking_name(self._library.settings.chunk_tokens),
        )

    def add(self, sources: Sequence[str]) -> Report:
        """Add or refresh files and folders. Documents of a folder whose file is gone are removed.

        Raises:
            LibraryMismatchError: The library was embedded in another way.
        """
        started = time.perf_counter()
        scans: list[Scan] = []
        failed: list[FailedSource] = []
        removed = 0
        for source in sources:
            try:
                scans.append(scan(source))
            except SourceError as error:
                if self._forget_location(source):
                    removed += 1
                else:
                    failed.append(FailedSource(source=source, error=str(error)))
        failed += [FailedSource(source=f.source, error=f.error) for s in scans for f in s.failed]
        broken: list[FailedSource] = []
        total = sum(len(s.files) for s in scans)
        report = self.store_documents(chain.from_iterable(self._load(s, broken) for s in scans), total)
        removed += sum(self._remove_missing(s) for s in scans)
        self._library.index.refresh()
        return report.model_copy(
            update={
                "removed": removed,
                "failed": (*failed, *broken),
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    def ensure_starter_library(self) -> Report | None:
        """Index the starter library where this release's has not been yet; `None` when there was nothing to do."""
        if self._library.settings.starter_library is Switch.OFF:
            return None
        version = starter_version()
        if self._store.flag(_STARTER_FLAG) == version:
            return None
        documents = list(starter_documents())
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
                    self._store.set_identity(self.identity())
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
        """Chunk and embed every document anew from what is stored, then make both indexes anew; the chunks embedded."""
        documents: dict[str, list[NewChunk]] = {}
        stored = self._store.documents()
        for entry in stored:
            document = Document(
                location=entry.location,
                suggested_id=entry.id,
                metadata=entry.metadata,
                sections=self._store.sections(entry.id),
            )
            documents[entry.id] = self._chunk(document)
        texts = {chunk.embedding_hash: chunk.embedded_text for chunks in documents.values() for chunk in chunks}
        vectors: dict[str, Vectors] = {}
        for part in _parts(list(texts), _BATCH_CHUNKS):
            vectors |= zip(part, self._library.embedder.embed_documents([texts[key] for key in part]), strict=True)
            self._progress(len(vectors), len(texts))
        self._store.replace_embeddings(self.identity(), documents, vectors)
        self._store.rebuild_full_text()
        self._library.index.discard()
        self._library.index.refresh()
        return len(vectors)

    def _load(self, found: Scan, broken: list[FailedSource]) -> Iterator[Document]:
        for path, described in found.files:
            try:
                yield load(path, described, self._library.settings.max_file_mb * 1_000_000)
            except SourceError as error:
                broken.append(FailedSource(source=str(path), error=str(error)))

    def _chunk(self, document: Document) -> list[NewChunk]:
        return chunk_document(document, self._library.embedder, self._library.settings.chunk_tokens)

    def _flush(self, batch: list[PreparedDocument]) -> int:
        """Embed what no stored chunk has the vector of, store the batch and empty it; the number embedded."""
        if not batch:
            return 0
        texts = {c.embedding_hash: c.embedded_text for prepared in batch for c in prepared.chunks}
        known = self._store.known_embeddings(texts)
        new = [key for key in texts if key not in known]
        vectors = self._library.embedder.embed_documents([texts[key] for key in new]) if new else ()
        self._store.save_documents(batch, dict(zip(new, vectors, strict=True)))
        batch.clear()
        return len(new)

    def _remove_missing(self, found: Scan) -> int:
        if found.root is None:
            return 0
        present = {str(path) for path, _ in found.files}
        under = self._store.documents(under=f"{found.root}/")
        return sum(self._store.remove_document(entry.id) for entry in under if entry.location not in present)

    def _forget_location(self, source: str) -> bool:
        """Remove the document of a file that is no longer there; whether there was one."""
        path = Path(source).expanduser().resolve()
        stored = self._store.document_at(str(path)) if path.parent.is_dir() else None
        return stored is not None and self._store.remove_document(stored.id)


def _acronyms_in(document: Document) -> set[Acronym]:
    """The acronyms that a document explains, in its text, headings, title or organisation."""
    texts = [document.metadata.title, document.metadata.organisation or ""]
    texts += [text for section in document.sections for text in (*section.heading_path, section.text)]
    return {acronym for text in texts for acronym in find_acronyms(text)}


def _parts(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
