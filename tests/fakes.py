"""Fakes with behaviour: similar words land near each other, and what was embedded is counted."""

import hashlib
import re

import numpy as np


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
