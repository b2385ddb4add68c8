"""What is known of a sentence beside the one that answers, and how likely it belongs in the answer."""

import re

from knowledge.answering.evidence import Evidence
from knowledge.answering.passages import ReadChunk, ReadSentence
from knowledge.calibration.sentences import SentenceCalibration

# Whom or what these words mean stands in the sentence before.
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|both|each|others?|such|so|but|and|also|however|as a result"
    r"|(?:the|this|that|these|those) (?:scheme|project|programme|work|team|trust|group|approach|results?))\b",
    re.IGNORECASE,
)


def points_back(text: str) -> bool:
    """Return whether a sentence begins with words that are understood from the sentence before."""
    return _POINTS_BACK.match(text) is not None


def known_of(evidence: Evidence, read: ReadChunk, sentence: ReadSentence) -> dict[str, float]:
    """Return what is known of a sentence of the lead: its score, the best one's, and how near they stand.

    Raises:
        ValueError: Nothing was read, or the sentence is not one of the lead.
    """
    best = evidence.sentence
    if best is None:
        raise ValueError("nothing was read")
    places = [other.unit.start for other in read.sentences]
    apart = places.index(sentence.unit.start) - places.index(best.unit.start)
    return {
        "score": sentence.score,
        "answerable": read.answerable,
        "below_best": best.score - sentence.score,
        "next": float(apart == 1),
        "before": float(apart == -1),
        "goes_on": float(apart == 1 and points_back(sentence.unit.text)),
        "same_list": float(sentence.unit.lead is not None and sentence.unit.lead == best.unit.lead),
    }


def support(evidence: Evidence, read: ReadChunk, sentence: ReadSentence, calibration: SentenceCalibration) -> float:
    """Return how likely it is, 0 to 1, that a sentence answers too or helps to understand the one that does."""
    return calibration.probability(known_of(evidence, read, sentence))
