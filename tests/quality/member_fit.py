"""`python -m tests.quality.member_fit`: fits when a member can probably help, and measures it on withheld answers.

Each seeker and question is measured twice: as it is, and with all hidden who answer it or work on the same specific
topic, when nobody fits. *Kept* are those with an answer who are told that somebody fits; *false* those without one who
are. What a profile looks for and what is typed as a question have a fit each. Fitted on the halves marked
"tune" in split.json and on the older sets, which have no halves. `--shared FOLDER` adds the maintainers' set to what is
fitted, `--write` writes knowledge/calibration/member_fit.json.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.evaluation.peers import read_matching_set
from knowledge.answering.reader.packaged_reader import packaged_reader
from knowledge.answering.reader.scores import Reader
from knowledge.calibration.member_fit import MemberFit, NeedFit
from knowledge.dates import utc_now
from knowledge.library import Library
from knowledge.matching import ranking
from knowledge.matching.constraints import read_member_constraints
from knowledge.matching.peers import Peers
from knowledge.retrieval.embedder import Embedder, open_embedder
from knowledge.settings import Settings, Switch
from tests.cached_models import CachedEmbedder, CachedReader

HERE = Path(__file__).parent
OLD = ("peers", "peers-second")
NEW = ("peers-unseen-a", "peers-unseen-b", "peers-other-worlds")
FILE = Path("knowledge/calibration/member_fit.json")
_SHORTLIST = 24
_ANSWERS = 3
_SAME_TOPIC = 2
# Of those without an answer so many are told that somebody fits, on what the fit has seen: aimed at are .15 of others.
_FALSE = 0.10
_SIGNALS = ("similarity", "answerable", "topics")
# Topics in common tell seekers' needs apart (area under the curve .75 -> .88 on "tune") and questions not (.96 -> .96).
_SIGNALS_OF = {True: _SIGNALS[:2], False: _SIGNALS}


class Case(NamedTuple):
    """A need: of which half and kind, and of those who were read the signals, shape (n, 3), and who answers it.

    `near` are those who answer it or work on the same specific topic.
    """

    half: str
    kind: str
    signals: np.ndarray
    answers: np.ndarray
    near: np.ndarray

    @property
    def typed(self) -> bool:
        """Whether it is a question rather than what a profile looks for."""
        return self.kind != "seeker"

    @property
    def seen(self) -> np.ndarray:
        """The signals with everybody there."""
        return self.signals

    @property
    def withheld(self) -> np.ndarray:
        """The signals of those who do neither answer it nor work on the same."""
        return self.signals[~self.near]


def read_cases(folder: Path, embedder: Embedder, reader: Reader, wanted: str | None = None) -> list[Case]:
    """All needs of a set, or of the wanted half: its seekers, those whom nobody answers, and its questions."""
    members, judgements = read_matching_set(folder)
    half = {}
    if (folder / "split.json").exists():
        halves = json.loads((folder / "split.json").read_text(encoding="utf-8"))
        half = {key: name for name, keys in halves.items() for key in keys}

    def left_out(key: str) -> bool:
        return wanted is not None and half.get(key, "tune") != wanted

    with tempfile.TemporaryDirectory() as data:
        library = Library.open(Settings(data_dir=Path(data), starter_library=Switch.OFF), lambda _: embedder)
        library.reader = reader
        try:
            peers = Peers(library)
            peers.save_all({**member, "findable": True, "consent": True} for member in members.values())
            cases = []
            for seeker in [*judgements, *(one for one in _lines(folder / "nobody.txt") if one not in judgements)]:
                if left_out(seeker):
                    continue
                member = peers.profile(seeker)
                wish = ranking.unless_chosen(read_member_constraints(member.profile.looking_for), None, None, None)
                who = ranking.wanted(member.profile, wish, None, None, None)
                need = peers._matcher.need_of_member(member)
                found = peers._matcher.candidates(member, need, who, utc_now(), _SHORTLIST)
                grades = judgements.get(seeker, {})
                cases.append(_case(half.get(seeker, "tune"), "seeker", found, grades))
            for line in _lines(folder / "questions.jsonl"):
                item = json.loads(line)
                if left_out(item["id"]):
                    continue
                nobody = peers._matcher.stranger("nobody")
                who = ranking.wanted(nobody.profile, read_member_constraints(item["question"]), None, None, None)
                need = peers._matcher.need_of(item["question"])
                found = peers._matcher.candidates(nobody, need, who, utc_now(), _SHORTLIST)
                grades = dict.fromkeys(item["fits"], _ANSWERS)
                cases.append(_case(half.get(item["id"], "tune"), item["kind"], found, grades))
            return cases
        finally:
            library.close()


def kept_and_false(cases: Iterable[Case], fit: MemberFit) -> tuple[float, float, int, int]:
    """Which shares of needs with and without an answer are told that somebody fits, and how many of both there are."""
    cases = list(cases)
    kept = [_somebody(case.seen, fit.of(typed=case.typed)) for case in cases if case.answers.any()]
    wrong = [_somebody(case.withheld, fit.of(typed=case.typed)) for case in cases]
    return float(np.mean(kept)), float(np.mean(wrong)), len(kept), len(wrong)


def fitted(cases: Sequence[Case]) -> MemberFit:
    """The fits to these needs."""
    by_kind = {typed: [case for case in cases if case.typed == typed] for typed in (True, False)}
    return MemberFit(
        fitted_on="", measured="", profile=_fitted(by_kind[False], False), question=_fitted(by_kind[True], True)
    )


def _fitted(cases: Sequence[Case], typed: bool) -> NeedFit:
    """The fit, with the threshold at which at most 10 % are told so with their answers withheld."""
    from sklearn.linear_model import LogisticRegression

    names = _SIGNALS_OF[typed]
    signals = np.concatenate([case.signals for case in cases if len(case.signals)])[:, : len(names)]
    answers = np.concatenate([case.answers for case in cases if len(case.signals)])
    mean, deviation = signals.mean(axis=0), signals.std(axis=0)
    model = LogisticRegression().fit((signals - mean) / deviation, answers)
    fit = NeedFit.model_validate(
        {
            "intercept": round(float(model.intercept_[0]), 4),
            "weights": {
                name: {
                    "weight": round(float(model.coef_[0, place]), 4),
                    "mean": round(float(mean[place]), 4),
                    "deviation": round(float(deviation[place]), 4),
                }
                for place, name in enumerate(names)
            },
            "fits": 0.5,
        }
    )
    highest = sorted(max((fit.probability(*row) for row in case.withheld), default=0.0) for case in cases)
    return fit.model_copy(update={"fits": round(float(np.quantile(highest, 1 - _FALSE)), 3)})


def _case(half: str, kind: str, found: Sequence, grades: dict[str, int]) -> Case:
    grade = np.array([grades.get(one.member.profile.id, 0) for one in found], dtype=int)
    return Case(
        half,
        kind,
        np.array([[one.likeness, one.read.answerable, one.topics] for one in found], dtype=float).reshape(-1, 3),
        grade == _ANSWERS,
        grade >= _SAME_TOPIC,
    )


def _somebody(signals: np.ndarray, fit: NeedFit) -> bool:
    return any(fit.holds(*row) for row in signals)


def _lines(path: Path) -> list[str]:
    return list(filter(str.strip, path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    embedder, reader = CachedEmbedder(open_embedder(Settings())), CachedReader(packaged_reader())
    folders = [HERE / name for name in (*OLD, *NEW)] + ([options.shared] if options.shared else [])
    cases = {folder.name: read_cases(folder, embedder, reader) for folder in folders}
    everything = [case for found in cases.values() for case in found]
    tune, test = ([case for case in everything if case.half == half] for half in ("tune", "test"))
    fit = fitted(tune)
    print(fit.model_dump_json(indent=2))
    rows = {"tune": tune, "test": test}
    rows |= {f"test, {kind}": [case for case in test if case.kind == kind] for kind in ("seeker", "member")}
    rows |= {f"test, {kind}": [case for case in test if case.kind == kind] for kind in ("everyday", "unmet")}
    rows |= {f"test, {name}": [case for case in found if case.half == "test"] for name, found in cases.items()}
    for name, found in rows.items():
        if found:
            kept, wrong, answered, unanswered = kept_and_false(found, fit)
            print(f"{name}: kept {kept:.2f} of {answered}, false {wrong:.2f} of {unanswered}")
    if options.write:
        kept, wrong, answered, unanswered = kept_and_false(test, fit)
        fit = fit.model_copy(
            update={
                "fitted_on": f"{len(tune)} needs, each as it is and with its answers withheld: seekers and questions "
                f"of {len(folders)} networks (tests/quality/member_fit.py), the halves marked tune",
                "measured": f"on the halves marked test, {answered} needs with an answer are kept to {kept:.2f}, "
                f"and of {unanswered} without one {wrong:.2f} are falsely told that somebody fits",
            }
        )
        FILE.write_text(fit.model_dump_json(indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
