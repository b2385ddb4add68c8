"""Sentences about passages of the starter library, true ones and false ones of ten kinds, in two halves by passage."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from knowledge.domain.library import Chunk
from knowledge.language.words import content_stems
from knowledge.library import Library

PAIRS = Path(__file__).parent / "written-pairs.jsonl"
#: A true sentence that cites another document's passage, of all passages the one with most of its words.
MISATTRIBUTED = "misattributed"


class Pair(NamedTuple):
    """A sentence with the passage that it cites, whether the passage says it, and if not, in which way."""

    sentence: str
    chunk: Chunk
    supported: bool
    kind: str


def documents() -> set[str]:
    """Return the documents that the pairs are about, by their files' names without ending."""
    return {row["document"] for row in _rows()}


def halves(library: Library) -> tuple[list[Pair], list[Pair]]:
    """Return the half that thresholds are fitted to, and the half that is only measured; each has its own passages."""
    rows = _rows()
    places = sorted({(row["document"], row["near"]) for row in rows})
    chunks = {place: _chunk(library, *place) for place in places}
    parts: tuple[list[Pair], list[Pair]] = ([], [])
    for row in rows:
        place = row["document"], row["near"]
        part = parts[places.index(place) % 2]
        pair = Pair(row["sentence"], chunks[place], row["supported"], row["kind"])
        part.append(pair)
        if pair.supported:
            part.append(pair._replace(chunk=_other(pair, chunks.values()), supported=False, kind=MISATTRIBUTED))
    return parts


def _rows() -> list[dict]:
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


def _chunk(library: Library, document: str, near: str) -> Chunk:
    return next(chunk for chunk in library.store.document_chunks(document) if near in chunk.text)


def _other(pair: Pair, chunks: Sequence[Chunk]) -> Chunk:
    said = content_stems(pair.sentence)
    others = [chunk for chunk in chunks if chunk.document_id != pair.chunk.document_id]
    return max(others, key=lambda chunk: len(said & content_stems(chunk.text)))
