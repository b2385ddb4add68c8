"""`python -m tests.benchmarks.growth.stages`: where a search's time goes beside the embedding, at each size of library.

Reads the libraries that `tests.benchmarks.growth` has made. Counted is the processor's time of the searching thread, so
that busy neighbours matter less, of each stage without those within it; of several passes the least for each question.
The embedding beside it is that of the larger of the two models, which a search waits for. Words are looked up while
that works: the rest, of which reading the question comes first, is what a search takes longer than an embedding.
"""

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.metrics import mean, percentile
from bot.evaluation.questions import read_questions
from knowledge.language.library_words import LibraryWords
from knowledge.library import Library
from knowledge.retrieval import ranking, search
from knowledge.retrieval.bundled_embedder import BGE_SMALL, OnnxEmbedder
from knowledge.retrieval.dense_view import Similarities, View
from knowledge.retrieval.embedder import open_embedder
from knowledge.retrieval.lexical import LexicalView
from knowledge.retrieval.query import QueryReader
from knowledge.settings import Settings, Switch
from tests.quality.libraries import SETS

ROOT = Path(__file__).parents[3]
_QUERIES = 60
_PASSES = 3
_FOUND = 10
_MEANWHILE = "of it while the question is embedded, mean"


class Stages:
    """Timers around functions of a search; `spent` is what each took (milliseconds) since it was last emptied."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._within: list[int] = []

    def time(self, owner: Any, function: str, stage: str) -> None:
        """Count what a function takes as a stage, without the functions within it that are counted themselves."""
        timed: Callable[..., Any] = getattr(owner, function)

        @wraps(timed)
        def counted(*args: Any, **options: Any) -> Any:
            started = time.thread_time_ns()
            self._within.append(0)
            try:
                return timed(*args, **options)
            finally:
                spent = time.thread_time_ns() - started
                self.spent[stage] += (spent - self._within.pop()) / 1e6
                if self._within:
                    self._within[-1] += spent

        setattr(owner, function, counted)


def around(library: Library) -> Stages:
    """Return timers around the stages of this library's searches, for as long as the process lives."""
    stages = Stages()
    store = type(library.store)
    for owner, function, stage in (
        (QueryReader, "read", "reading the question: words, acronyms, spellings"),
        (LibraryWords, "slips", "slips of the question's words"),
        (store, "_state", "the library's version and model"),
        (LexicalView, "search", "words: postings and BM25"),
        (LexicalView, "frequencies", "words: postings and BM25"),
        (store, "phrase_scores", "phrases, in the full text"),
        (View, "similarities", "nearest vectors"),
        (Similarities, "nearest", "nearest vectors"),
        (View, "candidates", "vectors of candidates"),
        (Similarities, "to", "vectors of candidates"),
        (View, "background", "mean and deviation of likeness"),
        (search, "search_hybrid", "fusion, feedback, order"),
        (View, "vectors", "exact vectors of the best"),
        (store, "chunks", "texts of what is shown, from the database"),
        (search, "as_result", "making results"),
    ):
        stages.time(owner, function, stage)
    return stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where the libraries are")
    arguments = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    questions = [question.question for question in read_questions(SETS[0].questions, "test")][:_QUERIES]
    vectors = np.load(arguments.cache / "growth-queries.npy")
    stages: Stages | None = None
    for size in arguments.sizes:
        settings = Settings(data_dir=arguments.cache / f"growth-{size}", starter_library=Switch.OFF)
        library = Library.open(settings, open_embedder)
        stages = stages or around(library)
        figures[str(size)] = measured(library, stages, dict(zip(questions, vectors, strict=False)))
        library.close()
        print(f"{size} chunks: " + json.dumps(figures[str(size)]), flush=True)
    (arguments.cache / "stages.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


def measured(library: Library, stages: Stages, vectors: dict[str, Any]) -> dict[str, float]:
    """Return each stage's mean (ms), their sum's mean, p50 and p95, and an embedding's p50."""
    model = OnnxEmbedder(BGE_SMALL)
    searcher = library.searcher
    each: list[dict[str, float]] = []
    embedding = []
    for question, vector in list(vectors.items())[:3] + list(vectors.items()):
        passes, embedded = [], []
        for _ in range(_PASSES):
            started = time.thread_time_ns()
            model.query_vector(question)
            embedded.append((time.thread_time_ns() - started) / 1e6)
            stages.spent.clear()
            with library.store.one_state():
                query = searcher.read(question)
                read = sum(stages.spent.values())
                matched = ranking.match_words(library.store, library.lexical, query, _FOUND)
                looked_up = sum(stages.spent.values()) - read
                found = searcher.found(query, vector, _FOUND, matched=matched)
            for rank, (hit, chunk) in enumerate(found, start=1):
                search.as_result(rank, hit, chunk)
            passes.append({**stages.spent, _MEANWHILE: looked_up})
        each.append({stage: min(one.get(stage, 0.0) for one in passes) for stage in passes[-1]})
        embedding.append(min(embedded))
    each = each[3:]  # the first load what is loaded late
    names = sorted({stage for one in each for stage in one}, key=lambda stage: -sum(one.get(stage, 0) for one in each))
    names.remove(_MEANWHILE)
    meanwhile = [one.pop(_MEANWHILE) for one in each]
    sums = [sum(one.values()) for one in each]
    behind = [whole - before for whole, before in zip(sums, meanwhile, strict=True)]
    return {stage: mean([one.get(stage, 0.0) for one in each]) for stage in names} | {
        "all, mean": mean(sums),
        "all, p50": percentile(sums, 0.5),
        "all, p95": percentile(sums, 0.95),
        _MEANWHILE: mean(meanwhile),
        "before and after it, p50": percentile(behind, 0.5),
        "before and after it, p95": percentile(behind, 0.95),
        "one query embedding, p50": percentile(embedding[3:], 0.5),
        "processes that wanted the processors meanwhile": os.getloadavg()[0],
    }


if __name__ == "__main__":
    main()
