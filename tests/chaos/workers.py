"""A process that forks workers, each of which does real work on one library until it is killed.

Reads lines of JSON: {"start": ROLE, "data": FOLDER, "seed": N, "out": FILE}, {"kill": PID}. A worker writes a line into
its file about what it begins and what is done: what is done was acknowledged. Forking from here is quick because
everything is imported already.
"""

import json
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore2
from pydantic import SecretStr

from bot.backend import Backend
from bot.web import server
from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.backup.backup import make_backup
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.dates import utc_now
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.servers.types import Server
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder
from tests.knowledge.examples import killed

SERVER, CHANNEL, WEEK = 7, 70, timedelta(days=7)
FIRST_WEEK = datetime(2026, 1, 5, 9, tzinfo=UTC)
PROFILE = {"sector": "nhs_trust", "nation": "wales", "pillars": ["estates"], "findable": True, "consent": True}
_OFTEN = 1000


def settings_of(data):
    address = Path(data) / "database"  # of a server, where there is one
    return Settings(
        data_dir=Path(data),
        starter_library=Switch.OFF,
        chunk_tokens=60,
        questions_per_minute=_OFTEN,
        database_url=SecretStr(address.read_text()) if address.exists() else None,
    )


def opened(data):
    return Library.open(settings_of(data), WordEmbedder)


def prepare(data):
    """Make a library with something in it to ask about, and a server with a weekly round-up."""
    settings = settings_of(data)
    SimilarityScales(settings.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    notes = notes_of(data)
    notes.mkdir()
    (notes / "jobs.md").write_text("# Jobs\n\nThe Sample Hospital Trust kept 40 entry jobs for local residents.\n")
    library = opened(data)
    Indexer(library).add([str(notes)])
    library.servers.register.follow_setting([SERVER], FIRST_WEEK)
    library.servers.settings.save_server(Server(id=SERVER, digest_channel=CHANNEL))
    library.close()


def notes_of(data):
    """The folder that the indexing worker indexes again and again."""
    return Path(data).parent / f"{Path(data).name}-notes"


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


def web(data, choose, say):
    """Serve the web page, ask there and vote, as a browser does."""
    library = opened(data)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    serving = (server.Site(Backend(library, utc_now)), listening, threading.Event())
    threading.Thread(target=server.serve_site, args=serving, daemon=True).start()
    with httpcore2.ConnectionPool() as browser:

        def sent(method, path, headers, body=""):
            return browser.request(method, address + path, headers=headers, content=body.encode())

        page = sent("GET", "/", {})
        cookie = dict(page.headers)[b"Set-Cookie".lower()].split(b";")[0]
        token = sent("GET", "/", {"Cookie": cookie}).content.decode().partition('name="csrf" value="')[2].split('"')[0]
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(10_000):
            question = f"How many entry jobs for local residents were kept in town {choose.randrange(10**12)}?"
            say(about_to="ask", question=question)
            body = f"csrf={token}&question={question.replace(' ', '+').replace('?', '%3F')}"
            reply = sent("POST", "/ask", headers, body)
            if reply.status == 429:
                time.sleep(0.05)
                continue
            assert reply.status == 303, reply.content
            assert library.late_writes.finish()
            place = dict(reply.headers)[b"location"].decode()
            say(done="ask", id=place.rpartition("/")[2], question=question)
            voted = sent("POST", f"{place}/feedback", headers, f"csrf={token}&helpful=yes")
            if voted.status == 303:
                say(done="vote", id=place.rpartition("/")[2])


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
ROLES = {role.__name__: role for role in (index, ask, introduce, digest, web, backup, examples)}


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
