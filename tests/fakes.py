"""Fakes with behaviour: similar words land near each other, and what was embedded is counted."""

import functools
import hashlib
import re
from datetime import UTC, datetime, timedelta

import numpy as np

from knowledge.answering.reader.scores import PassageScores
from knowledge.calibration.gate import FittedWeight, GateCalibration
from knowledge.calibration.similarity import packaged_pairs
from knowledge.language.words import content_stems
from knowledge.privacy.personal_data import Found
from knowledge.storage.sqlite import SQLiteQuestionStore, SQLiteStore, open_database


class WordEmbedder:
    """Each word is a fixed random direction; a text is the sum of its words. Counts what it was asked for.

    The texts that a model's scale is fitted on do not count: every new model embeds them once.
    """

    name = "words@1"
    dimension = 64
    window = 256

    def __init__(self, _settings=None, name="words@1", dimension=64):
        self.name, self.dimension = name, dimension
        self.embedded: list[str] = []

    def count_tokens(self, text):
        return len(text.split())

    def embed_documents(self, texts):
        self.embedded += [text for text in texts if text not in scale_texts()]
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


class SqueezedEmbedder(WordEmbedder):
    """As `WordEmbedder`, with all cosines squeezed to half their range: 1 stays 1, and 0 becomes 0.5."""

    def __init__(self, _settings=None, name="squeezed@1", dimension=64):
        super().__init__(name=name, dimension=dimension)
        self.dimension = dimension + 1
        self._words_dimension = dimension

    def _vectors(self, texts):
        plain = WordEmbedder(dimension=self._words_dimension).embed_queries(texts)
        common = np.full((len(texts), 1), 0.5**0.5, dtype=np.float32)
        return np.hstack([common, np.float32(0.5**0.5) * plain])


@functools.cache
def scale_texts():
    return {text for pair in packaged_pairs() for text in (pair.one, pair.other)}


class WordReader:
    """Scores a sentence by the question's words in it, from -4 for none to 4 for all; words around it count half.

    The span is a sentence's first figure. Keeps what it was asked to read.
    """

    name = "words@1"

    def __init__(self):
        self.asked: list[str] = []
        self.passages = []

    def read(self, question, passages):
        self.asked.append(question)
        self.passages += passages
        return [self._scores(content_stems(question), passage) for passage in passages]

    def _scores(self, asked, passage):
        around = asked & content_stems(f"{passage.heading} {passage.text}")
        sentences = []
        for start, end in passage.sentences:
            own = asked & content_stems(passage.text[start:end])
            sentences.append(self._logit(len(own) + 0.5 * len(around - own), asked))
        spans = tuple(self._span(passage.text, *bounds) for bounds in passage.sentences)
        return PassageScores(self._logit(len(around), asked), tuple(sentences), spans)

    @staticmethod
    def _logit(shared, asked):
        return 8.0 * (shared / max(1, len(asked)) - 0.5)

    @staticmethod
    def _span(text, start, end):
        match = re.compile(r"\d+").search(text, start, end)
        return match.span() if match else None


# Fits WordReader: nearly half of the question's words, every name and the kind of thing asked for are an answer.
WORD_GATE = GateCalibration(
    fitted_on="nothing: made for tests",
    intercept=0.5,
    weights={
        "reader_sentence": FittedWeight(weight=1.0, mean=0.0, deviation=1.0),
        "names_missing": FittedWeight(weight=-4.0, mean=0.0, deviation=1.0),
        "kind_fits": FittedWeight(weight=3.0, mean=1.0, deviation=1.0),
    },
    answer=0.5,
    closest=0.1,
    certain=0.8,
    sure=0.95,
)


class WordCheck:
    """Takes every word in capitals with a digit in it for a number that identifies somebody."""

    has_name_model = True

    def find(self, text):
        return [Found("UK_NHS", m.start(), m.end(), 1.0) for m in re.finditer(r"\b[A-Z]+\d+\b", text)]

    def close(self):
        """Nothing runs."""


class Clock:
    """A clock that goes a second at each look, and further when told."""

    def __init__(self, now=datetime(2026, 3, 2, 10, 0, tzinfo=UTC)):
        self.now = now

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now

    def later(self, **delta):
        self.now += timedelta(**delta)


def expire_questions(settings):
    """Erase the question log as time does: when all in it has been kept long enough."""
    connections = open_database(settings.database_path)
    later = datetime.now(UTC) + timedelta(days=settings.question_days + 1)
    SQLiteStore(connections).accept_clock(later)
    SQLiteQuestionStore(connections, settings, lambda: later).purge()
    connections.close()
