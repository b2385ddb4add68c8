"""The campaign over several processes: three work on one PostgreSQL, and one is killed, again and again.

Each sends what waits, queues requests between members and approves examples; digests, the upkeep of examples and
reminders are claimed by one. What was acknowledged must be there, nothing may be said twice, and what a killed process
had claimed must be with another soon.
"""

import json
import os
import random
import statistics
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from bot.discord.peers.notices import _queued, kind_of
from indexer.pipeline import publisher
from knowledge.dates import utc_now
from knowledge.domain.examples import OPERATOR, Action, State
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import ExampleError
from knowledge.examples.examples import Examples
from knowledge.matching.peers import Peers
from knowledge.servers.types import Server
from knowledge.storage.claims import ASK_SECONDS
from knowledge.storage.example_protocols import Selection
from tests.chaos import workers
from tests.chaos.crash import Forker
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content

PROCESSES = 3
CLAIMS = ("digests", "examples", "reminders")
REQUEST = kind_of(DueKind.REQUEST)
KINDS = ("digest", REQUEST, "example.published")
# How long it may take until another has what a killed process did.
MOST_SECONDS = 30.0
# Each has one digest that is due; so many are begun at a time.
_SERVERS, _DIGESTS = range(1000, 1200), 2
_PATIENCE = 120.0
_WAITING = """
    SELECT pid, state, wait_event_type, wait_event, left(query, 60) FROM pg_stat_activity
    WHERE backend_type LIKE 'client%'
"""
_MOST_WAITING, _MOST_INTRODUCED = 6, 5


class Face:
    """One process: what a bot does by itself, and what its members do."""

    def __init__(self, data, choose, say):
        self._last = Path(data) / "no-more-new"
        self.ask = float((Path(data) / "ask").read_text())
        self.library, self._choose, self._say = workers.opened(data), choose, say
        self._examples = Examples(self.library, publisher(self.library), WordCheck())
        self._peers = Peers(self.library, utc_now)
        self._held, self._asked, self._introduced = set(), 0.0, 0

    def work(self):
        """Go on until somebody ends it."""
        while True:
            self._claims()
            self._send()
            if self._last.exists():
                self._rest()
                continue
            self._choose.choice([self._share, self._introduce, self._queue, *[self._rest] * 4])()

    def _claims(self):
        if time.monotonic() < self._asked:
            return
        self._asked = time.monotonic() + self.ask
        for name in CLAIMS:
            if self.library.claims.turn(name, ASK_SECONDS):
                if name not in self._held:
                    self._held.add(name)
                    self._say(claimed=name, at=time.monotonic())
                {"digests": self._begin_digests, "examples": self._examples.look_after, "reminders": self._queue}[
                    name
                ]()

    def _send(self):
        for queued in self.library.outbox.take(KINDS, utc_now(), 5, by_mail=None):
            about = queued.message.data
            self._say(sent=queued.nonce, id=queued.id, kind=queued.message.kind, about=about, at=time.monotonic())
            time.sleep(self._choose.choice([0.0, 0.05, 0.4]))
            self.library.outbox.delivered(queued, utc_now())

    def _begin_digests(self):
        digests, now = self.library.servers.digests, utc_now()
        for server in [] if self._last.exists() else digests.due(now, workers.WEEK)[:_DIGESTS]:
            if digests.begin(server, "digest", {"number": server}, now, workers.WEEK):
                self._say(done="digest", number=server)

    def _queue(self):
        _queue_what_is_due(self._peers, self.library)

    def _share(self):
        waiting = self.library.examples.select(Selection(states=(State.SUBMITTED, State.IN_REVIEW)))
        if len(waiting) > _MOST_WAITING or (waiting and self._choose.random() < 0.5):
            given = self._choose.choice(waiting).id
            try:
                self._examples.review(MODERATOR, given, Action.APPROVE)
            except ExampleError:  # another process was quicker
                return
            self._say(done="approve", id=given)
        else:
            word = f"word{self._choose.randrange(10**12)}"
            receipt = self._examples.share(AUTHOR, content(what=f"We did {word} there."), request_id=word)
            self._say(done="share", id=receipt.id)

    def _introduce(self):
        if self._introduced >= _MOST_INTRODUCED:  # all that wait are gone through each time
            return
        self._introduced += 1
        one, other = (f"{self._choose.randrange(10**9)}" for _ in range(2))
        for member in (one, other):
            self._peers.save({**workers.PROFILE, "id": member, "display_name": f"Sample {member}"})
        self._say(done="ask", id=self._peers.ask(one, other, "Gardens").id)

    def _rest(self):
        time.sleep(self._choose.uniform(0.0, 0.2))


