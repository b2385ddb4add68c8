"""`haln eval calibrate`: what moving one of the evidence gate's thresholds trades against what. Changes nothing."""

from collections.abc import Sequence
from dataclasses import fields, replace

from bot.evaluation.answers import EvalQuestion, evaluate_answers
from indexer.report import Progress, silent
from knowledge.answering.evidence import DEFAULT, Thresholds
from knowledge.errors import SettingsError
from knowledge.library import Library
from knowledge.types import Noun

_MEASURES = ("wrong_refusal", "wrong_answer", "evidence_in_answer", "must_include")


class Point(Noun):
    """What a question set gives with a threshold at `value`: shares, 0 to 1, named as in `haln eval answers`."""

    value: float
    wrong_refusal: float
    wrong_answer: float
    evidence_in_answer: float
    must_include: float


class Signal(Noun):
    """How strong one question's evidence is: the highest value tried at which it is still answered, if at any."""

    id: str
    answerable: bool
    answered_up_to: float | None


class Calibration(Noun):
    """The curve over one threshold's values, ascending. `recommended` is `None` where none refuses seldom enough."""

    threshold: str
    questions: int
    answerable: int
    unanswerable: int
    most_refused: float
    current: float
    recommended: float | None
    curve: tuple[Point, ...]
    signals: tuple[Signal, ...]


def calibrate(
    questions: Sequence[EvalQuestion],
    library: Library,
    threshold: str,
    step: float,
    steps: int,
    most_refused: float,
    progress: Progress = silent,
    thresholds: Thresholds = DEFAULT,
) -> Calibration:
    """Answer the questions with one threshold at its current value and at `steps` steps below and above it.

    Every value asks all questions anew through the front door, so that what is measured is what members get: use a
    library whose models remember (`bot.evaluation.remembering`), else each value costs as much as the first.

    Raises:
        SettingsError: There is no such threshold.
    """
    names = [field.name for field in fields(Thresholds)]
    if threshold not in names:
        raise SettingsError(f"The evidence gate has no threshold {threshold}. It has {', '.join(names)}.")
    current = float(getattr(thresholds, threshold))
    values = [round(current + place * step, 6) for place in range(-steps, steps + 1)]
    values = [value for value in values if value >= 0]
    curve: list[Point] = []
    answered_up_to: dict[str, float] = {}
    for place, value in enumerate(values, start=1):
        figures, outcomes = evaluate_answers(questions, library, replace(thresholds, **{threshold: value}))
        curve.append(Point.model_validate({"value": value, **{name: figures[name] for name in _MEASURES}}))
        answered_up_to |= {outcome.question.id: value for outcome in outcomes if outcome.answered}
        progress(place, len(values))
    answerable = sum(question.answerable for question in questions)
    return Calibration(
        threshold=threshold,
        questions=len(questions),
        answerable=answerable,
        unanswerable=len(questions) - answerable,
        most_refused=most_refused,
        current=current,
        recommended=recommend(curve, current, most_refused),
        curve=tuple(curve),
        signals=tuple(
            Signal(id=q.id, answerable=q.answerable, answered_up_to=answered_up_to.get(q.id)) for q in questions
        ),
    )


def recommend(curve: Sequence[Point], current: float, most_refused: float) -> float | None:
    """The value with the fewest wrong answers among those that refuse at most a share of the answerable questions.

    Among equals the one with more evidence in its answers, then the one nearest to the current value: what cannot be
    told apart is no reason to change.
    """
    fair = [point for point in curve if point.wrong_refusal <= most_refused]
    best = min(fair, key=lambda p: (p.wrong_answer, -p.evidence_in_answer, abs(p.value - current)), default=None)
    return best.value if best else None
