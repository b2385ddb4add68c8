"""The fit of the evidence gate and the choice of sentences, on questions with known answers: two regressions."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict
from rich.table import Table

from bot.evaluation.questions import EvalQuestion, file_name, is_gold
from bot.terminal.visible_output import console
from knowledge.answering.compose import known_of
from knowledge.answering.conversation.reading import Reading
from knowledge.answering.evidence import Evidence
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.answering.signals import signals
from knowledge.calibration.gate import FittedWeight, GateCalibration, SentenceCalibration
from knowledge.errors import SettingsError
from knowledge.library import Library

#: The most answerable questions that may be refused, as a share, when the gate's threshold is chosen.
MOST_REFUSED = 0.08
_FEWEST_QUESTIONS = 20
# Strength of the regularisation (scikit-learn's C): a few hundred questions speak for no larger weights.
_REGULARISATION = 0.3
# Where passages are shown though they do not answer: in this share of what lies below the answer's threshold.
_CLOSEST_SHARE = 0.5
_SURE = 0.97
# Less is kept as 0, which nothing can be divided by.
_LEAST_DEVIATION = 1e-4
# A sentence more is worth a reader's time where it belongs in the answer in about one case of three.
_SHOW = 0.35
# Measured on `tune`: a second passage below .8 holds the answer for 4 to 11 % more questions; above, hardly ever.
_CERTAIN = 0.8
_REFUSED = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)


class Judged(NamedTuple):
    """One question with its signals and what was found for it; `files` names the file of each document (id)."""

    question: EvalQuestion
    signals: dict[str, float]
    evidence: Evidence
    files: Mapping[str, str]


def judge_all(
    questions: Sequence[EvalQuestion], library: Library, progress: Callable[[int, int], None]
) -> list[Judged]:
    """Ask every question and return its signals; all ten passages are read for each."""
    pipeline = AnswerPipeline(library)
    files = {entry.id: file_name(entry.location) for entry in library.store.each_document()}
    judged = []
    for place, question in enumerate(questions, start=1):
        evidence = pipeline.evidence(Reading(question.question))
        judged.append(Judged(question, signals(evidence), evidence, files))
        progress(place, len(questions))
    return judged


def fit_gate(
    judged: Sequence[Judged],
    fitted_on: str,
    *,
    leave_out: Sequence[str] = (),
    most_refused: float = MOST_REFUSED,
    listed: float | None = None,
) -> GateCalibration:
    """Return the gate fitted to these questions, without the signals that are left out.

    Its threshold has the fewest wrong answers among those that refuse at most a share of the answerable questions, by
    cross-validation over documents, so that it is not chosen on what the weights were fitted to.

    `listed` is taken as it is: it belongs to the reader.

    Raises:
        SettingsError: There are too few questions, or only answerable or only unanswerable ones.
    """
    names, values, answerable = _table(judged, leave_out)
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    # A signal that is the same for all of these questions has no weight, and may differ for others.
    deviation[deviation < _LEAST_DEVIATION] = 1.0
    intercept, weights = _logistic((values - mean) / deviation, answerable)
    held_out = held_out_probabilities(judged, leave_out)
    answer = threshold(held_out, answerable, most_refused)
    below = held_out[held_out < answer]
    closest = float(np.quantile(below, 1 - _CLOSEST_SHARE)) if len(below) else answer
    return GateCalibration(
        fitted_on=fitted_on,
        intercept=round(intercept, 4),
        weights={
            name: FittedWeight(weight=round(float(w), 4), mean=round(float(m), 4), deviation=round(float(d), 4))
            for name, w, m, d in zip(names, weights, mean, deviation, strict=True)
        },
        answer=round(answer, 4),
        closest=round(min(closest, answer), 4),
        certain=max(_CERTAIN, round(answer, 4)),
        sure=max(_SURE, round(answer, 4)),
        listed=listed,
    )


def held_out_probabilities(judged: Sequence[Judged], leave_out: Sequence[str] = ()) -> np.ndarray:
    """Return for each question the probability by a gate that was fitted without the questions about its document."""
    _, values, answerable = _table(judged, leave_out)
    scaled = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
    return _cross_validated(scaled, answerable, [_document(one.question) for one in judged])


def threshold(probabilities: np.ndarray, answerable: np.ndarray, most_refused: float = MOST_REFUSED) -> float:
    """Return the highest probability that refuses at most a share of the answerable questions."""
    right = np.sort(probabilities[answerable])
    return float(right[min(len(right) - 1, int(most_refused * len(right)))])


def fit_sentences(judged: Sequence[Judged], fitted_on: str) -> SentenceCalibration:
    """Return the choice of further sentences fitted to the answerable questions whose best sentence is right.

    Raises:
        ValueError: There are not both sentences that belong in an answer and such that do not.
    """
    rows: list[Mapping[str, float]] = []
    labels: list[bool] = []
    for one in judged:
        lead, best = one.evidence.lead, one.evidence.sentence
        if not one.question.answerable or lead is None or best is None:
            continue
        others = [sentence for sentence in lead.sentences if sentence is not best]
        rows += [known_of(one.evidence, lead, sentence) for sentence in others]
        file = one.files[lead.chunk.document_id]
        labels += [is_gold(one.question, file, sentence.unit.text, also=True) for sentence in others]
    if not rows:
        raise ValueError("no answerable question has more than one sentence to choose from")
    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    belongs = np.array(labels)
    intercept, weights = _logistic(values, belongs)
    return SentenceCalibration(
        fitted_on=fitted_on,
        intercept=round(intercept, 4),
        weights={name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        show=_SHOW,
    )


def _table(judged: Sequence[Judged], leave_out: Sequence[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the signals' names, their values of shape (questions, signals), and which questions are answerable."""
    answerable = np.array([one.question.answerable for one in judged], dtype=bool)
    if min(answerable.sum(), (~answerable).sum()) < _FEWEST_QUESTIONS:
        raise SettingsError(
            f"A calibration needs at least {_FEWEST_QUESTIONS} answerable and {_FEWEST_QUESTIONS} unanswerable "
            f"questions; these are {answerable.sum()} and {(~answerable).sum()}. "
            "Add more, or use the calibration that comes along."
        )
    names = [name for name in judged[0].signals if name not in leave_out]
    return names, np.array([[one.signals[name] for name in names] for one in judged]), answerable


