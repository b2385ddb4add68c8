"""The reader that comes along: a 12-layer MiniLM with one head for sentences, one for the passage and one for spans.

MODEL_CARD.md beside this file describes its input, its heads and how good it is; `training/` makes the weights anew.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from knowledge.answering.reader.scores import Passage, PassageScores, Reader
from knowledge.errors import ModelError
from knowledge.language.words import content_stems
from knowledge.models.onnx import OnnxModel
from knowledge.models.pool import shared_pool
from knowledge.models.tokenizer import counting_tokenizer, load_tokenizer
from knowledge.models.weights import Weights

READER = Weights("reader-int8.onnx", "29a6bcd403409ab63bba4f7239273280e694a9a8e383287ee73ee99f4e9037ff")
_NAME = "haln-reader"
# It was trained with up to 320 tokens; what is longer is read in parts.
_WINDOW = 384
# No question has more to say than this; the rest of the window is the passage's.
_LONGEST_QUESTION = 96
_LONGEST_SPAN = 20
# The score of what was not read, a sentence longer than the window for one: nothing speaks for it.
UNREAD = -10.0
_log = logging.getLogger(__name__)
# Scores run from -4, no word shared, to 4, all of them: about the range of the trained reader's logits.
_RANGE = 8.0
# Words that stand in the headings or around a sentence count half for it.
_AROUND = 0.5


class _Part(NamedTuple):
    """Sentences of a passage that are read at once, from number `first` on; `start` is the offset of their text."""

    first: int
    start: int
    text: str
    sentences: tuple[tuple[int, int], ...]


class PreparedPart(NamedTuple):
    """A part of a passage as the network reads it.

    `first` is the number of its first sentence in the passage and `start` the offset of its text there; `offsets` are
    those of each token in that text, shape (tokens, 2); `inside` says which tokens are a sentence's, shape (sentences,
    tokens).
    """

    first: int
    start: int
    encoding: Encoding
    offsets: NDArray[np.int64]
    inside: NDArray[np.bool_]


class PartLogits(NamedTuple):
    """The network's judgement of a part: of sentences, shape (sentences,), the whole, and spans, shape (tokens, 2)."""

    sentences: NDArray[np.float32]
    answerable: float
    spans: NDArray[np.float32]


