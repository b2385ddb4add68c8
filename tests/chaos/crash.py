"""The crash campaign: two processes at work on one library are killed at random moments, again and again.

After each pair of kills the library is opened as the next start would: everything that `haln index verify` looks at
agrees, and every write that was acknowledged is there, once.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict

from bot.cli import run_command
from indexer.pipeline import Indexer
from knowledge.domain.examples import OPERATOR
from knowledge.storage.example_protocols import Selection
from knowledge.storage.sqlite.snapshot import problems_of_copy
from tests.chaos import faces, workers
from tests.conftest import ROOT
from tests.knowledge.examples import killed
from tests.knowledge.examples.test_kill import Ledger

# A library is used for so many kills, then a new one: what accumulates would only make the campaign slow.
KILLS_EACH = 20
_LONGEST_LIFE, _BEGINNING = 0.8, 10.0
_LATER = workers.WEEK * 10_000


class Forker:
    """The process that forks workers, as its parent sees it."""

    def __enter__(self):
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        arguments = [sys.executable, "-m", "tests.chaos.workers"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(arguments, text=True, cwd=ROOT, env=environment, **pipes)
        self._working = set()
        return self

    def __exit__(self, *_):
        # Before the database goes: what they would say of that would hide why the campaign ended.
        for worker in list(self._working):
            self._end(worker)
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _told(self, **order):
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, role, data, seed, out):
        worker = self._told(start=role, data=str(data), seed=seed, out=str(out))["worker"]
        self._working.add(worker)
        return worker

    def _end(self, worker):
        self._working.discard(worker)
        return self._told(kill=worker)["by_signal"] == 9

    def kill(self, worker):
        assert self._end(worker), "a worker ended by itself: see its traceback"


class Truth:
    """What was acknowledged so far, in one library, and what may have happened without being."""

    def __init__(self):
        self.files, self.open_files = {}, {}
        self.questions, self.votes, self.asked = {}, set(), set()
        self.members, self.introductions, self.gone = set(), {}, set()
        self.begun, self.sent = set(), defaultdict(set)
        self.backups, self.examples = set(), Ledger()
        self.accounts, self.drafts = set(), {}
        # Of digests by mail: how many notes had been added when somebody chose them, and the notes.
        self.readers, self.news = {}, []

    def note(self, role, lines):
        """Take in what a worker said; return how much was acknowledged, and whether it was cut off in the middle."""
        if role == "examples":
            self.examples.note(lines)
        last = lines[-1] if lines else {}
        for line in lines:
            if role != "examples":
                getattr(self, f"_{role}")(line, is_open=line is last)
        return Counter(role for line in lines if "done" in line), "about_to" in last or "sent" in last

    def _index(self, line, is_open):
        if is_open and "about_to" in line:
            # Of several that were begun and killed, one after the other, any may be what is in the library.
            self.open_files.setdefault(line["path"], set()).add(line["word"])
        if "done" in line:
            self.files[line["path"]] = line["word"]
            self.open_files.pop(line["path"], None)

    def _ask(self, line, is_open):
        if "about_to" in line:
            self.asked.add(line["question"])
        elif line["done"] == "vote":
            self.votes.add(line["id"])
        else:
            self.questions[line["id"]] = line["question"]

    def _web(self, line, is_open):
        if line.get("done") == "sign_in":
            self.accounts.add(line["email"])
        elif line.get("done") == "draft":
            self.drafts[line["id"]] = line["what"]
        elif line.get("about_to") not in ("sign_in", "draft"):
            self._ask(line, is_open)

    def _mail(self, line, is_open):
        if line.get("done") == "choose":
            self.readers[line["to"]] = len(self.news)
        elif line.get("done") == "news":
            self.news.append(line["title"])

    def _introduce(self, line, is_open):
        # Whether what was under way happened is not known: nothing is asked of it.
        if "about_to" in line:
            self.introductions.pop(line.get("id"), None)
            if line["about_to"] == "leave":
                self.members.discard(line["member"])
        elif line["done"] == "save":
            self.members.add(line["member"])
        elif line["done"] == "leave":
            self.gone.add(line["member"])
        else:
            self.introductions[line["id"]] = line["state"]

    def _digest(self, line, is_open):
        if line.get("done") == "begin":
            self.begun.add(line["number"])
        if "sent" in line:
            self.sent[line["number"]].add(line["sent"])

    def _backup(self, line, is_open):
        if "done" in line:
            self.backups.add(line["file"])

    def check(self, library):
        """Look for everything that was acknowledged."""
        problems = [*library.store.problems(), *library.index.problems(), *library.examples.problems()]
        assert problems == []
        self._check_examples(library)
        with library.questions._connections.read() as connection:
            kept = Counter(row[0] for row in connection.execute("SELECT question FROM questions"))
            known = {row[0]: row[1] for row in connection.execute("SELECT id, question FROM questions")}
        assert {key: known.get(key) for key in self.questions} == self.questions
        assert set(kept) <= self.asked
        assert set(kept.values()) <= {1}
        assert [key for key in self.votes if library.questions.feedback(key).helpful != 1] == []
        there = {member.profile.id for member in library.members.members()}
        assert self.members <= there
        assert not self.gone & there
        for key, state in self.introductions.items():
            assert library.members.introduction(key).state == state
        self._check_files(library)
        number = library.servers.digests.digest(workers.SERVER).number
        assert self.begun <= set(range(number))
        assert all(len(nonces) == 1 for nonces in self.sent.values())
        for email in (*self.accounts, *self.readers):
            assert library.accounts.account_with(email) is not None, email
        for key, what in self.drafts.items():
            assert library.examples.find(key).content.what == what
        for email in self.readers:
            assert library.digests.choice(library.accounts.account_with(email).member_id) is not None, email
        for file in self.backups:
            assert problems_of_copy(type(library.settings.data_dir)(file)) == []

    def _check_examples(self, library):
        """Look for the examples, publish what is left over as the next process does, and go on from there."""
        self.examples.check(library)
        made = killed.Examples(library, killed.publisher(library), killed.WordCheck())
        made.publish_waiting()
        views = made.list(OPERATOR, Selection())
        assert len({view.what for view in views}) == len(views)
        self.examples.settle(views)
        self.examples.open = {}

    def _check_files(self, library):
        titles = _titles(library)
        for name, word in self.files.items():
            if name not in self.open_files and word is not None:
                assert titles[f"Note {word}"] == 1, name
        live = {word for words in (self.files.values(), *self.open_files.values()) for word in words if word}
        assert {title for title in titles if title.startswith("Note ")} <= {f"Note {word}" for word in live}

    def finish(self, library, data):
        """Let the next processes do what is left over, and look whether all is as if nobody had been killed."""
        for _ in range(3):  # on a machine that is busy beyond measure, the process that reads files may start too late
            if not (failed := Indexer(library).add([str(workers.notes_of(data))]).failed):
                break
        assert not failed, failed
        words = {path.read_text().split()[2] for path in workers.notes_of(data).glob("note-*.md")}
        assert {title: n for title, n in _titles(library).items() if title.startswith("Note ")} == {
            f"Note {word}": 1 for word in words
        }
        now = workers.FIRST_WEEK + _LATER
        while queued := library.outbox.take(["digest"], now):
            for one in queued:
                self.sent[one.message.data["number"]].add(one.nonce)
                library.outbox.delivered(one, now)
        assert self.begun <= set(self.sent)
        assert all(len(nonces) == 1 for nonces in self.sent.values())
        faces.send_the_rest(data)
        self.check_mails(faces.received(data))
        self.check(library)

    def check_mails(self, mails):
        """Look whether each digest came once, and everybody was told of all that came after they had chosen theirs."""
        digests = [mail for mail in mails if mail["to"] in self.readers]
        assert [key for key, number in Counter(mail["id"] for mail in digests).items() if number > 1] == []
        for email, first in self.readers.items():
            told = "\n".join(mail["text"] for mail in digests if mail["to"] == email)
            assert [title for title in self.news[first:] if title not in told] == [], email


def _titles(library):
    return Counter(document.metadata.title for document in library.store.documents())


def campaign(folder, kills, seed=20261127, say=lambda _: None):
    """Kill so many processes; figures about it. What is wrong is an assertion that fails."""
    choose, acknowledged, cut_off = random.Random(seed), Counter(), Counter()
    done, mails, began = 0, 0, time.monotonic()
    with faces.mailbox(random.Random(seed)) as box, Forker() as forker:
        while done < kills:
            data, truth = folder / f"data{done}", Truth()
            box.data = data
            workers.prepare(data, box.port)
            for _ in range(min(KILLS_EACH, kills - done) // 2 or 1):
                done += _pair(forker, data, truth, choose, acknowledged, cut_off, folder)
                library = workers.opened(data)
                try:
                    truth.check(library)
                finally:
                    library.close()
            library = workers.opened(data)
            try:
                truth.finish(library, data)
            finally:
                library.close()
            mails += sum(mail["to"] in truth.readers for mail in faces.received(data))
            if truth.backups:
                _drill(next(iter(truth.backups)), folder / f"restored{done}")
            say(f"{done} kills, {sum(acknowledged.values())} acknowledged, {time.monotonic() - began:.0f} s")
    return {
        "kills": done,
        "acknowledged": dict(acknowledged),
        "cut off in the middle": dict(cut_off),
        "digests that came by mail": mails,
    }


def _pair(forker, data, truth, choose, acknowledged, cut_off, folder):
    roles = choose.sample(sorted(workers.ROLES), 2)
    files = [folder / f"said-{choose.randrange(10**12)}" for _ in roles]
    running = [forker.start(role, data, choose.randrange(10**9), file) for role, file in zip(roles, files, strict=True)]
    if choose.random() < 0.5:  # in the middle of something, and not only while they begin
        wait_for_work(files)
    time.sleep(choose.uniform(0.0, _LONGEST_LIFE))
    for worker in choose.sample(running, 2):
        forker.kill(worker)
        time.sleep(choose.choice([0.0, 0.0, 0.05]))
    for role, file in zip(roles, files, strict=True):
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        counted, is_cut = truth.note(role, lines)
        acknowledged.update(counted)
        cut_off[role] += is_cut
    return len(running)


def wait_for_work(files):
    give_up = time.monotonic() + _BEGINNING
    while time.monotonic() < give_up and not all(file.exists() and '"done"' in file.read_text() for file in files):
        time.sleep(0.05)


def _drill(file, data):
    """Restore a backup into an empty folder."""
    assert run_command(["restore", file, "--yes", "--data-dir", str(data)]) == 0
    library = workers.opened(data)
    assert library.store.problems() == []
    library.close()
