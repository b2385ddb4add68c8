"""Another process over the same library: one that opens it and searches once, or one that waits for a word to be found.

python -m tests.benchmarks.growth.process FOLDER [watch]
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.settings import Settings


def main() -> None:
    started = time.perf_counter()
    import numpy as np

    from knowledge.library import Library
    from knowledge.retrieval.embedder import open_embedder

    folder = Path(sys.argv[1])
    library = Library.open(settings_of(folder), open_embedder)
    vector = np.load(folder / "query.npy")
    searcher = library.searcher
    searcher.found(searcher.read("How do hospitals buy from local growers?"), vector, 10)
    if sys.argv[2:] != ["watch"]:
        print(json.dumps({"seconds": time.perf_counter() - started, "memory": memory()}))
        return
    for line in sys.stdin:
        if line.strip() == "ready":
            print("ready", flush=True)
        elif line.strip() == "memory":
            print(memory(), flush=True)
        else:
            query = searcher.read(line.strip())
            while not library.lexical.search(query.terms, 1).found:
                time.sleep(0.005)
            searcher.found(query, vector, 10)
            print(time.time(), flush=True)


def settings_of(folder: Path) -> Settings:
    """Return the settings of a data directory; the address of its server, where it is on one, is in a file there."""
    from pydantic import SecretStr

    from knowledge.settings import Settings, Switch

    address = folder / "database"
    url = SecretStr(address.read_text(encoding="utf-8")) if address.exists() else None
    return Settings(data_dir=folder, starter_library=Switch.OFF, database_url=url)


def opened(folder: Path, query: str) -> dict[str, float]:
    """Return the seconds that a new process takes, from its imports to its first result, and its memory (MB)."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.growth.process", folder, query],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def memory() -> float:
    """Megabytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main()
