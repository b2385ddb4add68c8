"""Fits the checks of a language model's sentences: `python -m tests.quality.calibrate_generation`.

It prints what each check is worth, on the half of the sentences that nothing is fitted to.
knowledge/calibration/generation.json is written anew.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from indexer.pipeline import Indexer
from knowledge.answering.generation.checks import cited_passage, clauses, supports_of, turned_round
from knowledge.answering.reader.onnx_reader import OnnxReader
from knowledge.answering.reader.scores import Reader
from knowledge.calibration.generation import GenerationCalibration
from knowledge.language.names import find_names, supports
from knowledge.language.numbers import figures
from knowledge.library import Library
from knowledge.retrieval.embedder import Embedder, open_embedder
from knowledge.settings import Settings, Switch
from tests.quality.written_pairs import MISATTRIBUTED, Pair, documents, halves

CALIBRATION = Path(__file__).parents[2] / "knowledge" / "calibration" / "generation.json"
STARTER = Path(__file__).parents[2] / "indexer" / "library"
# The share of true sentences, of the half that is fitted to, that the threshold may lose.
MOST_LOST = 0.05
# What the rules find, or nothing does: the two models need not.
BY_RULE = ("number", "number elsewhere", "name", "reversed")


class Seen(NamedTuple):
    """A pair with the two models' scores of it, and which rules it holds."""

    pair: Pair
    logit: float
    cosine: float
    rules: Mapping[str, bool]


def main() -> None:
    reader = OnnxReader()
    with tempfile.TemporaryDirectory() as folder:
        library = open_documents(Path(folder))
        tune, test = ([_seen(pair, reader, library.embedder) for pair in half] for half in halves(library))
        fitted_on = (
            f"half of tests/quality/written-pairs.jsonl, {len(tune)} sentences; "
            f"embeddings {library.embedder.name}; reader {reader.name}"
        )
        library.close()
    _show_ways(reader, [seen.pair for seen in (*tune, *test)])
    fitted = fit(tune, fitted_on, reader.name)
    CALIBRATION.write_text(fitted.model_dump_json(indent=2) + "\n")
    print(fitted.model_dump_json(indent=2))
    print("on the other half:")
    _show("all checks", test, fitted, ())
    for left_out in ("names", "figures", "directions"):
        _show(f"without {left_out}", test, fitted, (left_out,))
    _show("without the reader", test, fit(tune, fitted_on, reader.name, logit=False), ())
    _show("without the cosine", test, fit(tune, fitted_on, reader.name, cosine=False), ())
    _show("the rules alone", test, fitted.model_copy(update={"keep": 0.0}), ())


def open_documents(folder: Path) -> Library:
    """Return a library of the documents that the pairs are about."""
    library = Library.open(Settings(data_dir=folder, starter_library=Switch.OFF), open_embedder)
    Indexer(library).add([str(path) for path in sorted(STARTER.rglob("*.md")) if path.stem in documents()])
    return library


def fit(
    tune: Sequence[Seen], fitted_on: str, reader: str, *, logit: bool = True, cosine: bool = True
) -> GenerationCalibration:
    """Return the two weights and the threshold that loses as many true sentences as it may; a score can be left out."""
    told = [seen for seen in tune if seen.pair.supported or seen.pair.kind not in BY_RULE]
    scores = np.array([[seen.logit * logit, seen.cosine * cosine] for seen in told])
    mean, deviation = scores.mean(axis=0), np.maximum(scores.std(axis=0), 1e-9)
    model = LogisticRegression(class_weight="balanced")
    model.fit((scores - mean) / deviation, [seen.pair.supported for seen in told])
    weights = model.coef_[0] / deviation * (logit, cosine)
    fitted = GenerationCalibration(
        fitted_on=fitted_on,
        reader=reader.partition("@")[0],
        intercept=round(float(model.intercept_[0] - weights @ mean), 4),
        logit=round(float(weights[0]), 4),
        cosine=round(float(weights[1]), 4),
        keep=0.0,
    )
    of_true = [fitted.probability(seen.logit, seen.cosine) for seen in tune if seen.pair.supported]
    return fitted.model_copy(update={"keep": round(float(np.quantile(of_true, MOST_LOST)), 4)})


def _seen(pair: Pair, reader: Reader, embedder: Embedder) -> Seen:
    passage = cited_passage(pair.chunk)
    found = supports_of(pair.sentence, [passage], reader)
    quotes = " ".join(dict.fromkeys(support.unit.text for support in found))
    vectors = embedder.embed_documents([pair.sentence, quotes])
    named = [name for name in find_names(pair.sentence) if not (name.opens and figures(name.shown))]
    rules = {
        "names": all(supports(passage.about, name) for name in named),
        "figures": all(figures(support.clause) <= figures(support.evidence) for support in found),
        "directions": not any(turned_round(support.clause, support.evidence) for support in found),
    }
    return Seen(pair, min(support.score for support in found), float(vectors[0] @ vectors[1]), rules)


def _show_ways(reader: Reader, pairs: Sequence[Pair]) -> None:
    print("how a sentence is put to the reader, and the area under the curve of what it says:")
    forms: dict[str, Callable[[str], str]] = {
        "as it is": lambda text: text,
        "as a question": lambda text: f"{text.rstrip('.')}?",
        '"Is it true that ...?"': lambda text: f"Is it true that {text[0].lower()}{text[1:].rstrip('.')}?",
        '"What is known about this: ...?"': lambda text: f"What is known about this: {text.rstrip('.')}?",
    }
    for cut, parts in (("whole", lambda text: [text]), ("clause by clause", clauses)):
        for form, pose in forms.items():
            scores = [_least(reader, pair, [pose(part) for part in parts(pair.sentence)]) for pair in pairs]
            print(f"  {f'{cut}, {form}':50} {roc_auc_score([pair.supported for pair in pairs], scores):.3f}")


def _least(reader: Reader, pair: Pair, questions: Sequence[str]) -> float:
    read = [reader.read(question, [cited_passage(pair.chunk).read_as])[0] for question in questions]
    return min(scores.answerable + max(scores.sentences) for scores in read)


def _show(name: str, test: Sequence[Seen], fitted: GenerationCalibration, left_out: Sequence[str]) -> None:
    kept = partial(_kept, fitted=fitted, left_out=left_out)
    kinds = dict.fromkeys(seen.pair.kind for seen in test if not seen.pair.supported)
    true = [kept(seen) for seen in test if seen.pair.supported]
    false = {kind: [kept(one) for one in test if one.pair.kind == kind and not one.pair.supported] for kind in kinds}
    every = ", ".join(f"{kind} {sum(through)}/{len(through)}" for kind, through in false.items() if any(through))
    written = sum(sum(through) for kind, through in false.items() if kind != MISATTRIBUTED)
    print(f"  {name:20} true kept {sum(true)}/{len(true)}, false kept {written} ({every or 'none'})")


def _kept(seen: Seen, fitted: GenerationCalibration, left_out: Sequence[str]) -> bool:
    held = all(holds for rule, holds in seen.rules.items() if rule not in left_out)
    return held and fitted.probability(seen.logit, seen.cosine) >= fitted.keep


if __name__ == "__main__":
    main()
