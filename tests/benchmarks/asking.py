"""What one question costs in a library of 10,000 chunks, part by part, alone and beside a busy process: `make bench`.

Milliseconds depend on the machine; the shares and the ratio compare within one run.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.evaluation.metrics import percentile
from bot.evaluation.questions import read_questions
from indexer.pipeline import Indexer
from knowledge.answering.reader.scores import Passage, PassageScores, Reader
from knowledge.assistant import Assistant
from knowledge.domain.library import Document, Metadata, Section
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.benchmarks.documents import paragraph
from tests.quality.libraries import SETS

_SECTIONS = 20
_BUSY = "while True: sum(range(10000))"


class TimedReader:
    """A reader that adds up how long it reads (seconds), how many passages, and how often it is asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.seconds = 0.0
        self.passages = 0

    @property
    def name(self) -> str:
        return self._reader.name

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        started = time.perf_counter()
        scores = self._reader.read(question, passages)
        self.seconds += time.perf_counter() - started
        self.passages += len(passages)
        return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=10_000, help="chunks of the library")
    parser.add_argument("--cache", type=Path, help="keep the library here, so that it is made once")
    parser.add_argument("--library", type=Path, help="ask over a copy of this data directory, as growth makes them")
    parser.add_argument("--figures", type=Path, default=Path(".bench/asking.json"), help="where the figures go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.library:
            copied = shutil.copytree(arguments.library, Path(folder) / "data")
            library = Library.open(Settings(data_dir=copied, starter_library=Switch.OFF), open_embedder)
        else:
            library = open_filled(arguments.cache or Path(folder), arguments.chunks)
        report(library, arguments.figures)


def report(library: Library, figures: Path) -> None:
    library.reader = reader = TimedReader(library.reader)
    questions = [question.question for question in read_questions(SETS[0].questions, "test")]
    chunks = library.store.counts().chunks
    print(f"{chunks} chunks, {len(questions)} questions")
    embedding = _times(lambda text: library.searcher.embed(library.searcher.read(text)), questions)
    print(f"embedding a question     {_shown(embedding)}")
    assistant = Assistant(library, reuse_answers=False)
    assistant.ask(questions[0])
    reader.seconds, reader.passages, worked = 0.0, 0, time.process_time()
    alone = _times(assistant.ask, questions)
    worked = time.process_time() - worked
    total, read = sum(alone), reader.seconds
    print(f"answering a question     {_shown(alone)}; processors at work {worked / total:.2f}")
    print(
        f"  share: embedding {sum(embedding) / total:.0%}, reading {read / total:.0%} "
        f"({reader.passages / len(questions):.1f} passages a question), "
        f"search, judging and composing {1 - (sum(embedding) + read) / total:.0%}"
    )
    some = questions[:60]
    before = _times(assistant.ask, some)
    with _busy_neighbour():
        beside = _times(assistant.ask, some)
    print(f"beside a busy process    {_shown(beside)}: {sum(beside) / sum(before):.2f} times as long")
    library.close()
    rows = [
        ["passages in the library; questions", f"{chunks:,}; {len(questions)}"],
        ["embedding a question", _shown(embedding)],
        ["one answer", _shown(alone)],
        ["of it reading", f"{read / total:.0%}"],
        ["processors at work meanwhile", f"{worked / total:.2f}"],
        ["one answer beside a busy process", f"{_shown(beside)}: {sum(beside) / sum(before):.2f} times as long"],
    ]
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def open_filled(folder: Path, chunks: int) -> Library:
    """Return a library of the starter library and made-up reports, with so many chunks or a few more."""
    library = Library.open(Settings(data_dir=folder), open_embedder)
    Indexer(library).ensure_starter_library()
    chance = random.Random(library.store.counts().documents)
    while (missing := chunks - library.store.counts().chunks) > 0:
        documents = list(_reports(chance, missing // (_SECTIONS * 2) + 1))
        Indexer(library).store_documents(documents, len(documents))
    library.index.refresh()
    return library


def _reports(chance: random.Random, count: int) -> Iterator[Document]:
    for _ in range(count):
        name = f"report-{chance.randrange(10**9)}"
        title = name.capitalize()
        sections = tuple(
            Section(heading_path=(title, f"Part {part}"), text="\n\n".join(paragraph(chance) for _ in range(4)))
            for part in range(_SECTIONS)
        )
        yield Document(location=name, suggested_id=name, metadata=Metadata(title=title), sections=sections)


def _times(action: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Return what the action takes for each text, in seconds; the first, which loads models, is not counted."""
    action(texts[0])
    spent = []
    for text in texts:
        started = time.perf_counter()
        action(text)
        spent.append(time.perf_counter() - started)
    return spent


def _shown(seconds: Sequence[float]) -> str:
    milliseconds = sorted(one * 1000 for one in seconds)
    return f"p50 {percentile(milliseconds, 0.5):6.1f} ms, p95 {percentile(milliseconds, 0.95):6.1f} ms"


@contextmanager
def _busy_neighbour() -> Iterator[None]:
    neighbour = subprocess.Popen([sys.executable, "-c", _BUSY])
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()


if __name__ == "__main__":
    main()
