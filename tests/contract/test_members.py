"""Members, introductions and questions to peers on PostgreSQL, by the tests of the rooms that use their stores."""

import itertools

import pytest

from knowledge.library import Library
from knowledge.matching.peers import Peers
from tests.contract.same import same_as
from tests.fakes import WordReader
from tests.knowledge.matching import test_introductions, test_large_networks, test_questions
from tests.knowledge.matching.people import Clock, RememberingEmbedder

globals().update(
    same_as(test_introductions, but=("test_two_who_ask_each_other_at_the_same_moment_are_introduced_once",))
)
globals().update(same_as(test_questions))
globals().update(same_as(test_large_networks))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def peers(settings, clock):
    library = Library.open(settings, lambda _: RememberingEmbedder())
    library.reader = WordReader()
    numbers = itertools.count(1)
    yield Peers(library, clock, lambda: f"intro-{next(numbers)}")
    library.close()
