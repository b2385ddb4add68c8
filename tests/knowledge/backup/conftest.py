from datetime import UTC, datetime

import pytest

from indexer.pipeline import publisher
from knowledge.backup import restore as restoring
from knowledge.backup.erasure import erase_again
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from tests.fakes import WordCheck
from tests.knowledge.matching.people import RememberingEmbedder

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def embedder():
    return RememberingEmbedder()


def doors(library):
    """The front doors of an open library: members, examples, and all that is held about a person."""
    examples = Examples(library, publisher(library), WordCheck())
    peers = Peers(library)
    return peers, examples, PersonalData(library, peers, examples)


def erase(settings, erasures):
    library = Library.open(settings, RememberingEmbedder)
    try:
        _, examples, personal = doors(library)
        done = erase_again(library, personal, examples, erasures)
        return done, [*library.store.problems(), *library.examples.problems(), *library.index.problems()]
    finally:
        library.close()


@pytest.fixture
def restore(settings):
    """Puts a backup in place, as the command does, with the fake model."""

    def put(file, into=None, erase=erase):
        return restoring.restore(into or settings, file, erase, NOW)

    return put
