"""Measures insights over many stored questions: `python -m tests.benchmarks.insights [NUMBER]`, 50,000 by default.

The questions are those of tests/quality, each repeated with vectors that differ a little, some far more often than
others, as people ask; a fifth are refused and a fifth of the votes say that an answer did not help. Printed are seconds
and the most memory so far, part by part; the vectors are made once, which takes a minute or two.
"""

import json
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np

from knowledge.dates import stamp, utc_now
from knowledge.domain.library import Answer
from knowledge.insights.insights import InsightReports
from knowledge.insights.topics import group_questions
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.recognisers import PresidioCheck
from knowledge.settings import Settings, Switch
from tests.conftest import ROOT

QUESTIONS = sorted((ROOT / "tests" / "quality" / "training" / "questions").glob("*.jsonl"))
BASES = 800


def main(number):
    rng = np.random.default_rng(7)
    texts = [json.loads(line)["question"] for path in QUESTIONS for line in path.read_text().splitlines()][:BASES]
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Settings(data_dir=Path(folder), starter_library=Switch.OFF))
        bases = library.embedder.embed_queries(texts)
        often = 1 / np.arange(1, len(texts) + 1)
        chosen = rng.choice(len(texts), size=number, p=often / often.sum())
        say("storing")
        started = time.perf_counter()
        store(library, [(texts[base], bases[base]) for base in chosen], rng)
        say(f"stored {number} questions", started)
        size = library.settings.database_path.stat().st_size
        print(f"  database {size / 1e6:.0f} MB")
        started = time.perf_counter()
        ids = [question.id for question in library.insights.asked("", "9")]
        say("questions read", started)
        started = time.perf_counter()
        _, vectors = library.insights.vectors(library.embedder.name, ids)
        say("vectors read", started)
        started = time.perf_counter()
        groups = group_questions(vectors)
        say(f"{len(groups)} topics found", started)
        del vectors
        reports = InsightReports(library, Peers(library), PresidioCheck(library.settings), utc_now)
        for what in ("a whole report, with the recognisers loaded", "another one", "kept"):
            started = time.perf_counter()
            report = reports.latest(anew=what != "kept")
            say(what, started)
        for topic in report.topics[:5]:
            print(f"  {topic.questions:6} {', '.join(topic.words)}: {topic.typical}")
        library.close()


def store(library, asked, rng):
    """As the log does it, but all at once."""
    now, name = utc_now(), library.embedder.name
    with library.store._connections.write() as connection:
        for number, (text, base) in enumerate(asked):
            vector = base + rng.normal(scale=0.02, size=base.shape).astype(np.float32)
            answer = Answer(question=text, answered=bool(rng.random() > 0.2), text="x" * 1500)
            moment = stamp(now - timedelta(minutes=9 * (len(asked) - number)))
            row = [f"q{number}", moment, text, answer.model_dump_json(), answer.answered]
            connection.execute(
                "INSERT INTO questions (id, asked_at, question, answer, answered) VALUES (?,?,?,?,?)", row
            )
            stored = (vector / np.linalg.norm(vector)).astype("<f2").tobytes()
            connection.execute("INSERT INTO question_vectors VALUES (?, ?, ?)", [f"q{number}", name, stored])
            if rng.random() < 0.1:
                vote = [f"q{number}", "somebody", bool(rng.random() > 0.2), moment]
                connection.execute(
                    "INSERT INTO feedback (question_id, voter, helpful, given_at) VALUES (?,?,?,?)", vote
                )


def say(what, started=None):
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = "" if started is None else f"{time.perf_counter() - started:8.2f} s"
    print(f"{what:45}{seconds:12} {memory:6.0f} MB at most so far", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
