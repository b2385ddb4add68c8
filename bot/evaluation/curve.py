"""Shows a calibration's curve in the terminal."""

from rich.console import Console
from rich.table import Table

from bot.evaluation.calibration import Calibration


def show_curve(calibration: Calibration) -> None:
    """Print the curve as a table, the value in force and the recommended one marked, and what they mean."""
    console = Console()
    table = Table(box=None)
    table.add_column(calibration.threshold, justify="right", no_wrap=True)
    for name in ("wrong refusals", "wrong answers", "evidence in answer", "must include"):
        table.add_column(name, justify="right")
    table.add_column(no_wrap=True)
    for point in calibration.curve:
        marks = [
            mark
            for mark, value in (("now", calibration.current), ("recommended", calibration.recommended))
            if value == point.value
        ]
        table.add_row(
            f"{point.value:g}",
            f"{point.wrong_refusal:.3f}",
            f"{point.wrong_answer:.3f}",
            f"{point.evidence_in_answer:.3f}",
            f"{point.must_include:.3f}",
            ", ".join(marks),
        )
    console.print(table)
    console.print(_advice(calibration), soft_wrap=True)


def _advice(calibration: Calibration) -> str:
    counted = f"{calibration.answerable} answerable and {calibration.unanswerable} unanswerable questions"
    limit = f"{calibration.most_refused:g}"
    if calibration.recommended is None:
        return f"Over {counted}: no value tried refuses at most {limit} of the answerable ones. Try lower values."
    return (
        f"Over {counted}: the fewest wrong answers among values that refuse at most {limit} of the answerable ones. "
        "One question more or less is no reason to change. Nothing was changed: the thresholds are in "
        "knowledge/answering/evidence.py."
    )
