"""`python -m tests.benchmarks.growth`: what searching, opening and adding cost at 1,000 chunks, 10,000, 100,000 ...

The library grows in one folder, which may be kept: then it is made once. Figures go to growth.json beside it.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.metrics import percentile
from bot.evaluation.questions import read_questions
from indexer.pipeline import Indexer
from knowledge.domain.library import Document, Metadata, Section
from knowledge.library import Library
from knowledge.retrieval.dense_segments import nearest
from knowledge.retrieval.mapped_clusters import products
from knowledge.storage.arrays import Vectors
from tests.benchmarks.growth.filling import Filler
from tests.benchmarks.growth.process import opened
from tests.quality.libraries import SETS

ROOT = Path(__file__).parents[3]
MEASURES = {
    "search_p50": "search without the embedding, p50, ms",
    "search_p95": "search without the embedding, p95, ms",
    "dense_ms": "of it the nearest vectors, p50, ms",
    "lexical_ms": "of it the words, p50, ms",
    "recall": "recall@10 of the nearest vectors",
    "open_seconds": "open cold and search once, s",
    "memory": "memory of a process that searches, MB",
    "add_ms": "one document: embedded, stored, committed, ms",
    "next_ms": "the first search after it, ms",
    "findable_ms": "committed until found in another process, ms",
    "disk": "on disk, MB",
    "index_seconds": "both indexes made anew, s",
}
_QUERIES = 150
_EXACT = 40
_ADDED = 7
_AT_ONCE = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where the library is kept")
    parser.add_argument("--again", action="store_true", help="search the indexes of last time: a million take minutes")
    arguments = parser.parse_args()
    kept = arguments.cache / "growth.json"
    figures: dict[str, dict[str, float]] = {}
    for size in arguments.sizes:
        folder = arguments.cache / f"growth-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        filler = Filler(folder)
        filler.fill(size)
        # Sizes that were measured another time stay: a million takes half an hour to make.
        before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        figures[str(size)] = measured(filler.library, folder, before.get(str(size)) if arguments.again else None)
        filler.library.close()
        print(f"{size} chunks: " + json.dumps(figures[str(size)]), flush=True)
        together = sorted({**before, **figures}.items(), key=lambda item: int(item[0]))
        kept.write_text(json.dumps(dict(together), indent=1), encoding="utf-8")
    for name, text in MEASURES.items():
        told = "  ".join(f"{figures[str(size)][name]:9.3g}" for size in arguments.sizes)
        print(f"{text:<52} {told}   exponent {exponent(figures, name):.2f}")


def exponent(figures: dict[str, dict[str, float]], name: str, least: int = 10_000) -> float:
    """Return the slope of a measure over the size, both as logarithms: 1 is in proportion; from `least` chunks on."""
    points = [
        (math.log(int(size)), math.log(max(one[name], 1e-3))) for size, one in figures.items() if int(size) >= least
    ]
    if len(points) < 2:
        return math.nan
    return float(np.polyfit(*np.array(points).T, 1)[0])


def measured(library: Library, folder: Path, before: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the figures; where there are some of `before`, the indexes that are there are searched, not made anew."""
    started = time.perf_counter()
    if before is None:
        library.index.discard()
        library.lexical.discard()
    library.refresh_indexes()
    if before is None:
        figures = {"index_seconds": time.perf_counter() - started}
    else:
        figures = {"index_seconds": before["index_seconds"], "indexed_before": 1.0}
    queries = [question.question for question in read_questions(SETS[0].questions, "test")][:_QUERIES]
    vectors = _query_vectors(library, queries, folder.parent / "growth-queries.npy")
    figures |= _searched(library, queries, vectors)
    figures["recall"] = _recall(library, vectors[:_EXACT])
    figures["disk"] = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    np.save(folder / "query.npy", vectors[0])
    cold = [opened(folder, queries[0]) for _ in range(3)]
    figures["open_seconds"] = percentile([one["seconds"] for one in cold], 0.5)
    figures |= _added(library, folder, queries, vectors)
    return figures


