"""A process that searches with one system, as it is told line by line. Imports what the system needs and no more.

    python worker.py SYSTEM FOLDER

`FOLDER` holds chunks.jsonl (document, text), vectors.npy (of the chunks, in the same order) and queries.jsonl. Each
line that comes in is the number of a query; the answer is a line of JSON: milliseconds, with the embedding, and the
documents found.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

FOUND = 30


def main() -> None:
    system, folder = sys.argv[1], Path(sys.argv[2])
    # What libraries print must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    chunks = [json.loads(line) for line in (folder / "chunks.jsonl").read_text(encoding="utf-8").splitlines()]
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    vectors = np.load(folder / "vectors.npy")
    before = memory()
    started = time.perf_counter()
    if system == "ours":
        from tests.benchmarks.peers.ours import Ours

        made = Ours(folder)
    else:
        from tests.benchmarks.peers import systems

        made = systems.SYSTEMS[system](chunks, vectors, folder / system)
    indexed = time.perf_counter() - started
    made.search("a query that loads what is loaded late")

    def say(**values):
        print(json.dumps(values), file=answers, flush=True)

    say(index_seconds=indexed, disk=disk(made.path))
    for line in sys.stdin:
        if line.strip() == "memory":
            say(memory=memory() - before)
            continue
        query = queries[int(line)]
        started = time.perf_counter()
        found = made.search(query["text"])
        spent = (time.perf_counter() - started) * 1000
        say(ms=spent, documents=list(dict.fromkeys(chunks[i]["document"] if isinstance(i, int) else i for i in found)))


def memory() -> float:
    """Megabytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def disk(path: Path) -> float:
    """Megabytes of files."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
