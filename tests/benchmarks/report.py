"""`python -m tests.benchmarks.report`: docs/performance.md and its plots, of the figures that the benchmarks wrote."""

import argparse
import datetime
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from tests.benchmarks.growth.__main__ import MEASURES, exponent
from tests.benchmarks.peers.__main__ import NAMES

ROOT = Path(__file__).parents[2]
_INTRODUCTION = """# Performance

Written by `make bench`; do not edit. Absolute times are this machine's; **the ratios of one run are what to compare**.
{machine}, {day}. [What is in the way of more](performance-limits.md).
"""
_PEERS = """
## Beside what people would use instead

The same chunks, vectors, weights and queries; each system in a process of its own, asked query by query in turn, in
another order each time. Times are multiples of embedding one query with the same model (p50 of the same run), which
each of them does once; "by query" are multiples of each query's own embedding, as longer queries take longer. Indexing
is without the embedding. txtai adds its two scores with equal weights, the others fuse by reciprocal rank. Ours has its
database, full text and metadata on disk as well.

![Time and quality of search beside peers](performance-peers.svg)
"""
_GROWTH = """
## As the library grows

Real sentences in new order; the first 1,000 vectors are the model's own, every other one is a mixture of two of these
and of chance, as a million forward passes would take a day. Questions and their vectors are real. The vocabulary does
not grow with the library, so that words get as common as they can: the hard case for full text. The exponent is the
slope from 10,000 chunks on: 1 grows in proportion, 0 not at all. † is of an earlier run, whatever else ran then.

![Growth](performance-growth.svg)
"""
_STAGES = """
### Where a search's time goes

Milliseconds of the searching thread on the processor, right after a question was embedded (which empties the
processor's own memory, as in use), of each stage without those within it; means over questions, of each the least of
three passes. Waiting for a turn is not in it; what neighbours take of memory and its speed is. The embedding is the
pass of the larger of the two models, which run side by side. While it works, the question is read and its words are
looked up: a search takes longer than an embedding by what is left then.
"""
_INDEXING = """
## Indexing

Documents into the library, and nothing but encoding the same passages before and after: 1 would be as quick.
"""
_LOAD = """
## Many at once

Through the threads that the Discord face asks through, over the starter library, nothing kept between questions in the
first part. One question already uses nearly all processors ("processors at work"; its passages are read side by side),
so that many at once answer hardly more a second, unless they ask the same: an answer is given again until the library
changes.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where the figures are")
    parser.add_argument(
        "--python", type=Path, default=ROOT / ".bench/peers/bin/python", help="of the peers' environment"
    )
    parser.add_argument("--into", type=Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in arguments.cache.glob("*.json")}
    machine = f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
    parts = [_INTRODUCTION.format(machine=machine, day=datetime.datetime.now(tz=datetime.UTC).date().isoformat())]
    if "peers" in found:
        parts += [_PEERS, *(_peers(name, one) for name, one in found["peers"].items())]
    if "growth" in found:
        parts += [_GROWTH, _growth(found["growth"])]
    if "stages" in found:
        parts += [_STAGES, _stages(found["stages"])]
    if "documents" in found:
        parts += [_INDEXING, _table(["measure", "figure"], found["documents"])]
    if "load" in found:
        parts += [_LOAD, *(_load(name, one) for name, one in found["load"].items())]
    if "startup" in found:
        rows = [[name, f"{seconds:.2f} s"] for name, seconds in found["startup"].items()]
        parts += ["\n## From the shell\n", _table(["command", "from start to end"], rows)]
    if "asking" in found:
        parts += ["\n## One answer\n", _table(["measure", "figure"], found["asking"])]
    (arguments.into / "performance.md").write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    plot = Path(__file__).with_name("plots.py")
    subprocess.run([arguments.python, plot, arguments.cache, arguments.into], check=True)


def _peers(name: str, figures: dict[str, Any]) -> str:
    head = ["system", "p50", "p95", "p95, by query", "nDCG@10", "index, s", "memory, MB", "disk, MB"]
    order = sorted(figures["systems"].items(), key=lambda item: item[1]["p50"])
    rows = [
        [
            f"**{NAMES[system]}**" if system == "ours" else NAMES[system],
            f"{one['p50']:.2f}",
            f"{one['p95']:.2f}",
            f"{one['own p95']:.2f}" if system != "embedding" and "own p95" in one else "",
            f"{one['ndcg@10']:.3f}" if one["ndcg@10"] else "",
            f"{one['index_seconds']:.1f}" if system != "embedding" else "",
            f"{one['memory']:.0f}",
            f"{one['disk']:.1f}" if one["disk"] else "",
        ]
        for system, one in order
    ]
    told = f"\n**{name}**: {figures['chunks']:,} chunks, {figures['queries']} queries, {figures['rounds']} rounds\n"
    return "\n".join([told, _table(head, rows)])


def _growth(figures: dict[str, dict[str, float]]) -> str:
    rows = []
    for name, text in MEASURES.items():
        slope = "" if name == "recall" else f"{exponent(figures, name):.2f}".replace("nan", "")
        earlier = [name == "index_seconds" and "indexed_before" in one for one in figures.values()]
        cells = [f"{one[name]:.3g}" + " †" * old for one, old in zip(figures.values(), earlier, strict=True)]
        rows.append([text, *cells, slope])
    return _table(["chunks", *(f"{int(size):,}" for size in figures), "exponent"], rows)


def _stages(figures: dict[str, dict[str, float]]) -> str:
    names = dict.fromkeys(name for one in reversed(figures.values()) for name in one)
    rows = [[name, *(f"{one[name]:.2f}" if name in one else "" for one in figures.values())] for name in names]
    return _table(["chunks", *(f"{int(size):,}" for size in figures)], rows)


def _load(name: str, figures: dict[str, dict[str, float]]) -> str:
    head = ["askers at once", *next(iter(figures.values()))]
    rows = [[askers, *(f"{value:.3g}" for value in one.values())] for askers, one in figures.items()]
    return "\n".join([f"\nQuestions: {name}\n", _table(head, rows)])


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
