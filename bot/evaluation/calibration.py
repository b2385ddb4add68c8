"""`haln eval calibrate`: fits the evidence gate to questions over a library, and shows what its threshold trades."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from bot.evaluation.fit import MOST_REFUSED, Judged, fit_gate, held_out_probabilities
from knowledge.calibration.gate import GateCalibration

_REFUSED = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)


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


def calibrate(judged: Sequence[Judged], fitted_on: str, most_refused: float = MOST_REFUSED) -> Calibration:
    """Fit the gate. The curve is by cross-validation over documents.

    Raises:
        SettingsError: There are too few questions, or only answerable or only unanswerable ones.
    """
    gate = fit_gate(judged, fitted_on, most_refused=most_refused)
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
    console = Console()
    weights = Table("signal", "weight", box=None)
    for name, fitted in sorted(calibration.gate.weights.items(), key=lambda item: -abs(item[1].weight)):
        weights.add_row(name, f"{fitted.weight:+.2f}")
    console.print(weights)
    curve = Table("threshold", "wrong refusals", "wrong answers", box=None)
    for point in calibration.curve:
        curve.add_row(f"{point.threshold:.3f}", f"{point.wrong_refusal:.3f}", f"{point.wrong_answer:.3f}")
    console.print(curve)
    chosen = calibration.chosen
    where = (
        f"Written to {calibration.written}; it is used from now on." if calibration.written else "Nothing was changed."
    )
    console.print(
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