def _logistic(values: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_REGULARISATION, max_iter=2000).fit(values, labels)
    return float(model.intercept_[0]), model.coef_[0]


def _cross_validated(values: np.ndarray, labels: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Return each row's probability by a regression that has not seen its document."""
    from sklearn.model_selection import GroupKFold

    folds = min(5, len(set(groups)))
    likely = np.zeros(len(labels))
    for fitted, held_out in GroupKFold(folds).split(values, labels, groups):
        intercept, weights = _logistic(values[fitted], labels[fitted])
        likely[held_out] = 1 / (1 + np.exp(-(values[held_out] @ weights + intercept)))
    return likely


def _document(question: EvalQuestion) -> str:
    return question.documents[0] if question.documents else question.id


class Point(BaseModel):
    """A threshold's effect on questions whose documents the fit had not seen. Shares, 0 to 1."""

    model_config = ConfigDict(frozen=True)

    threshold: float
    wrong_refusal: float
    wrong_answer: float


class Calibration(BaseModel):
    """A fitted gate with what it was fitted on and its curve; `chosen` is the point of its threshold."""

    model_config = ConfigDict(frozen=True)

    questions: int
    answerable: int
    unanswerable: int
    gate: GateCalibration
    chosen: Point
    curve: tuple[Point, ...]
    written: str | None = None


def calibrate(
    judged: Sequence[Judged], fitted_on: str, most_refused: float = MOST_REFUSED, listed: float | None = None
) -> Calibration:
    """Fit the gate. The curve is by cross-validation over documents.

    Raises:
        SettingsError: There are too few questions, or only answerable or only unanswerable ones.
    """
    gate = fit_gate(judged, fitted_on, most_refused=most_refused, listed=listed)
    likely = held_out_probabilities(judged)
    answerable = np.array([one.question.answerable for one in judged])
    right = np.sort(likely[answerable])
    thresholds = sorted({float(right[min(len(right) - 1, int(share * len(right)))]) for share in _REFUSED})
    return Calibration(
        questions=len(judged),
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        gate=gate,
        chosen=_point(gate.answer, likely, answerable),
        curve=tuple(_point(threshold, likely, answerable) for threshold in thresholds),
    )


def show_calibration(calibration: Calibration) -> None:
    """Print the weights and the curve as tables, and what they mean."""
    shown = console()
    weights = Table("signal", "weight", box=None)
    for name, fitted in sorted(calibration.gate.weights.items(), key=lambda item: -abs(item[1].weight)):
        weights.add_row(name, f"{fitted.weight:+.2f}")
    shown.print(weights)
    curve = Table("threshold", "wrong refusals", "wrong answers", box=None)
    for point in calibration.curve:
        curve.add_row(f"{point.threshold:.3f}", f"{point.wrong_refusal:.3f}", f"{point.wrong_answer:.3f}")
    shown.print(curve)
    chosen = calibration.chosen
    where = (
        f"Written to {calibration.written}; it is used from now on." if calibration.written else "Nothing was changed."
    )
    shown.print(
        f"Over {calibration.answerable} answerable and {calibration.unanswerable} unanswerable questions, by "
        f"cross-validation: from {chosen.threshold:.3f} on the library answers; {chosen.wrong_refusal:.3f} of the "
        f"answerable are refused and {chosen.wrong_answer:.3f} of the others answered. {where}",
        soft_wrap=True,
    )


def _point(threshold: float, likely: np.ndarray, answerable: np.ndarray) -> Point:
    return Point(
        threshold=round(threshold, 4),
        wrong_refusal=round(float((likely[answerable] < threshold).mean()), 4),
        wrong_answer=round(float((likely[~answerable] >= threshold).mean()), 4),
    )
