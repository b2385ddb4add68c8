"""A process that forks workers which share, edit, review and withdraw until they are killed.

Reads "DATA_DIR SEED" lines. Says on standard output which worker began, what each is about to do and has done, and when
one has ended. Forking from here is quick because everything is imported already.
"""

import json
import os
import random
import sys
from pathlib import Path

from indexer.pipeline import publisher
from knowledge.domain.examples import Action, Actor, Role, State
from knowledge.domain.vocabulary import Credit
from knowledge.errors import ExampleError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from knowledge.storage.example_protocols import Selection
from tests.fakes import WordCheck, WordEmbedder
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content

DECISIONS = {"approve": Action.APPROVE, "decline": Action.DECLINE, "changes": Action.REQUEST_CHANGES}
STEPS = ["share", "share", "edit", "edit", "approve", "approve", "approve", "decline", "changes", "credit", "withdraw"]


def say(**line):
    # One write a line: a pipe takes it whole or not at all.
    os.write(1, (json.dumps(line) + "\n").encode())


def opened(data_dir):
    library = Library.open(Settings(data_dir=Path(data_dir), starter_library=Switch.OFF, chunk_tokens=60), WordEmbedder)
    return library, Examples(library, publisher(library), WordCheck())


def work(data_dir, seed):
    choose = random.Random(seed)
    library, examples = opened(data_dir)
    for number in range(10_000):
        step = choose.choice(STEPS)
        word = f"word{seed}x{number}"
        if step == "share":
            request = f"{seed}-{number}"
            say(about_to=step, request=request, word=word)
            receipt = examples.share(AUTHOR, content(what=f"We did {word} there."), request_id=request)
            given = receipt.id
        else:
            views = examples.list(Actor(None, Role.ADMIN), Selection())
            live = [view.id for view in views if view.state not in (State.DECLINED, State.WITHDRAWN)]
            if not live:
                continue
            given = choose.choice(live)
            say(about_to=step, id=given, word=word)
            try:
                act(examples, step, given, word)
            except ExampleError:
                say(refused=step, id=given)
                continue
        now = library.examples.find(given)
        say(done=step, id=given, state=now.state, version=now.version, what=now.content.what, credit=now.content.credit)


def act(examples, step, given, word):
    if step == "edit":
        examples.edit(AUTHOR, given, content(what=f"We did {word} there."))
    elif step == "credit":
        examples.set_credit(AUTHOR, given, Credit.ANONYMOUS)
    elif step == "withdraw":
        examples.withdraw(AUTHOR, given)
    else:
        examples.review(MODERATOR, given, DECISIONS[step], "A reason.")


if __name__ == "__main__":
    import faiss  # noqa: F401 - here, so that no worker has to

    for line in sys.stdin:
        folder, seed = line.split()
        worker = os.fork()
        if worker == 0:
            work(folder, int(seed))
            os._exit(0)
        say(worker=worker)
        os.waitpid(worker, 0)
        say(ended=worker)