class OnnxReader:
    """Reads with the packaged weights, which are loaded at the first question. May be used from several threads."""

    def __init__(self, weights: Weights = READER) -> None:
        """Read with these weights; their SHA-256 is checked when they are loaded."""
        self._model = OnnxModel(weights)
        self._tokenizer = load_tokenizer(_WINDOW, "only_second")

    @property
    def name(self) -> str:
        """Return what names the model and its weights."""
        return f"{_NAME}@{self._model.weights.digest}"

    def load(self) -> None:
        """Load the weights now, so that the first question is as quick as the next."""
        self._model.load()

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order. Each is read by itself, so none depends on the others.

        Raises:
            ModelError: The weights are missing or altered.
        """
        asked = beginning(question)

        def read(passage: Passage) -> PassageScores:
            return self._scores(asked, passage)

        return shared_pool().map(read, passages, lambda passage: len(passage.text))

    def prepare(self, question: str, passage: Passage, encoding: Encoding) -> list[PreparedPart]:
        """Return what the network reads of a passage: one part of it, or several where it is long.

        `encoding` is that of the question with the `behind` of the passage, nothing cut.
        """
        if len(encoding) <= _WINDOW:
            parts = [(_Part(0, 0, passage.text, passage.sentences), encoding)]
        else:
            parts = [
                (part, self._tokenizer.encode(question, behind(passage.heading, part.text)))
                for part in _parts(question, passage)
            ]
        prepared = []
        for part, read in parts:
            offsets, inside = _tokens(read, len(passage.heading) + 1, part.sentences)
            if inside.any():
                prepared.append(PreparedPart(part.first, part.start, read, offsets, inside))
        return prepared

    def _scores(self, question: str, passage: Passage) -> PassageScores:
        encoding = counting_tokenizer().encode(question, behind(passage.heading, passage.text))
        prepared = self.prepare(question, passage, encoding)
        return passage_scores(passage, prepared, [self._run(part) for part in prepared])

    def _run(self, part: PreparedPart) -> PartLogits:
        scores, whole, spans = self._model.run(
            {
                "input_ids": np.array([part.encoding.ids], dtype=np.int64),
                "attention_mask": np.array([part.encoding.attention_mask], dtype=np.int64),
                "token_type_ids": np.array([part.encoding.type_ids], dtype=np.int64),
                "sentence_mask": part.inside[None].astype(np.float32),
            }
        )
        return PartLogits(scores[0], float(whole[0]), spans[0])


def passage_scores(passage: Passage, parts: Sequence[PreparedPart], read: Sequence[PartLogits]) -> PassageScores:
    """Return the scores of a passage from what the network says of its parts."""
    answerable = UNREAD
    sentences = [UNREAD] * len(passage.sentences)
    spans: list[tuple[int, int] | None] = [None] * len(passage.sentences)
    for part, logits in zip(parts, read, strict=True):
        answerable = max(answerable, logits.answerable)
        for place in np.flatnonzero(part.inside.any(axis=1)):
            number = part.first + int(place)
            sentences[number] = float(logits.sentences[place])
            start, end = _best_span(logits.spans, part.inside[place])
            spans[number] = (part.start + int(part.offsets[start, 0]), part.start + int(part.offsets[end, 1]))
    return PassageScores(answerable, tuple(sentences), tuple(spans))


def behind(heading: str, text: str) -> str:
    """Return what is read behind a question."""
    return f"{heading}\n{text}"


def beginning(question: str) -> str:
    """Return as much of a question as is read."""
    offsets = counting_tokenizer().encode(question, add_special_tokens=False).offsets
    return question if len(offsets) <= _LONGEST_QUESTION else question[: offsets[_LONGEST_QUESTION - 1][1]]


def _parts(question: str, passage: Passage) -> Iterator[_Part]:
    """Cut a passage that is longer than the window where sentences end."""
    tokenizer = counting_tokenizer()
    around = len(tokenizer.encode(question, passage.heading).ids) + 1
    lengths = [
        len(tokenizer.encode(passage.text[start:end], add_special_tokens=False).ids) for start, end in passage.sentences
    ]
    first = 0
    while first < len(lengths):
        last, used = first, around + lengths[first]
        while last + 1 < len(lengths) and used + lengths[last + 1] <= _WINDOW:
            last += 1
            used += lengths[last]
        start = 0 if first == 0 else passage.sentences[first][0]
        end = len(passage.text) if last + 1 == len(lengths) else passage.sentences[last][1]
        inside = tuple((a - start, b - start) for a, b in passage.sentences[first : last + 1])
        yield _Part(first, start, passage.text[start:end], inside)
        first = last + 1


def _tokens(
    encoding: Encoding, heading: int, sentences: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return each token's offsets in the text behind the heading, and which tokens lie in which sentence."""
    second = np.array(encoding.type_ids, dtype=bool)  # [SEP] as well, whose offsets are empty
    offsets = np.array(encoding.offsets, dtype=np.int64) - heading
    bounds = np.array(sentences, dtype=np.int64).reshape(-1, 2)
    inside = (
        second & (offsets[:, 0] >= bounds[:, :1]) & (offsets[:, 1] <= bounds[:, 1:]) & (offsets[:, 1] > offsets[:, 0])
    )
    return offsets, inside


def _best_span(logits: NDArray[np.float32], inside: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first and last token of the likeliest span within a sentence, at most 20 tokens long."""
    places = np.flatnonzero(inside)
    starts, ends = logits[places, 0], logits[places, 1]
    sums = starts[:, None] + ends[None, :]
    distance = np.arange(len(places))[None, :] - np.arange(len(places))[:, None]
    sums[(distance < 0) | (distance >= _LONGEST_SPAN)] = -np.inf
    start, end = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(places[start]), int(places[end])


class ReaderWithFallback:
    """Reads with one reader until it turns out not to work, then with another. Safe to use from several threads."""

    def __init__(self, first: Reader, second: Reader) -> None:
        """Read with the first, and with the second once the first has raised a `ModelError`."""
        self._reader = first
        self._second = second
        self._lock = threading.Lock()
        self.problem: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the reader that reads."""
        return self._reader.name

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order. Says once, in the log, that answers are weaker now."""
        try:
            return self._reader.read(question, passages)
        except ModelError as error:
            with self._lock:
                if self.problem is None:
                    self.problem = str(error)
                    self._reader = self._second
                    _log.warning("Answers are weaker: passages are compared by their words alone. %s", error)
            return self._second.read(question, passages)


class LexicalReader:
    """Scores a sentence by the share of the question's words that it has. Needs no weights."""

    name = "lexical"

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order; no spans."""
        asked = content_stems(question)
        return [_scores(asked, passage) for passage in passages]


def _scores(asked: frozenset[str], passage: Passage) -> PassageScores:
    around = asked & content_stems(f"{passage.heading} {passage.text}")
    shared = [asked & content_stems(passage.text[start:end]) for start, end in passage.sentences]
    sentences = tuple(_logit(len(own) + _AROUND * len(around - own), asked) for own in shared)
    return PassageScores(_logit(len(around), asked), sentences, (None,) * len(sentences))


def _logit(shared: float, asked: frozenset[str]) -> float:
    return _RANGE * (shared / max(1, len(asked)) - 0.5)
