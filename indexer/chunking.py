"""Sections to chunks that can be cited: whole sentences, sized for the model's window in its own tokens."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from semantic_text_splitter import TextSplitter

from knowledge.domain.library import Document, NewChunk, Section
from knowledge.language.sentences import Unit, split_units
from knowledge.retrieval.embedder import Embedder

# [CLS] and [SEP], or what another model puts around a text.
_SPECIAL_TOKENS = 2
_HEADER_SHARE = 3

TokenCounter = Callable[[str], int]


# Fields that documents have had from the first release on. A later field counts only where it says something: the
# hashes of documents that lack it stay as they were.
_LATER_METADATA = frozenset(
    {"author", "starts", "ends", "place", "stage", "true_as_of", "review_by", "superseded_by", "measured", "shared_by"}
)


def content_hash(document: Document) -> str:
    """Return the SHA-256 of everything that is stored of a document, so that unchanged content is recognised."""
    unsaid = {field for field in _LATER_METADATA if not getattr(document.metadata, field)}
    unlocated = all(section.locator is None for section in document.sections)
    text = document.model_dump_json(
        exclude={
            "location": True,
            "suggested_id": True,
            "coverage": True,
            "metadata": unsaid,
            "sections": {"__all__": {"locator"} if unlocated else set()},
        }
    )
    return hashlib.sha256(text.encode()).hexdigest()


def chunk_document(document: Document, embedder: Embedder, chunk_tokens: int) -> list[NewChunk]:
    """Return the chunks of a document in reading order.

    A chunk never crosses a section, so that an edit changes the chunks of its own section only. Title and headings
    are put before the text that the model sees, and count towards `chunk_tokens`.
    """
    budget = min(chunk_tokens, embedder.window - _SPECIAL_TOKENS)
    chunks: list[NewChunk] = []
    for section in document.sections:
        header = _header(document.metadata.title, section.heading_path, budget // _HEADER_SHARE, embedder.count_tokens)
        room = budget - embedder.count_tokens(header)
        for text in _pieces(section, room, embedder.count_tokens):
            embedded = f"{header}\n{text}" if header else text
            chunks.append(
                NewChunk(
                    ordinal=len(chunks),
                    heading_path=section.heading_path,
                    text=text,
                    embedded_text=embedded,
                    embedding_hash=hashlib.sha256(embedded.encode()).hexdigest(),
                    locator=section.locator,
                )
            )
    return chunks


def _header(title: str, heading_path: Sequence[str], most: int, count: TokenCounter) -> str:
    """Return title and headings, a line each, cut at words to at most `most` tokens: the text needs the room."""
    header = "\n".join(filter(None, [title, *heading_path]))
    while header and count(header) > most:
        header = header.rpartition(" ")[0]
    return header


def _pieces(section: Section, room: int, count: TokenCounter) -> Iterator[str]:
    """Yield slices of the section's text of at most `room` tokens, about equally long, cut between units."""
    fitting = [small for unit in split_units(section.text) for small in _fitting(unit, room, count)]
    units, sizes = [unit for unit, _ in fitting], [size for _, size in fitting]
    parts = -(-sum(sizes) // room)
    # Equal parts instead of full ones and a rest: a rest of one sentence is found for little and proves little.
    target = sum(sizes) / parts if parts else room
    first, filled, spent = 0, 0, 0.0
    for position, size in enumerate(sizes):
        over = filled + size > room
        if filled and (over or spent + size / 2 > target):
            yield section.text[units[first].start : units[position - 1].end]
            spent = 0.0 if over else spent - target
            first, filled = position, 0
        filled += size
        spent += size
    if filled:
        yield section.text[units[first].start : units[-1].end]


def _fitting(unit: Unit, room: int, count: TokenCounter) -> Iterator[tuple[Unit, int]]:
    """Yield the unit itself, or its parts when it alone is longer than a chunk may be, each with its tokens."""
    size = count(unit.text)
    if size <= room:
        yield unit, size
        return
    splitter = TextSplitter.from_callback(count, room)
    position = 0
    for part in splitter.chunks(unit.text):
        start = unit.text.index(part, position)
        position = start + len(part)
        yield Unit(unit.start + start, unit.start + position, part, unit.lead), count(part)
