"""`python -m tests.benchmarks.peers`: drive the systems, query by query in turn, and write what came of it as JSON."""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.metrics import mean, ndcg, percentile
from bot.evaluation.retrieval import LOCATION_PREFIX, Collection, read_collection
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.benchmarks.peers import worker

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared"))
NAMES = {
    "embedding": "one query embedding",
    "faiss-bm25s": "bare FAISS + bm25s",
    "txtai": "txtai, hybrid",
    "llamaindex": "LlamaIndex, FAISS + BM25",
    "ours": "HALN Assistant",
    "haystack": "Haystack, in memory",
}


class Process:
    """A system in a process of its own."""

    def __init__(self, python: Path, system: str, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}
        self._process = subprocess.Popen(
            [python, worker.__file__, system, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / f"{system}.log").open("w"),
            text=True,
            env=environment,
        )
        self.made = self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"{self._process.args} ended; its log is beside its data.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        self._process.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--python", type=Path, default=ROOT / ".bench/peers/bin/python", help="of the peers' environment"
    )
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where libraries and indexes are kept")
    parser.add_argument("--queries", type=int, default=150, help="queries of each collection")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked")
    parser.add_argument("--collections", nargs="*", default=["stackfaq", "scifact"])
    arguments = parser.parse_args()
    if not (SHARED / "ir").is_dir():
        print(f"{SHARED / 'ir'} does not exist, so nothing is compared: set SHARED_DATA to the folder that holds ir/.")
        return
    figures = {}
    for name in arguments.collections:
        collection = read_collection(SHARED / "ir" / name)
        folder = arguments.cache / name
        folder.mkdir(parents=True, exist_ok=True)
        queries = random.Random(5).sample(sorted(collection.queries), min(arguments.queries, len(collection.queries)))
        chunks = prepare(collection, folder, queries)
        systems = compare(arguments.python, folder, collection, queries, arguments.rounds)
        figures[name] = {"chunks": chunks, "queries": len(queries), "rounds": arguments.rounds, "systems": systems}
        report(name, figures[name])
    (arguments.cache / "peers.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


def prepare(collection: Collection, folder: Path, queries: Sequence[str]) -> int:
    """Index a collection where that is not done, and write what the systems read; return how many chunks it has."""
    settings = Settings(data_dir=folder / "library", starter_library=Switch.OFF)
    library = Library.open(settings, open_embedder)
    Indexer(library).store_documents(collection.documents, len(collection.documents))
    names = {d.id: d.location.removeprefix(LOCATION_PREFIX) for d in library.store.documents()}
    ids, vectors = library.store.embeddings(library.store.chunk_ids())
    chunks = library.store.chunks(ids.tolist())
    with (folder / "chunks.jsonl").open("w", encoding="utf-8") as file:
        for chunk in (chunks[i] for i in ids.tolist()):
            # Title and headings are a part of what the model and the full text see of ours.
            text = " ".join([chunk.metadata.title, *chunk.heading_path, chunk.text])
            print(json.dumps({"document": names[chunk.document_id], "text": text}), file=file)
    np.save(folder / "vectors.npy", vectors)
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        for query in queries:
            print(json.dumps({"text": collection.queries[query]}), file=file)
    library.close()
    return len(chunks)


def compare(
    python: Path, folder: Path, collection: Collection, queries: Sequence[str], rounds: int
) -> dict[str, dict[str, float]]:
    """Return each system's figures. One process works at a time; the order is another for each query."""
    processes = {name: Process(Path(sys.executable) if name == "ours" else python, name, folder) for name in NAMES}
    times: dict[str, list[float]] = defaultdict(list)
    runs: dict[str, list[float]] = defaultdict(list)
    chance = random.Random(6)
    for round_number in range(rounds):
        for number, query in enumerate(queries):
            for name in chance.sample(list(NAMES), len(NAMES)):
                answer = processes[name].ask(str(number))
                times[name].append(answer["ms"])
                if round_number == 0:
                    runs[name].append(ndcg(answer["documents"], collection.judgements[query], 10))
    one = percentile(times["embedding"], 0.5)
    figures = {}
    for name, process in processes.items():
        memory = process.ask("memory")["memory"]
        figures[name] = {
            "p50": percentile(times[name], 0.5) / one,
            "p95": percentile(times[name], 0.95) / one,
            "own p95": percentile(
                [own / alone for own, alone in zip(times[name], times["embedding"], strict=True)], 0.95
            ),
            "ms": percentile(times[name], 0.5),
            "ndcg@10": mean(runs[name]),
            "memory": memory,
            **process.made,
        }
        process.close()
    return figures


def report(name: str, figures: dict[str, Any]) -> None:
    print(f"{name}: {figures['chunks']} chunks, {figures['queries']} queries, {figures['rounds']} rounds")
    for system, one in figures["systems"].items():
        print(
            f"  {NAMES[system]:<26} p50 {one['p50']:5.2f} p95 {one['p95']:5.2f} ({one['ms']:.1f} ms)"
            f" by query p95 {one['own p95']:5.2f}"
            f"  nDCG@10 {one['ndcg@10']:.3f}"
            f"  index {one['index_seconds']:.2f} s  memory {one['memory']:.0f} MB  disk {one['disk']:.1f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