def _queue_what_is_due(peers, library):
    for due in peers.due():
        with library.members.atomically():
            _queued(peers, library, due, utc_now())


class Campaign:
    """Starts, kills and reads the processes."""

    def __init__(self, folder, address, ask):
        self.data, self._folder, self._number = folder / "data", folder, 0
        self.data.mkdir()
        (self.data / "database").write_text(address)
        (self.data / "ask").write_text(str(ask))
        self.running, self.killed, self.taken_over = {}, {}, []
        workers.prepare(self.data)
        self.library = workers.opened(self.data)
        servers = self.library.servers
        servers.register.follow_setting(_SERVERS, utc_now())
        for server in _SERVERS:
            servers.settings.save_server(Server(id=server, digest_channel=server))

    def start(self, forker):
        """Begin one more process."""
        self._number += 1
        out = self._folder / f"said-{self._number}"
        self.running[forker.start("face", self.data, self._number, out)] = out

    def lines(self, file):
        """Return what a process has said."""
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def kill(self, forker, choose):
        """Kill one, and wait until others have what it had claimed and was sending."""
        worker = choose.choice(sorted(self.running))
        file = self.running.pop(worker)
        began = time.monotonic()
        forker.kill(worker)
        self.killed[worker] = file
        mine = self.lines(file)
        lost = {line["claimed"] for line in mine if "claimed" in line}
        last = mine[-1] if mine else {}
        sending = last["id"] if "sent" in last and self._waits(last["id"]) else None
        self._wait_for_others(began, set(lost), sending)
        return len(lost), sending is not None

    def _waits(self, message):
        """Return whether a message is still to be delivered: who was killed may have noted that it was."""
        with self.library.outbox._connections.read() as connection:
            found = connection.execute("SELECT 1 FROM outbox WHERE id = ? AND done_at IS NULL", [message])
            return found.fetchone() is not None

    def _wait_for_others(self, began, lost, sending):
        while lost or sending is not None:
            for file in self.running.values():
                for line in self.lines(file):
                    if line.get("at", 0.0) < began:
                        continue
                    if line.get("claimed") in lost:
                        lost.discard(line["claimed"])
                        self.taken_over.append(line["at"] - began)
                    if sending is not None and line.get("id") == sending and "sent" in line:
                        sending = None
                        self.taken_over.append(line["at"] - began)
            assert time.monotonic() - began < _PATIENCE, (lost, sending)
            time.sleep(0.05)

    def doing(self):
        """Return what each process is at: whether it lives, what it said last, what is waited for in the database."""
        said = {
            worker: (Path(f"/proc/{worker}/stat").read_text().split()[2:3], self.lines(file)[-1:])
            for worker, file in self.running.items()
        }
        with self.library.outbox._connections.read() as connection:
            rows = connection.execute(_WAITING).fetchall()
        return {"state, last line": said, "in the database": [tuple(row) for row in rows], "load": os.getloadavg()}

    def times(self):
        """Return how long it took until others had what the killed had, in seconds."""
        took = sorted(self.taken_over)
        p50 = round(statistics.median(took), 2) if took else None
        return {"times": len(took), "p50": p50, "max": round(took[-1], 2) if took else None}

    def said(self):
        """Return all lines of all processes, in the order of what has a moment."""
        files = [*self.killed.values(), *self.running.values()]
        return [{**line, "by": file.name} for file in files for line in self.lines(file)]


