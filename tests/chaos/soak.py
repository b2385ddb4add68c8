"""A day's and many days' work in minutes: memory, open files, threads and the database stay as they are.

Most questions are asked with stand-ins for the models of meaning and of reading, whose answers come in milliseconds; a
part with the models that come along. Time goes on by itself: what is to be forgotten expires as the settings say.
"""

import gc
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.calibration.gate import own_gate_path
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from knowledge.storage.sqlite import SQLiteQuestionStore, SQLiteStore
from tests.fakes import WORD_GATE, WordEmbedder, WordReader

_PAGE = os.sysconf("SC_PAGE_SIZE")
_NOTES = 40
_A_DAY, _DAYS_KEPT = 400, 2
_ASKERS, _CONVERSATIONS = 30, 50


def used():
    """The memory that the process holds, in bytes, its open files and its threads."""
    gc.collect()
    held = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return {"memory": held, "files": files, "threads": threading.active_count()}


class ForgetfulReader(WordReader):
    """Reads as `WordReader` does and keeps nothing of it: what it kept would be taken for a leak."""

    def read(self, question, passages):
        self.asked, self.passages = [], []
        return super().read(question, passages)


class Days:
    """A clock that goes a day further when it is told."""

    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now


def opened(folder, open_embedder):
    settings = Settings(data_dir=folder / "data", starter_library=Switch.OFF, question_days=_DAYS_KEPT)
    SimilarityScales(settings.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    library = Library.open(settings, open_embedder) if open_embedder else Library.open(settings)
    if open_embedder:
        library.reader = ForgetfulReader()
        own_gate_path(settings.data_dir, library.reader.name).write_text(WORD_GATE.model_dump_json())
    notes = folder / "notes"
    notes.mkdir(parents=True)
    for number in range(_NOTES):
        text = " ".join(f"Trust {number} kept {n + number} entry jobs in ward {n}." for n in range(12))
        (notes / f"note-{number}.md").write_text(f"# Note {number}\n\n{text}\n")
    Indexer(library).add([str(notes)])
    return library


def soak(folder, questions, open_embedder=WordEmbedder, say=lambda _: None):
    """Ask so many questions; what is held after the first tenth and at the end, and how large the database was."""
    library, days, began = opened(folder, open_embedder), Days(), time.monotonic()
    library.questions = SQLiteQuestionStore(library.questions._connections, library.settings, days)
    assistant, first, sizes = Assistant(library), None, []
    for number in range(questions):
        asker = assistant.of_member(str(number % _ASKERS))
        asked = f"How many entry jobs did trust {number % 50} keep in ward {number % 13}, question {number}?"
        answer = asker.ask(asked, f"chat:{number % _CONVERSATIONS}")
        asker.feedback(answer.question_id, str(number % _ASKERS), helpful=number % 3 > 0)
        if number % _A_DAY == _A_DAY - 1:
            days.now += timedelta(days=1)
            SQLiteStore(library.questions._connections).accept_clock(days.now)
            library.questions.purge()
            library.store.finish_scrub()
            sizes.append(library.settings.database_path.stat().st_size)
        if number == questions // 10:
            first = used()
        if number % 2000 == 1999:
            say(f"{number + 1} questions, {time.monotonic() - began:.0f} s, {used()['memory'] / 1e6:.0f} MB")
    last = used()
    sizes.append(library.settings.database_path.stat().st_size)
    library.close()
    return {
        "questions": questions,
        "seconds": round(time.monotonic() - began),
        "after a tenth": first,
        "at the end": last,
        "memory grew by": round(last["memory"] / first["memory"] - 1, 4),
        "database": {"after three days": sizes[min(2, len(sizes) - 1)], "at the end": sizes[-1]},
    }
