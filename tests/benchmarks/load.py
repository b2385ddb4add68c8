"""`python -m tests.benchmarks.load`: many who ask at once, through the threads that the Discord face asks through.

So many askers each ask their own questions, one after the other. Throughput, waiting times, fairness (the slowest
asker's mean beside the median asker's), and for how long the event loop could not take its turn. Twice: each question
asked once, and as after an announcement, when many ask the same few. Of so many processors at work one asker leaves the
rest idle: more at once cannot answer more a second than all of them at work do.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from bot.backend import Backend
from bot.discord.runtime.worker import Worker
from bot.evaluation.metrics import percentile
from bot.evaluation.questions import read_questions
from knowledge.assistant import Assistant
from knowledge.settings import Settings
from tests.quality.libraries import SETS

ROOT = Path(__file__).parents[2]
_TICK = 0.005
_SAME = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--askers", type=int, nargs="*", default=[1, 10, 50, 200])
    parser.add_argument("--questions", type=int, default=200, help="questions of each run, all askers together")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where the figures go")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    figures = asyncio.run(measured(arguments.askers, arguments.questions))
    (arguments.cache / "load.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


async def measured(askers: list[int], count: int) -> dict[str, dict[str, dict[str, float]]]:
    texts = [question.question for part in ("test", "tune") for question in read_questions(SETS[0].questions, part)]
    figures: dict[str, dict[str, dict[str, float]]] = {"each once": {}, "the same few": {}}
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(Settings(data_dir=Path(folder)))
        backend = await worker.backend()
        await worker.model(Backend.warm_up)
        for text in texts[-3:]:
            await worker.model(lambda backend, text=text: backend.unlogged.ask(text))
        for name, some, reuse in (("each once", texts, False), ("the same few", texts[:_SAME], True)):
            for number in askers:
                asked = list(islice(cycle(some), max(count, number)))
                assistant = Assistant(backend.library, log_questions=False, reuse_answers=reuse)
                figures[name][str(number)] = one = await run(worker, assistant.ask, number, asked)
                print(f"{name}, {number} at once: " + ", ".join(f"{k} {v:.3g}" for k, v in one.items()), flush=True)
        await worker.close()
    return figures


async def run(worker: Worker, ask: Callable[[str], object], askers: int, texts: list[str]) -> dict[str, float]:
    """Return the figures of one run."""
    waits: list[list[float]] = [[] for _ in range(askers)]
    lags: list[float] = []

    async def asker(number: int) -> None:
        for text in texts[number::askers]:
            started = time.perf_counter()
            await worker.model(lambda _, text=text: ask(text))
            waits[number].append(time.perf_counter() - started)

    async def watch() -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(_TICK)
            lags.append(time.perf_counter() - started - _TICK)

    watching = asyncio.create_task(watch())
    started, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(asker(number) for number in range(askers)))
    spent, worked = time.perf_counter() - started, time.process_time() - worked
    watching.cancel()
    every = [wait for each in waits for wait in each]
    means = [statistics.mean(each) for each in waits if each]
    return {
        "a second": len(every) / spent,
        "processors at work": worked / spent,
        "p50 ms": percentile(every, 0.5) * 1000,
        "p95 ms": percentile(every, 0.95) * 1000,
        "p99 ms": percentile(every, 0.99) * 1000,
        "slowest asker / median asker": max(means) / statistics.median(means),
        "loop blocked, ms": max(lags, default=0.0) * 1000,
    }


if __name__ == "__main__":
    main()
