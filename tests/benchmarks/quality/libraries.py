"""Collections indexed once and kept: building takes minutes, comparing should not."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.evaluation.retrieval import Collection
from indexer import chunking
from indexer.chunking import chunk_document, content_hash
from indexer.pipeline import Indexer
from indexer.report import Progress, silent
from knowledge.domain.library import Document, StoredDocument
from knowledge.language import acronyms, sentences
from knowledge.library import Library
from knowledge.retrieval.embedder import Embedder, wanted_identity
from knowledge.settings import Settings, Switch
from knowledge.storage.sqlite import migrations

# The code that decides what is stored: when it changes, so does the library that it builds.
_MAKERS = (chunking, sentences, acronyms, migrations)
_AT_ONCE = 256


@contextmanager
def built(
    collection: Collection,
    settings: Settings,
    embedder: Embedder,
    cache: Path,
    progress: Progress = silent,
    *,
    headings: bool = True,
) -> Iterator[Library]:
    """A library of the collection, from the cache where the same was built before.

    Without `headings` the model sees the chunks' text only; everything else is the same.
    """
    folder = cache / _key(collection, settings, embedder, headings=headings)
    own = settings.model_copy(update={"data_dir": folder, "starter_library": Switch.OFF})
    if not folder.exists():
        # Built under another name: what is there under its own is whole.
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        if headings:
            _index(collection, own.model_copy(update={"data_dir": unfinished}), embedder, progress)
        else:
            with built(collection, settings, embedder, cache, progress) as usual:
                source = usual.settings.data_dir
            # Without the shared memory of whoever has it open: SQLite makes that anew.
            shutil.copytree(source, unfinished, ignore=shutil.ignore_patterns("*-shm"))
            embed_text_only(own.model_copy(update={"data_dir": unfinished}), embedder, progress)
        unfinished.rename(folder)
    library = _opened(own, embedder)
    try:
        yield library
    finally:
        library.close()


def _opened(settings: Settings, embedder: Embedder) -> Library:
    return Library.open(settings, lambda _: embedder, make_reranker=lambda _: None)


def _key(collection: Collection, settings: Settings, embedder: Embedder, *, headings: bool) -> str:
    digest = hashlib.sha256(wanted_identity(settings, embedder).model_dump_json().encode())
    digest.update(f"headings {headings} {migrations.STEPS}".encode())
    for module in _MAKERS:
        digest.update(Path(module.__file__).read_bytes())
    for document in collection.documents:
        digest.update(f"{document.location} {content_hash(document)}\n".encode())
    return f"{collection.name.replace(' ', '-')}-{digest.hexdigest()[:16]}"


def _index(collection: Collection, settings: Settings, embedder: Embedder, progress: Progress) -> None:
    library = _opened(settings, embedder)
    Indexer(library, progress).store_documents(collection.documents, len(collection.documents))
    library.refresh_indexes()
    library.close()


def embed_text_only(settings: Settings, embedder: Embedder, progress: Progress = silent) -> None:
    """Embed a library's chunks anew without their titles and headings; nothing else changes."""
    library = _opened(settings, embedder)
    chunks = {
        entry.id: [
            chunk.model_copy(
                update={
                    "embedded_text": chunk.text,
                    "embedding_hash": hashlib.sha256(chunk.text.encode()).hexdigest(),
                }
            )
            for chunk in chunk_document(_document(library, entry), embedder, settings.chunk_tokens)
        ]
        for entry in library.store.documents()
    }
    texts = {chunk.embedding_hash: chunk.text for made in chunks.values() for chunk in made}
    identity, keys = wanted_identity(settings, embedder), list(texts)
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        vectors = embedder.embed_documents([texts[key] for key in part])
        library.store.add_next_embeddings(identity.model, dict(zip(part, vectors, strict=True)))
        progress(start + len(part), len(keys))
    if not library.store.replace_embeddings(identity, chunks, library.store.version(), repair=True):
        raise RuntimeError("the copied library changed while it was embedded")
    library.store.rebuild_full_text()
    library.index.discard()
    library.lexical.discard()
    library.refresh_indexes()
    library.close()


def _document(library: Library, entry: StoredDocument) -> Document:
    return Document(
        location=entry.location,
        suggested_id=entry.id,
        metadata=entry.metadata,
        sections=library.store.sections(entry.id),
    )
