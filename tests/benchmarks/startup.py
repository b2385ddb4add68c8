"""`python -m tests.benchmarks.startup`: seconds from the shell's command to its end, beside a bare `python -c pass`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.evaluation.metrics import percentile

ROOT = Path(__file__).parents[2]
_HALN = "import sys; from bot.cli import main; sys.exit(main())"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "haln --help": ["-c", _HALN, "--help"],
    "haln ask": ["-c", _HALN, "ask", "What is an anchor institution?"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where the figures go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HALN_DATA_DIR": folder}
        spent: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for round_number in range(arguments.rounds + 1):  # the first indexes the starter library
            for name, command in COMMANDS.items():
                started = time.perf_counter()
                subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, check=True)
                if round_number:
                    spent[name].append(time.perf_counter() - started)
    figures = {name: percentile(each, 0.5) for name, each in spent.items()}
    for name, seconds in figures.items():
        print(f"{name:<20} {seconds:.2f} s")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    (arguments.cache / "startup.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
