"""Reads by shared words alone: what is left when the trained reader's weights are missing or altered."""

from collections.abc import Sequence

from knowledge.answering.reader.scores import Passage, PassageScores
from knowledge.language.words import content_stems

# Scores run from -4, no word shared, to 4, all of them: about the range of the trained reader's logits.
_RANGE = 8.0
# Words that stand in the headings or around a sentence count half for it.
_AROUND = 0.5


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
