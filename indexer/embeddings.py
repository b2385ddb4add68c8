"""A library's embeddings made anew: by another model, while the present ones go on answering, or to repair them."""

from collections.abc import Iterator
from itertools import islice

from indexer.chunking import chunk_document
from indexer.report import Progress, silent
from knowledge.domain.library import Document, NewChunk
from knowledge.library import Library
from knowledge.retrieval.embedder import wanted_identity

# Stored together: what a killed run loses, and how long one that is stopped goes on. A second or two.
TOGETHER = 64


def catch_up(library: Library, progress: Progress = silent) -> int:
    """Embed the library with the model that the settings ask for, if it is behind; return the chunks embedded.

    Searches use the old embeddings until all new ones are there, and the new ones from one moment to the next. What a
    killed run has embedded is not embedded again. Threads of one process take turns: one embeds, others find it done.
    """
    if not library.is_behind:
        return 0
    with library.embedding:
        embedded = _embed_anew(library, progress, repair=False) if library.is_behind else 0
    library.refresh_indexes()
    return embedded


def rebuild_embeddings(library: Library, progress: Progress = silent) -> int:
    """Chunk and embed every document anew from what is stored; return the chunks embedded."""
    with library.embedding:
        return _embed_anew(library, progress, repair=True)


def _embed_anew(library: Library, progress: Progress, *, repair: bool) -> int:
    """Embed all chunks, then put them in the place of the old ones, with whatever others store meanwhile."""
    store = library.store
    identity = wanted_identity(library.settings, library.chosen_embedder)
    embedded = 0
    while True:
        version, total = store.version(), store.counts().chunks
        recut: dict[str, list[NewChunk]] = {}
        done = 0
        for texts in _batches(library, recut, everything=repair):
            known = store.next_embeddings(identity.model, texts)
            missing = [key for key in texts if key not in known]
            if missing:
                vectors = library.chosen_embedder.embed_documents([texts[key] for key in missing])
                store.add_next_embeddings(identity.model, dict(zip(missing, vectors, strict=True)))
            embedded += len(missing)
            done += len(texts)
            progress(done, max(done, total))
        # Before what was embedded by it is compared with a threshold.
        library.scales.of(library.chosen_embedder)
        if store.replace_embeddings(identity, recut, version, repair=repair):
            return embedded


def _batches(library: Library, recut: dict[str, list[NewChunk]], *, everything: bool) -> Iterator[dict[str, str]]:
    """Yield what the model reads of every chunk, by its hash, some at a time.

    Documents that come out in other chunks than are stored are noted in `recut`, or `everything`.
    """
    waiting: dict[str, str] = {}
    for entry in library.store.each_document():
        document = Document(
            location=entry.location,
            suggested_id=entry.id,
            metadata=entry.metadata,
            sections=library.store.sections(entry.id),
        )
        chunks = chunk_document(document, library.chosen_embedder, library.settings.chunk_tokens)
        if everything or [chunk.embedding_hash for chunk in chunks] != library.store.embedding_hashes(entry.id):
            recut[entry.id] = chunks
        waiting |= {chunk.embedding_hash: chunk.embedded_text for chunk in chunks}
        while len(waiting) > TOGETHER:
            yield dict(islice(waiting.items(), TOGETHER))
            waiting = dict(islice(waiting.items(), TOGETHER, None))
    if waiting:
        yield waiting