def campaign(folder, address, kills, seed=20261127, ask=ASK_SECONDS, say=lambda _: None):
    """Kill so many processes, one after the other; figures about it. What is wrong is an assertion that fails."""
    choose, cut_off, claims = random.Random(seed), 0, 0
    running = Campaign(folder, address, ask)
    with Forker() as forker, closing(running.library) as library:
        for _ in range(PROCESSES):
            running.start(forker)
        for kill in range(kills):
            _wait_for_work(running)
            time.sleep(choose.uniform(0.0, 0.8))
            lost, was_sending = running.kill(forker, choose)
            claims, cut_off = claims + lost, cut_off + was_sending
            running.start(forker)
            if kill % 10 == 9:
                say(f"{kill + 1} kills, {running.times()}, {Counter(line.get('done') for line in running.said())}")
        _wait_for_work_of_each_sort(running)
        _wait_until_nothing_waits(library)
        for worker in list(running.running):
            running.killed[worker] = running.running.pop(worker)
            forker.kill(worker)
        found = _check(library, running.said())
    assert max(running.taken_over, default=0.0) <= MOST_SECONDS
    return {
        "kills": kills,
        "cut off while it sent": cut_off,
        "claims that were with the killed": claims,
        "taken over, seconds": running.times(),
        **found,
    }


def _wait_for_work(running):
    """Wait until two of the three are at work: the third may be killed while it begins."""
    give_up = time.monotonic() + _PATIENCE
    while sum(any("done" in line for line in running.lines(file)) for file in running.running.values()) < PROCESSES - 1:
        assert time.monotonic() < give_up, f"nothing is done for {_PATIENCE:.0f} s: {running.doing()}"
        time.sleep(0.05)


def _wait_for_work_of_each_sort(running):
    """Wait until somebody was asked, something shared and a round-up begun: what to do they draw by lot."""
    give_up = time.monotonic() + _PATIENCE
    while {"ask", "digest", "share"} - {line.get("done") for line in running.said()}:
        assert time.monotonic() < give_up, f"not everything was done in {_PATIENCE:.0f} s: {running.doing()}"
        time.sleep(0.05)


def _wait_until_nothing_waits(library):
    """Let the living finish: all that is due is sent, and what was approved is published."""
    (library.settings.data_dir / "no-more-new").touch()
    give_up = time.monotonic() + _PATIENCE
    while library.examples.select(Selection(states=(State.APPROVED,))) or _unsent(library):
        assert time.monotonic() < give_up, "something is not taken over"
        time.sleep(0.2)


def _unsent(library):
    with library.outbox._connections.read() as connection:
        rows = connection.execute("SELECT kind FROM outbox WHERE done_at IS NULL").fetchall()
    return [kind for (kind,) in rows if kind in KINDS]


def _check(library, said):
    """Look for what was acknowledged, and for what was said twice; how much it was."""
    Examples(library, publisher(library), WordCheck()).publish_waiting()
    _queue_what_is_due(Peers(library, utc_now), library)
    now = utc_now()
    while queued := library.outbox.take(KINDS, now, by_mail=None):  # what the last ones were killed over
        for one in queued:
            about = one.message.data
            said.append({"sent": one.nonce, "id": one.id, "kind": one.message.kind, "about": about, "by": "the end"})
            library.outbox.delivered(one, now)
    assert library.store.problems() == library.index.problems() == library.examples.problems() == []
    done = defaultdict(set)
    for line in said:
        if "done" in line:
            done[line["done"]].add(line.get("id", line.get("number")))
    nonces, again = defaultdict(set), Counter()
    for line in said:
        if "sent" in line:
            about = line["about"]
            what = about.get("number", about.get("introduction_id", about.get("example")))
            nonces[line["kind"], what].add(line["sent"])
            again[line["sent"]] += 1
    assert [key for key, found in nonces.items() if len(found) > 1] == []
    assert {("digest", number) for number in done["digest"]} - nonces.keys() == set()
    assert {(REQUEST, one) for one in done["ask"]} - nonces.keys() == set()
    live = {
        view.id
        for view in Examples(library, publisher(library), WordCheck()).list(
            OPERATOR, Selection(states=(State.PUBLISHED,))
        )
    }
    assert done["approve"] <= live
    assert done["approve"] <= {document.id for document in library.store.documents()}
    # Whoever was killed between sending and noting it: the receiving side drops the second by its nonce.
    twice = [nonce for nonce, number in again.items() if number > 1]
    assert max(again.values(), default=0) <= 3
    return {
        "acknowledged": {name: len(ids) for name, ids in done.items()},
        "messages": len(again),
        "sent again after a kill, with the same nonce": len(twice),
    }
