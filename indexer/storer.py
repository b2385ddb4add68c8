"""Documents into the store: recognise what is unchanged, cut, embed what is new, save. One batch, one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from indexer.chunking import chunk_document, content_hash
from indexer.prefetch import ahead
from indexer.report import DocumentWords, Progress, Report
from knowledge.domain.library import Acronym, Document, NewChunk, StoredDocument, TextCoverage
from knowledge.language.acronyms import find_acronyms
from knowledge.library import Library
from knowledge.retrieval.embedder import wanted_identity
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import PreparedDocument
from knowledge.storage.source_protocols import Origin, Withdrawal

# Enough chunks for the model to sort by length and fill its batches, few enough to lose little when killed.
BATCH_CHUNKS = 256
# What may wait to be embedded: the reader is ahead by this much, and memory stays flat.
_WAITING_CHUNKS = 4 * BATCH_CHUNKS


@dataclass(frozen=True)
class Item:
    """A document to be stored, with what it was read from and by which source; both are noted with it.

    Without a document: what is stored of that location is known to be unchanged.
    """

    location: str
    document: Document | None = None
    origin: Origin | None = None
    source_id: int | None = None


@dataclass
class Tally:
    """The work done so far."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    chunks_embedded: int = 0
    words: list[DocumentWords] = field(default_factory=list)

    def report(self) -> Report:
        """Return the counts as a report."""
        left_out: Counter[str] = Counter()
        for words in self.words:
            left_out.update(words.left_out)
        return Report(
            words=tuple(self.words),
            words_read=sum(words.words_read for words in self.words),
            words_kept=sum(words.words_kept for words in self.words),
            left_out=dict(left_out),
            unexplained=sum(words.unexplained for words in self.words),
            warnings=tuple(words.warning() for words in self.words if words.incomplete),
            added=len(self.added),
            updated=len(self.updated),
            unchanged=self.unchanged,
            chunks_embedded=self.chunks_embedded,
            added_ids=tuple(self.added),
            updated_ids=tuple(self.updated),
        )


@dataclass(frozen=True)
class _Prepared:
    """A document on its way: whether it is new here; `None` instead of the document when nothing changed."""

    prepared: PreparedDocument | None
    is_new: bool = False
    origin: Origin | None = None
    coverage: tuple[str, TextCoverage] | None = None

    @property
    def weight(self) -> int:
        return len(self.prepared.chunks) if self.prepared else 0


