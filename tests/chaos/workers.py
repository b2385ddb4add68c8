"""A process that forks workers, each of which does real work on one library until it is killed.

Reads lines of JSON: {"start": ROLE, "data": FOLDER, "seed": N, "out": FILE}, {"kill": PID}. A worker writes a line into
its file about what it begins and what is done: what is done was acknowledged. Forking from here is quick because
everything is imported already.
"""

import json
import os
import random
import signal
import sys
import traceback
from pathlib import Path

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.backup.backup import make_backup
from knowledge.dates import utc_now
from knowledge.matching.peers import Peers
from tests.chaos.faces import mail, web
from tests.chaos.library import FIRST_WEEK, SERVER, WEEK, notes_of, opened, prepare, settings_of  # noqa: F401
from tests.knowledge.examples import killed

PROFILE = {"sector": "nhs_trust", "nation": "wales", "pillars": ["estates"], "findable": True, "consent": True}


class Diary:
    """What a worker says: one write a line, so that a killed worker leaves whole lines."""

    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, **line):
        os.write(self._file, (json.dumps(line) + "\n").encode())


def index(data, choose, say):
    """Write, change and remove notes, and index the folder after each."""
    library, folder = opened(data), notes_of(data)
    for _ in range(10_000):
        there = sorted(folder.glob("note-*.md"))
        kind = choose.choice(["new", "new", "change", "remove"]) if there else "new"
        path = folder / f"note-{choose.randrange(10**9)}.md" if kind == "new" else choose.choice(there)
        word = f"w{choose.randrange(10**12)}"
        say(about_to=kind, path=path.name, word=word)
        if kind == "remove":
            path.unlink()
        else:
            text = " ".join(f"Sentence {n} says {word} of thing {n * 7}." for n in range(12))
            draft = folder.parent / f"{path.name}.part"
            draft.write_text(f"# Note {word}\n\n{text}\n")
            draft.replace(path)
        report = Indexer(library).add([str(folder)])
        assert not report.failed, report.failed
        say(done=kind, path=path.name, word=None if kind == "remove" else word)


def ask(data, choose, say):
    """Ask, each question once, and vote on some answers."""
    library = opened(data)
    assistant = Assistant(library)
    for _ in range(10_000):
        question = f"How many entry jobs for local residents were kept in place {choose.randrange(10**12)}?"
        say(about_to="ask", question=question)
        answer = assistant.ask(question, f"chat:{choose.randrange(5)}")
        assert library.late_writes.finish()
        say(done="ask", id=answer.question_id, question=question)
        if choose.random() < 0.5:
            assistant.feedback(answer.question_id, "somebody", helpful=True)
            say(done="vote", id=answer.question_id)


def introduce(data, choose, say):
    """Make profiles, ask to be introduced, answer, and leave."""
    peers = Peers(opened(data), utc_now)
    store = peers.library.members
    for _ in range(10_000):
        waiting = [one for member in store.members() for one in peers.standings(member.profile.id)]
        asked = [one for one in waiting if one.state == "asked" and not one.mine]
        step = choose.choice(["accept", "decline", "withdraw", "leave"]) if len(asked) > 3 else "ask"
        if step == "ask":
            one, other = (f"{choose.randrange(10**9)}" for _ in range(2))
            for member in (one, other):
                say(about_to="save", member=member)
                peers.save({**PROFILE, "id": member, "display_name": f"Sample {member}", "working_on": "Gardens."})
                say(done="save", member=member)
            say(about_to="ask", pair=[one, other])
            introduction = peers.ask(one, other, "Gardens")
            say(done="ask", id=introduction.id, state="asked")
            continue
        known = store.introduction(choose.choice(asked).introduction_id)
        say(about_to=step, id=known.id, member=known.seeker)
        if step == "leave":
            peers.forget(known.seeker)
        elif step == "withdraw":
            peers.withdraw(known.seeker, known.id)
        else:
            getattr(peers, step)(known.other, known.id)
        state = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn", "leave": None}[step]
        say(done=step, id=known.id, state=state, member=known.seeker)


def digest(data, choose, say):
    """Begin a round-up each week, and send what waits: what is sent is noted with its nonce, as Discord does."""
    library = opened(data)
    digests, outbox = library.servers.digests, library.outbox
    for _ in range(10_000):
        number = digests.digest(SERVER).number
        now = FIRST_WEEK + WEEK * (number + 1)
        say(about_to="begin", number=number)
        if digests.begin(SERVER, "digest", {"number": number}, now, WEEK):
            say(done="begin", number=number)
        for queued in outbox.take(["digest"], now):
            if choose.random() < 0.1:
                outbox.failed(queued, now, "Sample")
                continue
            say(sent=queued.nonce, number=queued.message.data["number"])
            outbox.delivered(queued, now)
            say(done="sent", number=queued.message.data["number"], nonce=queued.nonce)


def backup(data, choose, say):
    """Make backups, one over the other."""
    settings = settings_of(data)
    file = Path(data).parent / f"{Path(data).name}-backup.db"
    for _ in range(10_000):
        say(about_to="backup")
        make_backup(settings, file)
        say(done="backup", file=str(file))


def examples(data, choose, say):
    """Share, edit, review and withdraw, as the test of examples alone does."""
    killed.say = say
    killed.work(data, choose.randrange(10**9))


def face(data, choose, say):
    """Work as one of several processes do: see `tests.chaos.processes`."""
    from tests.chaos.processes import Face

    Face(data, choose, say).work()


# Those that a campaign on one library chooses from.
ROLES = {role.__name__: role for role in (index, ask, introduce, digest, mail, web, backup, examples)}


def main():
    import faiss  # noqa: F401 - here, so that no worker has to

    for line in sys.stdin:
        order = json.loads(line)
        if "kill" in order:
            os.kill(order["kill"], signal.SIGKILL)
            _, status = os.waitpid(order["kill"], 0)
            print(json.dumps({"by_signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None}), flush=True)
            continue
        worker = os.fork()
        if worker == 0:
            try:
                (ROLES | {"face": face})[order["start"]](
                    order["data"], random.Random(order["seed"]), Diary(order["out"])
                )
            except BaseException:  # noqa: BLE001 - whatever it is, the campaign has to say it
                traceback.print_exc()
            finally:
                os._exit(1)
        print(json.dumps({"worker": worker}), flush=True)


if __name__ == "__main__":
    main()
