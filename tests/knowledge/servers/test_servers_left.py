"""What is left of a server that removed the assistant: nothing; and what waited for its moderators waits for others."""

from datetime import UTC, datetime

import pytest

from knowledge.domain.examples import Actor, Role
from knowledge.domain.members import Place
from knowledge.domain.outbox import Message
from knowledge.examples.examples import Examples
from knowledge.matching.peers import Peers
from knowledge.servers.types import ReviewCard, SaveRequest, Server
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import content
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, RememberingEmbedder, add

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE, THERE, REVIEW, ELSEWHERE = 1, 2, 50, 60
AUTHOR = Actor("sample-author", Role.MEMBER)


@pytest.fixture
def embedder():
    return RememberingEmbedder()


@pytest.fixture
def waiting(filled):
    """The ids of an example of each server that waits for review, each with its card."""
    examples = Examples(filled, check=WordCheck())
    found = {}
    for server_id, channel_id in ((HERE, REVIEW), (THERE, ELSEWHERE)):
        filled.servers.settings.save_server(Server(id=server_id, review_channel=channel_id))
        example = examples.draft(AUTHOR, content(title=f"Workshop {server_id}"), request_id=f"draft {server_id}").id
        examples.submit(AUTHOR, example, request_id=f"submit {server_id}")
        filled.servers.reviews.set_place(example, server_id)
        filled.servers.reviews.keep_card(ReviewCard(submission_id=example, channel_id=channel_id, message_id=9))
        found[server_id] = example
    return found


def test_examples_that_wait_there_are_in_the_queue_of_the_others(filled, waiting):
    giving = filled.servers.reviews
    assert giving.without_card(THERE, ELSEWHERE, 9) == []
    filled.servers.settings.forget_server(HERE)
    assert [one.submission_id for one in giving.without_card(THERE, ELSEWHERE, 9)] == [waiting[HERE]]
    assert giving.elsewhere(THERE) == set()
    assert giving.cards(waiting[HERE]) == []
    assert [card.channel_id for card in giving.cards(waiting[THERE])] == [ELSEWHERE]
    assert giving.place(waiting[THERE]) == THERE


def test_cards_of_a_channel_that_is_gone_are_forgotten(filled, waiting):
    filled.servers.settings.forget_channel(HERE, REVIEW)
    assert filled.servers.reviews.cards(waiting[HERE]) == []
    assert len(filled.servers.reviews.cards(waiting[THERE])) == 1


def test_requests_and_places_to_meet_go_with_the_server(filled):
    peers = Peers(filled)
    add(peers, "1001", WANTS_GARDEN)
    add(peers, "1002", GARDEN, nation="wales")
    introduction = peers.ask("1001", "1002", "Grounds")
    filled.members.save_place(Place(introduction_id=introduction.id, server_id=HERE, channel_id=5))
    for number, server_id in enumerate((HERE, THERE)):
        request = SaveRequest(id=f"r{number}", message_id=number, channel_id=5, server_id=server_id, author_id=7)
        asking = Message(key=f"k{number}", recipient="7", kind="asked", data={})
        filled.servers.reviews.ask(request, asking, NOW)
    assert filled.servers.settings.servers() == [HERE, THERE]
    filled.servers.settings.forget_server(HERE)
    assert filled.members.place(introduction.id) is None
    assert [request.id for request in filled.servers.reviews.asked_of(7)] == ["r1"]
    assert filled.servers.settings.servers() == [THERE]
