"""What a chunk is about, for the question whether it speaks of a named thing."""

from collections.abc import Callable

from knowledge.domain.library import Chunk
from knowledge.storage.library_protocols import LibraryStore

# A document this short is about one thing, and says once what that is. A longer one goes from one thing to another:
# there only the chunk itself and its headings count.
_SHORT_DOCUMENT_CHUNKS = 6


def subject_finder(store: LibraryStore) -> Callable[[Chunk], str]:
    """A function from a chunk to everything by which it can be about something; reads each document once."""
    seen: dict[str, str | None] = {}

    def subject(chunk: Chunk) -> str:
        if chunk.document_id not in seen:
            chunks = store.document_chunks(chunk.document_id)
            short = len(chunks) <= _SHORT_DOCUMENT_CHUNKS
            seen[chunk.document_id] = " ".join(other.text for other in chunks) if short else None
        text = seen[chunk.document_id] or chunk.text
        return " ".join([chunk.metadata.title, chunk.metadata.organisation or "", *chunk.heading_path, text])

    return subject
