"""A library of any number of chunks: real sentences, and vectors that are real for a part and made from those.

Sentences are of the starter library (and of the test collections in `SHARED_DATA`, where they are), in new order. The
first vectors are the model's own, of the first chunks. Every other one is a mixture of two of them and of chance, with
a cosine of about .8 to the nearer: a million forward passes would take a day.
"""

import json
import os
import random
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer.library.documents import starter_documents
from knowledge.domain.library import Document, Metadata, NewChunk, Section
from knowledge.language.sentences import split_units
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder, wanted_identity
from knowledge.settings import Settings, Switch
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import PreparedDocument

REAL = 1000
_CHUNKS_OF_A_DOCUMENT = 10
_DOCUMENTS_AT_ONCE = 100
_SENTENCES = 4
_SEED = 3


def sentences() -> list[str]:
    """Real sentences, each once."""
    texts = [section.text for document in starter_documents() for section in document.sections]
    shared = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[4] / "shared"))
    for corpus in sorted(shared.glob("ir/*/corpus.jsonl")):
        texts += [json.loads(line).get("text", "") for line in corpus.read_text(encoding="utf-8").splitlines()]
    found = (unit.text.strip() for text in texts for unit in split_units(text))
    return list(dict.fromkeys(text for text in found if 30 < len(text) < 400))


class Filler:
    """Fills one library, always with the same chunks in the same order."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder, starter_library=Switch.OFF)
        self.library = Library.open(self.settings, open_embedder)
        self._real = self._real_vectors(folder / "real.npy")

    @cached_property
    def _sentences(self) -> list[str]:
        return sentences()

    def fill(self, chunks: int) -> None:
        """Have so many chunks in the library; none is taken out. One that is full is left as it is."""
        count = self.library.store.counts().chunks
        if count >= chunks:
            return
        identity = wanted_identity(self.settings, self.library.chosen_embedder)
        self.library.store.set_identity(identity)
        while count < chunks:
            batch, vectors = [], {}
            first = count // _CHUNKS_OF_A_DOCUMENT
            last = min(-(-chunks // _CHUNKS_OF_A_DOCUMENT), first + _DOCUMENTS_AT_ONCE)
            for number in range(first, last):
                document = self._document(number)
                batch.append(document)
                made = self._vectors(number, len(document.chunks))
                vectors |= {c.embedding_hash: v for c, v in zip(document.chunks, made, strict=True)}
            missing = self.library.store.save_documents(identity, batch, vectors)
            assert not missing
            count += sum(len(document.chunks) for document in batch)
        # What is added later is compared with these by their sketches, which the mixed sentences have none of.
        with sqlite3.connect(self.settings.database_path) as connection:
            connection.execute("UPDATE documents SET studied = content_hash WHERE studied IS NOT content_hash")

    def _texts(self, number: int) -> Iterator[str]:
        chance = random.Random(f"{_SEED} {number}")
        for part in range(_CHUNKS_OF_A_DOCUMENT):
            chosen = chance.choices(self._sentences, k=_SENTENCES)
            yield " ".join([f"Part {part} of report {number}.", *chosen])

    def _document(self, number: int) -> PreparedDocument:
        name = f"report-{number}"
        title = f"Report {number}"
        chunks = [
            NewChunk(
                ordinal=part,
                heading_path=(title,),
                text=text,
                embedded_text=text,
                embedding_hash=f"{(number * 2654435761 + part) & 0xFFFFFFFF:08x}{number:028x}{part:028x}",
            )
            for part, text in enumerate(self._texts(number))
        ]
        document = Document(
            location=name, suggested_id=name, metadata=Metadata(title=title), sections=(Section(text=title),)
        )
        return PreparedDocument(document, name, chunks)

    def _real_vectors(self, kept: Path) -> Vectors:
        if not kept.exists():
            texts = [text for number in range(REAL // _CHUNKS_OF_A_DOCUMENT) for text in self._texts(number)]
            np.save(kept, self.library.chosen_embedder.embed_documents(texts))
        real: Vectors = np.load(kept)
        return real

    def _vectors(self, number: int, count: int) -> Vectors:
        first = number * _CHUNKS_OF_A_DOCUMENT
        if first + count <= REAL:
            return self._real[first : first + count]
        chance = np.random.default_rng([_SEED, number])
        one, other = (self._real[chance.integers(0, REAL, count)] for _ in range(2))
        noise = chance.normal(size=one.shape).astype(np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        mixed = one + chance.uniform(0, 0.9, (count, 1)).astype(np.float32) * other + np.float32(0.5) * noise
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)
