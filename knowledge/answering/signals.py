"""The signals by which the gate tells an answer from what only looks like one: a function each, by its name.

Every signal is a number that is larger or smaller where the library answers; how much each counts is fitted
(`haln eval calibrate`) and stands in knowledge/calibration/. What a signal is worth: `make bench-answers`.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from knowledge.answering.answer_kind import has_asked_kind
from knowledge.answering.evidence import Evidence
from knowledge.language.names import supports
from knowledge.language.words import stems, words

_AGREEING = 3
# The value of the reader's signals where nothing was found.
_NOTHING = -10.0


def reader_sentence(evidence: Evidence) -> float:
    """Return the reader's logit for the best sentence."""
    return evidence.sentence.score if evidence.sentence else _NOTHING


def reader_passage(evidence: Evidence) -> float:
    """Return the reader's logit for the passage that this sentence stands in."""
    return evidence.lead.answerable if evidence.lead else _NOTHING


def reader_agreement(evidence: Evidence) -> float:
    """Return the mean logit of the three passages that the reader likes best."""
    best = sorted((read.answerable for read in evidence.chunks), reverse=True)[:_AGREEING]
    return sum(best) / len(best) if best else _NOTHING


def relevance(evidence: Evidence) -> float:
    """Return the similarity of the passage to the question. High without an answer is what a trap looks like."""
    return evidence.lead.hit.cosine if evidence.lead else 0.0


def search_score(evidence: Evidence) -> float:
    """Return the fused score of the passage, in standard deviations above the library's mean."""
    return evidence.lead.hit.score if evidence.lead else 0.0


def names_missing(evidence: Evidence) -> float:
    """Return how many of the named things the passage does not speak of."""
    if evidence.lead is None:
        return float(len(evidence.names))
    about = evidence.subjects.get(evidence.lead.chunk.id, evidence.lead.chunk.text)
    return float(sum(not supports(about, name) for name in evidence.names))


def kind_fits(evidence: Evidence) -> float:
    """Return 1 where the best sentence holds the kind of thing asked for (a number, a date, a name), else 0."""
    return float(evidence.sentence is not None and has_asked_kind(evidence.question, evidence.sentence.unit.text))


def words_covered(evidence: Evidence) -> float:
    """Return the share of the question's information that the passage's words hold, 0 to 1."""
    if evidence.lead is None:
        return 0.0
    chunk = evidence.lead.chunk
    text = " ".join([chunk.metadata.title, *chunk.heading_path, chunk.text])
    return share_covered(evidence.information, text, evidence.same)


def question_length(evidence: Evidence) -> float:
    """Return the logarithm of the number of words: a short question is answered by more passages."""
    return math.log(1 + len(words(evidence.question)))


SIGNALS: Mapping[str, Callable[[Evidence], float]] = {
    signal.__name__: signal
    for signal in (
        reader_sentence,
        reader_passage,
        reader_agreement,
        relevance,
        search_score,
        names_missing,
        kind_fits,
        words_covered,
        question_length,
    )
}


def signals(evidence: Evidence) -> dict[str, float]:
    """Return every signal by its name."""
    return {name: signal(evidence) for name, signal in SIGNALS.items()}


def share_covered(
    asked: Mapping[str, float], text: str, same: Sequence[tuple[frozenset[str], frozenset[str]]] = ()
) -> float:
    """Return the share, 0 to 1, of the asked stems' information that a text holds.

    Of two sets of stems that are the `same` (an acronym and its long form), each stands for the other.
    """
    total = sum(asked.values())
    if total <= 0:
        return 0.0
    present = set(stems(words(text)))
    for one, other in same:
        if one <= present or other <= present:
            present |= one | other
    return sum(weight for stem, weight in asked.items() if stem in present) / total