def _query_vectors(library: Library, queries: list[str], kept: Path) -> Vectors:
    if not kept.exists():
        np.save(kept, np.stack([library.searcher.embed(library.searcher.read(query)) for query in queries]))
    vectors: Vectors = np.load(kept)
    return vectors


def _searched(library: Library, queries: list[str], vectors: Vectors) -> dict[str, float]:
    every, dense, lexical = [], [], []
    searcher = library.searcher
    for round_number in range(2):
        for query, vector in zip(queries, vectors, strict=True):
            before = time.perf_counter()
            read = searcher.read(query)
            searcher.found(read, vector, 10)
            after = time.perf_counter()
            library.index.view().search(vector, 200)
            between = time.perf_counter()
            library.lexical.view().search(read.terms, 1000)
            if round_number:  # the first time pages are read from disk
                every.append((after - before) * 1000)
                dense.append((between - after) * 1000)
                lexical.append((time.perf_counter() - between) * 1000)
    return {
        "search_p50": percentile(every, 0.5),
        "search_p95": percentile(every, 0.95),
        "dense_ms": percentile(dense, 0.5),
        "lexical_ms": percentile(lexical, 0.5),
    }


def _recall(library: Library, vectors: Vectors) -> float:
    """Return the share of the ten nearest chunks, found by looking at each in the database, that search finds."""
    best: list[Any] = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)) for _ in vectors]
    ids = library.store.chunk_ids()
    for start in range(0, ids.size, _AT_ONCE):
        found, rows = library.store.embeddings(ids[start : start + _AT_ONCE])
        for number, vector in enumerate(vectors):
            near = nearest(found, products(rows, vector), 10)
            best[number] = nearest(*(np.concatenate(pair) for pair in zip(best[number], near, strict=True)), 10)
    shares = []
    for (wanted, _), vector in zip(best, vectors, strict=True):
        found = [chunk_id for chunk_id, _ in library.index.search(vector, 200)][:10]
        shares.append(len(set(found) & set(wanted.tolist())) / 10)
    return float(np.mean(shares))


def _added(library: Library, folder: Path, queries: list[str], vectors: Vectors) -> dict[str, float]:
    """Add documents one by one; how long until they are stored, searched with here, and found in another process."""
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.growth.process", folder, "watch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    print("ready", file=other.stdin, flush=True)
    other.stdout.readline()
    added, following, findable = [], [], []
    for number in range(_ADDED):
        word = f"quixotic{time.time_ns()}"
        text = f"The {word} kitchen was opened by the sample trust for its neighbours, who cook there on Fridays."
        document = Document(
            location=f"added:{word}",
            suggested_id=f"added-{word}",
            metadata=Metadata(title=f"Kitchen {number}"),
            sections=(Section(text=text),),
        )
        print(word, file=other.stdin, flush=True)
        time.sleep(0.2)
        started = time.perf_counter()
        Indexer(library).store_documents([document], 1)
        stored, at = time.perf_counter(), time.time()
        found_at = float(other.stdout.readline())
        searched = time.perf_counter()
        library.searcher.found(library.searcher.read(queries[0]), vectors[0], 10)
        following.append((time.perf_counter() - searched) * 1000)
        added.append((stored - started) * 1000)
        findable.append(max(0.0, (found_at - at) * 1000))
    print("memory", file=other.stdin, flush=True)
    memory = float(other.stdout.readline())
    other.communicate()
    for word in [d.id for d in library.store.documents(under="added:")]:
        library.store.remove_document(word)
    return {
        "add_ms": percentile(added, 0.5),
        "next_ms": percentile(following, 0.5),
        "findable_ms": percentile(findable, 0.5),
        "memory": memory,
    }


if __name__ == "__main__":
    main()
