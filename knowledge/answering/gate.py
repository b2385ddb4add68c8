"""The evidence gate: whether the library answers a question, nearly answers it, or is silent."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.answering.answer_kind import has_asked_kind
from knowledge.answering.evidence import Evidence
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration
from knowledge.language.names import supports


class Outcome(StrEnum):
    """What becomes of a question."""

    ANSWER = "answer"
    #: The nearest passage is shown, and said not to answer directly.
    CLOSEST = "closest"
    REFUSAL = "refusal"


class Missing(StrEnum):
    """What an answer lacks, for the words of a refusal."""

    NOTHING_NEAR = "nothing_near"
    NAME = "name"
    KIND = "kind"
    ANSWER = "answer"


@dataclass(frozen=True)
class Verdict:
    """The gate's decision: its outcome, the probability that the library answers, and what is missing if it does not.

    `names` are the named things that the nearest passage does not speak of, as they are written.
    """

    outcome: Outcome
    probability: float
    missing: Missing | None = None
    names: tuple[str, ...] = ()


def judge(evidence: Evidence, calibration: GateCalibration) -> Verdict:
    """Decide what the evidence is good for."""
    if evidence.lead is None or evidence.sentence is None:
        return Verdict(Outcome.REFUSAL, 0.0, Missing.NOTHING_NEAR)
    probability = calibration.probability(signals(evidence))
    if probability >= calibration.answer:
        return Verdict(Outcome.ANSWER, probability)
    outcome = Outcome.CLOSEST if probability >= calibration.closest else Outcome.REFUSAL
    about = evidence.subjects.get(evidence.lead.chunk.id, evidence.lead.chunk.text)
    names = tuple(name.shown for name in evidence.names if not supports(about, name))
    if names:
        return Verdict(outcome, probability, Missing.NAME, names)
    if outcome is Outcome.REFUSAL:
        return Verdict(outcome, probability, Missing.NOTHING_NEAR)
    kind = not has_asked_kind(evidence.question, evidence.sentence.unit.text)
    return Verdict(outcome, probability, Missing.KIND if kind else Missing.ANSWER)