class Storer:
    """Stores documents in one library. A run that is killed loses its last batch and nothing else."""

    def __init__(self, library: Library, progress: Progress) -> None:
        self._library = library
        self._store = library.store
        self._progress = progress

    def store(self, items: Iterable[Item], total: Callable[[], int]) -> Tally:
        """Store documents; unchanged ones cost nothing. Items are drawn in a thread of their own.

        `total` tells how many there will be, as far as is known.
        """
        tally = Tally()
        batch: list[_Prepared] = []
        seen: list[Origin] = []
        counted: dict[str, TextCoverage] = {}
        done = 0
        for prepared in ahead(self._prepared(items), lambda p: p.weight, _WAITING_CHUNKS, self._store.release):
            if prepared.prepared is None:
                tally.unchanged += 1
                if prepared.origin is not None:
                    seen.append(prepared.origin)
                if prepared.coverage is not None:
                    counted.update([prepared.coverage])
            else:
                batch.append(prepared)
                if sum(waiting.weight for waiting in batch) >= BATCH_CHUNKS:
                    self._flush(batch, tally)
            done += 1
            # What waits in the batch is not done yet.
            self._progress(done - len(batch), max(total(), done))
        self._flush(batch, tally)
        if tally.chunks_embedded:
            # Whoever compares with a threshold first need not wait for it.
            self._library.scales.of(self._library.chosen_embedder)
        # The same text in other bytes: the next run need not read it again.
        self._store.sources.set_origins(seen)
        self._store.studies.set_coverage(counted)
        self._progress(done, max(total(), done))
        return tally

    def _prepared(self, items: Iterable[Item]) -> Iterator[_Prepared]:
        checked = False
        for item in items:
            if item.document is None:
                yield _Prepared(None)
                continue
            document = self.with_decisions(item.document)
            digest = content_hash(document)
            stored = self._store.document_at(document.location)
            if stored is not None and stored.content_hash == digest:
                coverage = (document.location, document.coverage) if document.coverage else None
                yield _Prepared(None, origin=item.origin, coverage=coverage)
                continue
            if not checked:
                self._store.set_identity(wanted_identity(self._library.settings, self._library.chosen_embedder))
                checked = True
            chunks = chunk_document(document, self._library.chosen_embedder, self._library.settings.chunk_tokens)
            document = _counted(document, chunks)
            prepared = PreparedDocument(document, digest, chunks, acronyms_in(document), item.origin, item.source_id)
            yield _Prepared(prepared, stored is None)

    def stored(self, document: Document) -> StoredDocument | None:
        """Return what the library has of a document's location."""
        return self._store.document_at(document.location)

    def withdrawn(self) -> dict[str, Withdrawal]:
        """Return what a person removed, by location."""
        return self._store.sources.withdrawn()

    def with_decisions(self, document: Document) -> Document:
        """Return the document with what persons decided of fields that it does not fill in itself."""
        values = self._store.studies.decided(document.location)
        said = document.metadata.model_dump(mode="json", exclude_defaults=True)
        missing = {name: value for name, value in values.items() if name not in said}
        if not missing:
            return document
        metadata = type(document.metadata).model_validate(said | missing)
        return document.model_copy(update={"metadata": metadata})

    def _flush(self, batch: list[_Prepared], tally: Tally) -> None:
        """Embed what no stored chunk has the vector of, store the batch and empty it."""
        documents = [waiting.prepared for waiting in batch if waiting.prepared is not None]
        if not documents:
            return
        identity = wanted_identity(self._library.settings, self._library.chosen_embedder)
        texts = {c.embedding_hash: c.embedded_text for prepared in documents for c in prepared.chunks}
        vectors: dict[str, Vectors] = {}
        missing = set(texts) - self._store.known_embeddings(texts)
        while True:
            # In the order of the text, not of the set: the same library comes out every time.
            new = [key for key in texts if key in missing]
            vectors |= zip(new, self.embed(new, texts) if new else (), strict=True)
            # Another process can have removed a vector that was there a moment ago.
            missing = self._store.save_documents(identity, documents, vectors)
            if not missing:
                break
        ids = self._store.sources.ids([prepared.document.location for prepared in documents])
        for waiting, prepared in zip(batch, documents, strict=True):
            if document_id := ids.get(prepared.document.location):
                (tally.added if waiting.is_new else tally.updated).append(document_id)
                if (coverage := prepared.document.coverage) is not None:
                    tally.words.append(DocumentWords.of(document_id, prepared.document.location, coverage))
        tally.chunks_embedded += len(vectors)
        batch.clear()

    def embed(self, hashes: Sequence[str], texts: dict[str, str]) -> Vectors:
        """Return the vectors of texts by their hashes, shape (len(hashes), dimension)."""
        return self._library.chosen_embedder.embed_documents([texts[key] for key in hashes])


def _counted(document: Document, chunks: Sequence[NewChunk]) -> Document:
    """Return the document with what cutting it into chunks lost, which nothing explains, counted as missing."""
    if document.coverage is None:
        return document
    whole = sum(len(section.text.split()) for section in document.sections)
    lost = whole - sum(len(chunk.text.split()) for chunk in chunks)
    if lost <= 0:
        return document
    kept = max(0, document.coverage.words_kept - lost)
    return document.model_copy(update={"coverage": document.coverage.model_copy(update={"words_kept": kept})})


def acronyms_in(document: Document) -> set[Acronym]:
    """Return the acronyms that a document explains, in its text, headings, title or organisation."""
    texts = [document.metadata.title, document.metadata.organisation or ""]
    texts += [text for section in document.sections for text in (*section.heading_path, section.text)]
    return set(chain.from_iterable(find_acronyms(text) for text in texts))
