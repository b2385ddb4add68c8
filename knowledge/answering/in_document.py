"""A cited passage in its document: what stands before and after the words that were quoted."""

from typing import NamedTuple

from knowledge.storage.protocols import LibraryStore
from knowledge.types import Citation


class Passage(NamedTuple):
    """The text of a document before a quote, the quote as it stands there, and the text after it."""

    before: str
    quote: str
    after: str


def passage_around(citation: Citation, store: LibraryStore) -> Passage | None:
    """Return the quote with the text of its chunk and of the chunks beside it; `None` where its document lacks it."""
    chunks = store.document_chunks(citation.document_id)
    place = next((i for i, chunk in enumerate(chunks) if str(chunk.id) == citation.chunk_id), None)
    if place is None or citation.quote not in chunks[place].text:
        place = next((i for i, chunk in enumerate(chunks) if citation.quote in chunk.text), None)
    if place is None:
        return None
    before, _, after = chunks[place].text.partition(citation.quote)
    if place > 0:
        before = f"{chunks[place - 1].text}\n\n{before}"
    if place + 1 < len(chunks):
        after = f"{after}\n\n{chunks[place + 1].text}"
    return Passage(before.strip(), citation.quote, after.strip())
