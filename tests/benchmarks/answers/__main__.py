"""What each signal of the gate and each rule of composing is worth: `make bench-answers`.

Every row leaves one thing out. Without a signal the gate is fitted anew to the `tune` questions; all rows are measured
on the `test` questions, over all sets together, with the 95 % interval of the paired difference to the first row.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.evaluation.answers import AnswerOutcome, evaluate_answers
from bot.evaluation.fit import Judged, fit_gate, judge_all
from bot.evaluation.questions import EvalQuestion, read_questions
from knowledge.answering.compose import Rule
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.answering.reader.packaged_reader import packaged_reader
from knowledge.answering.signals import SIGNALS
from knowledge.calibration.gate import GateCalibration
from knowledge.library import Library
from tests.benchmarks.quality.bootstrap import Interval, intervals
from tests.cached_models import CachedReader
from tests.quality.libraries import SETS, QuestionSet, open_library

_MEASURES = ("evidence", "in the lead passage", "wrong refusals", "wrong answers", "sentences that fit", "words")


def main() -> None:
    parser = argparse.ArgumentParser(description="What each signal and rule of answering is worth.")
    parser.add_argument("--cache", type=Path, help="Keep the libraries here, so that they are made once.")
    parser.add_argument("--more", nargs=2, metavar=("DOCUMENTS", "QUESTIONS"), type=Path, help="One more set.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in table(options.cache or Path(folder), options.more):
            print(line, flush=True)


def table(folder: Path, more: Sequence[Path] | None) -> Iterator[str]:
    sets = [*SETS, *([QuestionSet("more", more[1], more[0])] if more else [])]
    libraries = {one.name: open_library(one.documents, folder / one.name) for one in sets}
    for library in libraries.values():
        library.reader = CachedReader(packaged_reader())
    questions = {one.name: read_questions(one.questions, None if one.name == "more" else "test") for one in sets}
    tune = [
        judged
        for one in SETS
        for judged in judge_all(read_questions(one.questions, "tune"), libraries[one.name], lambda _done, _all: None)
    ]
    yield f"| without | {' | '.join(_MEASURES)} |"
    yield "|---" * (len(_MEASURES) + 1) + "|"
    everything = _measured(libraries, questions, _gate(tune, ()), ())
    whole = [intervals(column[~np.isnan(column), None])[0] for column in everything.T]
    yield _row("(nothing: as it is)", whole, first=True)
    for signal in SIGNALS:
        yield _against(f"signal {signal}", everything, _measured(libraries, questions, _gate(tune, (signal,)), ()))
    for rule in Rule:
        yield _against(f"rule {rule.value}", everything, _measured(libraries, questions, _gate(tune, ()), (rule,)))
    for library in libraries.values():
        library.close()


def _gate(tune: Sequence[Judged], leave_out: Sequence[str]) -> GateCalibration:
    return fit_gate(tune, "tune", leave_out=leave_out)


def _measured(
    libraries: dict[str, Library],
    questions: dict[str, list[EvalQuestion]],
    gate: GateCalibration,
    without: Sequence[Rule],
) -> np.ndarray:
    """Return each question's measures, shape (questions, measures); NaN where one does not apply."""
    rows = []
    for name, library in libraries.items():
        pipeline = AnswerPipeline(library, gate, without=without)
        _, outcomes = evaluate_answers(questions[name], library, pipeline)
        rows += [_values(outcome) for outcome in outcomes]
    return np.array(rows, dtype=float)


def _values(outcome: AnswerOutcome) -> list[float]:
    answerable = outcome.question.answerable
    return [
        float(bool(outcome.evidence)) if answerable else np.nan,
        float(bool(outcome.evidence_in_lead)) if answerable else np.nan,
        float(not outcome.answered) if answerable else np.nan,
        float(outcome.answered) if not answerable else np.nan,
        outcome.fitting / outcome.sentences if outcome.fitting is not None and outcome.sentences else np.nan,
        float(outcome.words) if outcome.answered else np.nan,
    ]


def _against(name: str, everything: np.ndarray, without: np.ndarray) -> str:
    return _row(name, [_paired(everything[:, place], without[:, place]) for place in range(len(_MEASURES))])


def _paired(before: np.ndarray, after: np.ndarray) -> Interval:
    both = ~np.isnan(before) & ~np.isnan(after)
    return intervals((after - before)[both, None])[0]


def _row(name: str, found: Sequence[Interval], *, first: bool = False) -> str:
    cells = []
    for measure, value in zip(_MEASURES, found, strict=True):
        digits = 0 if measure == "words" else 3
        sign = "" if first else "+"
        text = f"{value.mean:{sign}.{digits}f} [{value.low:{sign}.{digits}f}, {value.high:{sign}.{digits}f}]"
        moves = not first and (value.low > 0 or value.high < 0)
        cells.append((f"**{text}**" if moves else text).replace("-", "−"))
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
