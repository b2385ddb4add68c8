"""Fakes with behaviour: similar words land near each other, and what was embedded is counted."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import numpy as np

from knowledge.examples.personal_data import Found


class WordEmbedder:
    """Each word is a fixed random direction; a text is the sum of its words. Counts what it was asked for."""

    name = "words@1"
    dimension = 64
    window = 256

    def __init__(self, _settings=None, name="words@1", dimension=64):
        self.name, self.dimension = name, dimension
        self.embedded: list[str] = []

    def count_tokens(self, text):
        return len(text.split())

    def embed_documents(self, texts):
        self.embedded += list(texts)
        return self._vectors(texts)

    def embed_queries(self, texts):
        return self._vectors(texts)

    def _vectors(self, texts):
        rows = [sum((self._word(w) for w in self._words(t)), np.zeros(self.dimension)) + 1e-9 for t in texts]
        matrix = np.array(rows, dtype=np.float32)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)

    @staticmethod
    def _words(text):
        return [w[:6] for w in re.findall(r"[a-z0-9£%]+", text.lower()) if len(w) > 2] or ["nothing"]

    def _word(self, word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        return np.random.default_rng(seed).normal(size=self.dimension)


class WordCheck:
    """Takes every word in capitals with a digit in it for a number that identifies somebody."""

    def find(self, text):
        return [Found("UK_NHS", m.start(), m.end(), 1.0) for m in re.finditer(r"\b[A-Z]+\d+\b", text)]


class Clock:
    """A clock that goes a second at each look, and further when told."""

    def __init__(self, now=datetime(2026, 3, 2, 10, 0, tzinfo=UTC)):
        self.now = now

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now

    def later(self, **delta):
        self.now += timedelta(**delta)
