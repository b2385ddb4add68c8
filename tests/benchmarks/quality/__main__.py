"""What each part of the search is worth: one table of ablations with 95 % intervals, in Markdown on standard output.

Without folders it compares on the project's own questions over the starter library. Libraries are built once and kept.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bot.evaluation.retrieval import read_collection
from knowledge.retrieval.embedder import open_embedder
from knowledge.retrieval.rerank import reranker_from
from knowledge.settings import Settings
from tests.benchmarks.quality.libraries import built
from tests.benchmarks.quality.measuring import measure
from tests.benchmarks.quality.rows import RERANKED, ROWS, WITHOUT_HEADINGS, Setup
from tests.benchmarks.quality.starter import starter_collection
from tests.benchmarks.quality.table import table
from tests.cached_models import CachedEmbedder
from tests.conftest import ROOT


def main(arguments=None, make_embedder=open_embedder) -> None:
    parser = argparse.ArgumentParser(prog="make bench-quality", description=__doc__)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="a collection in BEIR layout")
    parser.add_argument("--headings", action="store_true", help="also embed without title and headings (slow once)")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where built libraries are kept")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    embedder = CachedEmbedder(make_embedder(settings))
    measured = {}
    for collection in [read_collection(Path(folder)) for folder in options.folders] or [starter_collection()]:
        name = f"{collection.name} ({len(collection.documents)} documents, {len(collection.queries)} queries)"
        measured[name] = measured_rows(collection, settings, embedder, options)
    print("\n".join(table(measured)))


def measured_rows(collection, settings, embedder, options):
    """nDCG@10 and Recall@100 of every query, by row."""
    told = Told(collection.name)
    reranker = reranker_from(settings)
    with ExitStack() as stack:
        library = stack.enter_context(built(collection, settings, embedder, options.cache, told))
        setup = Setup(library, reranker)
        told.say("embedding the queries")
        embedder.embed_queries([library.searcher.read(text).meaning for text in collection.queries.values()])
        planned = [(row, setup) for row in ROWS]
        if options.headings:
            plain = stack.enter_context(built(collection, settings, embedder, options.cache, told, headings=False))
            planned.append((WITHOUT_HEADINGS, Setup(plain)))
        if reranker is not None:
            planned.append((RERANKED, setup))
        rows = {}
        for row, chosen in planned:
            started = time.perf_counter()
            rows[row.name] = measure(row, chosen, collection)
            told.say(f"{row.name}: {time.perf_counter() - started:.1f} s")
    return rows


class Told:
    """Progress on standard error: at most a line a tenth."""

    def __init__(self, name):
        self._name, self._tenth = name, -1

    def __call__(self, done, total):
        tenth = 10 * done // max(1, total)
        if tenth != self._tenth:
            self._tenth = tenth
            self.say(f"embedding, {tenth * 10} %")

    def say(self, text):
        print(f"{self._name}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
