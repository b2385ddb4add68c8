"""Sample members, a clock that is moved by hand, and an embedder that remembers what it embedded."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder, WordReader

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, **amount):
        self.now += timedelta(**amount)


class RememberingEmbedder(WordEmbedder):
    """The same vectors as `WordEmbedder`, worked out once for each text."""

    known: ClassVar[dict] = {}

    def _vectors(self, texts):
        for text in texts:
            if text not in self.known:
                self.known[text] = super()._vectors([text])[0]
        import numpy as np

        return np.stack([self.known[text] for text in texts])


def open_library(folder, **settings):
    library = Library.open(
        Settings(data_dir=folder, starter_library=Switch.OFF, **settings), lambda _: RememberingEmbedder()
    )
    library.reader = WordReader()
    return library


def open_peers(folder, clock=None, **settings):
    numbers = itertools.count(1)
    return Peers(open_library(folder, **settings), clock or Clock(), lambda: f"intro-{next(numbers)}")


# The words of a line of topics.yaml: a fake of an embedder knows words and no meaning.
GARDEN = {
    "working_on": "Opening hospital or clinic grounds to the public.",
    "can_offer": "Insurance answers for neighbours who use our lawns.",
    "sector": "nhs_trust",
    "nation": "england",
    "pillars": ["estates"],
    "stage": "established",
}
WANTS_GARDEN = {
    "working_on": "Careers talks.",
    "looking_for": "Opening hospital or clinic grounds to the public",
    "sector": "council",
    "nation": "wales",
    "pillars": ["employment"],
    "stage": "starting",
}


def add(peers, member_id, base=None, **fields):
    values = {"id": member_id, "display_name": f"Sample {member_id}", "findable": True, "consent": True}
    return peers.save({**values, **(base or {}), **fields})
