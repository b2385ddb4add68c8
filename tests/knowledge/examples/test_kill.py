"""What is acknowledged survives `kill -9` at any moment, and nothing is there twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from knowledge.domain.examples import OPERATOR, State
from knowledge.storage.example_protocols import Selection
from tests.conftest import ROOT
from tests.knowledge.examples import killed
from tests.knowledge.examples.conftest import AUTHOR, content

KILLS = 120
# A library is used for so many kills, then a new one: what accumulates would only make the test slow.
KILLS_EACH = 20


@pytest.fixture
def forker():
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.knowledge.examples.killed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    with process:
        yield process
        process.stdin.close()


def killed_after(forker, data_dir, seed, seconds):
    """Everything that a worker said before it was killed: so long after its beginning, or after its first step's."""
    forker.stdin.write(f"{data_dir} {seed}\n")
    forker.stdin.flush()
    said, worker = [], None
    for line in forker.stdout:
        entry = json.loads(line)
        if "worker" in entry:
            worker = entry["worker"]
        elif "ended" in entry:
            return said
        else:
            said.append(entry)
        if worker is not None and (seed % 2 == 0 or said):
            time.sleep(seconds)
            os.kill(worker, signal.SIGKILL)
            worker = None
    raise AssertionError("the forking process went away")


class Ledger:
    """What was acknowledged, and what may have happened without being."""

    def __init__(self):
        self.done = {}
        self.open = {}
        self.requests = {}

    def note(self, said):
        self.open = {}
        for entry in said:
            if "about_to" in entry:
                self.open = {entry.get("id"): entry}
                if "request" in entry:
                    self.requests[entry["request"]] = entry["word"]
            elif "done" in entry:
                self.done[entry["id"]] = entry
                self.open = {}
            else:
                self.open = {}

    def check(self, library):
        store = library.examples
        for example, entry in self.done.items():
            submission, history = store.find(example), store.history(example)
            assert submission is not None, entry
            assert (history[-1].version, history[-1].to_state) == (submission.version, submission.state)
            assert [event.version for event in history] == list(range(1, submission.version + 1))
            if example in self.open:
                assert submission.version >= entry["version"]
                assert submission.content.what in (entry["what"], f"We did {self.open[example]['word']} there.")
            else:
                acknowledged = (entry["state"], entry["version"], entry["what"], entry["credit"])
                content_ = submission.content
                assert (submission.state, submission.version, content_.what, content_.credit) == acknowledged

    def settle(self, views):
        """What is there after the check is what the next round begins with."""
        self.done = {
            view.id: {"state": view.state, "version": view.version, "what": view.what, "credit": view.credit}
            for view in views
        }
        self.requests = {}


def check_all(library, examples, ledger):
    """Everything agrees: before the next process goes on, and after it has published what was left over."""
    ledger.check(library)
    assert library.examples.problems() == library.store.problems() == []
    left_over = examples.publish_waiting()
    views = examples.list(OPERATOR, Selection())
    published = {view.id: view.what.split()[2] for view in views if view.state is State.PUBLISHED}
    assert {document.id for document in library.store.documents()} == set(published)
    assert library.examples.problems() == library.store.problems() == library.index.problems() == []
    for example, word in published.items():
        assert example in {result.document_id for result in library.searcher.search(word, 5).results}
    # The same request delivered again goes on with what was begun, and makes nothing a second time.
    for request, word in ledger.requests.items():
        examples.share(AUTHOR, content(what=f"We did {word} there."), request_id=request)
    views = examples.list(OPERATOR, Selection())
    assert len({view.what for view in views}) == len(views)
    ledger.settle(views)
    return left_over


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_120_kills(forker, tmp_path):
    moments = random.Random(20260302)
    acknowledged = cut_off = left_over = 0
    for first in range(0, KILLS, KILLS_EACH):
        data_dir, ledger = tmp_path / f"data{first}", Ledger()
        for seed in range(first, first + KILLS_EACH):
            said = killed_after(forker, data_dir, seed, moments.uniform(0.0, 0.3))
            ledger.note(said)
            acknowledged += sum("done" in entry for entry in said)
            cut_off += bool(ledger.open)
            library, examples = killed.opened(data_dir)
            try:
                left_over += check_all(library, examples, ledger)
            finally:
                library.close()
    # The test is worth something only if it cut workers off in the middle, and not all of them before they began.
    assert acknowledged > KILLS / 2
    assert cut_off > KILLS / 8
    print(f"{acknowledged} acknowledged, {cut_off} cut off in the middle, {left_over} published by the next process")
