"""Two processes that do the same at the same moment, on both databases: one wins, the other hears so."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from indexer.pipeline import publisher
from knowledge.domain.examples import Action, State
from knowledge.domain.library import Answer
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import IntroductionState
from knowledge.errors import ExampleError, MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from tests.fakes import Clock, WordCheck, WordEmbedder, WordReader
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, SECOND, content
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

ROUNDS = 1


@pytest.fixture(params=["files", "server"])
def two(request, settings):
    """A library with connections of its own for each of two processes."""
    chosen = settings if request.param == "server" else settings.model_copy(update={"database_url": None})
    opened = [Library.open(chosen, WordEmbedder) for _ in range(2)]
    for library in opened:
        library.reader = WordReader()
    yield opened
    for library in opened:
        library.close()


@pytest.fixture
def examples(two):
    return [Examples(library, publisher(library), WordCheck(), Clock()) for library in two]


@pytest.fixture
def peers(two):
    return [Peers(library, Clock()) for library in two]


def at_once(refused, *actions):
    """Run actions that begin at the same moment; what came of those that were not refused in words."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait()
        try:
            return [action()]
        except refused:
            return []

    with ThreadPoolExecutor(len(actions)) as pool:
        return [one for found in pool.map(run, actions) for one in found]


def published(library, example):
    return sum(document.location == f"example:{example}" for document in library.store.documents())


def test_an_example_is_approved_once(two, examples):
    for number in range(ROUNDS):
        example = examples[0].share(AUTHOR, content(what=f"We opened workshop {number} next to the canteen.")).id
        done = at_once(
            ExampleError,
            partial(examples[0].review, MODERATOR, example, Action.APPROVE),
            partial(examples[1].review, SECOND, example, Action.APPROVE),
        )
        assert len(done) == 1
        assert [event.action for event in two[0].examples.history(example)].count(Action.APPROVE) == 1
        assert published(two[0], example) == 1
    assert two[0].store.problems() == []


def test_approving_and_withdrawing_leave_the_example_and_its_document_agreed(two, examples):
    for number in range(ROUNDS):
        example = examples[0].share(AUTHOR, content(what=f"We mended lift {number} with local firms.")).id
        at_once(
            ExampleError,
            partial(examples[0].review, MODERATOR, example, Action.APPROVE),
            partial(examples[1].withdraw, AUTHOR, example),
        )
        assert examples[0].show(AUTHOR, example).state == State.WITHDRAWN
        assert published(two[0], example) == 0


def test_two_who_ask_each_other_and_accept_are_introduced_once(two, peers):
    for number in range(ROUNDS):
        ann, bob = f"ann{number}", f"bob{number}"
        add(peers[0], ann, WANTS_GARDEN)
        add(peers[0], bob, GARDEN)
        at_once(MemberError, partial(peers[0].ask, ann, bob), partial(peers[1].ask, bob, ann))
        at_once(MemberError, partial(peers[0].accept, bob, ann), partial(peers[1].accept, ann, bob))
        for name in (ann, bob):
            assert [one.state for one in peers[0].standings(name)] == [IntroductionState.ACCEPTED]


def test_who_withdraws_consent_or_is_erased_while_asked_is_in_nothing(two, peers, examples):
    for number in range(ROUNDS):
        ann, bob = f"ann{number}", f"bob{number}"
        add(peers[0], ann, WANTS_GARDEN)
        add(peers[0], bob, GARDEN)
        data = PersonalData(two[1], peers[1], examples[1])
        message = Message(key=f"k{number}", recipient=ann, kind="test", data={})
        at_once(
            MemberError,
            partial(peers[0].ask, ann, bob),
            partial(data.forget, bob),
            partial(two[0].outbox.add, message, Clock()()),
            partial(peers[1].pause, ann),
        )
        assert not data.holds(bob)
        assert two[0].store.naming(bob) == {}
        assert peers[0].standings(ann) == []
        assert len(two[0].outbox.waiting_for(ann)) == 1


def test_a_vote_on_what_is_deleted_in_that_moment_is_for_nothing_and_no_error(two):
    answer = Answer(question="q", answered=False, text="t")
    for _ in range(ROUNDS * 8):
        ids = [two[0].questions.log(answer, asker="1") for _ in range(2)]
        at_once(
            (),
            *(partial(two[0].questions.vote, one, "v", helpful=True) for one in ids),
            *(partial(two[0].questions.replace, one, answer) for one in ids),
            partial(two[1].servers.members.forget, 1),
        )
