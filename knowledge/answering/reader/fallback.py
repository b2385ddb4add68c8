"""The trained reader, and reading by words where it cannot be loaded: search and quotes go on, weaker."""

import functools
import logging
import threading
from collections.abc import Sequence

from knowledge.answering.reader.onnx_reader import OnnxReader
from knowledge.answering.reader.scores import Passage, PassageScores, Reader
from knowledge.errors import ModelError
from knowledge.language.words import content_stems

_log = logging.getLogger(__name__)
# Scores run from -4, no word shared, to 4, all of them: about the range of the trained reader's logits.
_RANGE = 8.0
# Words that stand in the headings or around a sentence count half for it.
_AROUND = 0.5


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


@functools.cache
def packaged_reader() -> ReaderWithFallback:
    """Return the reader that comes along, the same for all libraries of a process: its weights are loaded once."""
    return ReaderWithFallback(OnnxReader(), LexicalReader())


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
