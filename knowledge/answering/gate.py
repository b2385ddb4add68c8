"""The evidence gate: whether the library answers a question, nearly answers it, or is silent."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.answering.answer_kind import has_asked_kind
from knowledge.answering.evidence import Evidence, ReadChunk
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration
from knowledge.language.names import Name, supports


class Decision(StrEnum):
    """The gate's verdict on a question."""

    ANSWER = "answer"
    #: The nearest passage is shown, and said not to answer directly.
    CLOSEST = "closest"
    REFUSAL = "refusal"


class Missing(StrEnum):
    """The part that an answer lacks, for the words of a refusal."""

    NOTHING_NEAR = "nothing_near"
    NAME = "name"
    KIND = "kind"
    ANSWER = "answer"


@dataclass(frozen=True)
class Verdict:
    """The gate's decision: its outcome, the probability that the library answers, and what is missing if it does not.

    `names` are the named things of which no passage that comes near speaks, as they are written.
    """

    outcome: Decision
    probability: float
    missing: Missing | None = None
    names: tuple[str, ...] = ()


def judge(evidence: Evidence, calibration: GateCalibration) -> Verdict:
    """Decide what the evidence is good for."""
    if evidence.lead is None or evidence.sentence is None:
        return Verdict(Decision.REFUSAL, 0.0, Missing.NOTHING_NEAR)
    probability = calibration.probability(signals(evidence))
    if probability >= calibration.answer:
        return Verdict(Decision.ANSWER, probability)
    outcome = Decision.CLOSEST if probability >= calibration.closest else Decision.REFUSAL
    lacking = [name for name in evidence.names if not _speaks_of(name, evidence, evidence.lead)]
    names = tuple(name.shown for name in lacking if not _near(name, evidence, calibration))
    if names:
        return Verdict(outcome, probability, Missing.NAME, names)
    if outcome is Decision.REFUSAL:
        return Verdict(outcome, probability, Missing.NOTHING_NEAR)
    kind = not has_asked_kind(evidence.question, evidence.sentence.unit.text)
    return Verdict(outcome, probability, Missing.KIND if kind else Missing.ANSWER)


def _speaks_of(name: Name, evidence: Evidence, read: ReadChunk) -> bool:
    return supports(evidence.subjects.get(read.chunk.id, read.chunk.text), name)


def _near(name: Name, evidence: Evidence, calibration: GateCalibration) -> bool:
    """Return whether a passage that speaks of a name comes near: then it is not said that there is nothing on it."""
    return any(
        _speaks_of(name, evidence, read)
        and calibration.probability(signals(evidence.with_lead(read))) >= calibration.closest
        for read in evidence.chunks
    )
