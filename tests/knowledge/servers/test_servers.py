"""Servers, cards, forum posts and who waits: kept apart, kept once, erased when asked."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from knowledge.domain.outbox import Message
from knowledge.servers.storage.sqlite import open_servers
from knowledge.servers.types import Card, FollowRequest, Forum, Post, Server
from knowledge.storage.sqlite import SQLiteOutboxStore, open_database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE, THERE = 1, 2


@pytest.fixture
def connections(tmp_path):
    opened = open_database(tmp_path / "haln.db")
    yield opened
    opened.close()


@pytest.fixture
def servers(connections):
    return open_servers(connections)


@pytest.fixture
def outbox(connections):
    return SQLiteOutboxStore(connections)


def vector(*numbers):
    return np.array(numbers, dtype=np.float32)


def post(thread_id, server_id=HERE, author_id=7, **fields):
    return Post(thread_id=thread_id, server_id=server_id, forum_id=50, author_id=author_id, title="Roofs", **fields)


def card(**fields):
    return Card(**{"id": "c1", "question_id": "q1", "server_id": HERE, "channel_id": 5, "shared": True, **fields})


def test_settings_are_kept_and_each_server_has_its_own(servers):
    chosen = Server(id=HERE, moderator_role=3, review_channel=4, digest_channel=5, language="cy")
    servers.settings.save_server(chosen)
    assert servers.settings.server(HERE) == chosen
    assert servers.settings.server(THERE) == Server(id=THERE)


def test_what_is_deleted_on_the_server_leaves_the_settings(servers):
    servers.settings.save_server(Server(id=HERE, moderator_role=3, review_channel=4, digest_channel=4))
    servers.settings.save_forum(Forum(channel_id=50, server_id=HERE, replies=True, searchable=True))
    servers.posts.save(post(1), vector(1, 0), "m")
    servers.settings.forget_role(HERE, 3)
    servers.settings.forget_channel(HERE, 4)
    servers.settings.forget_channel(HERE, 50)
    assert servers.settings.server(HERE) == Server(id=HERE)
    assert servers.settings.forums(HERE) == []
    assert servers.posts.post(HERE, 1) is None


def test_a_server_that_removes_the_assistant_is_forgotten_and_no_other(servers):
    for server_id in (HERE, THERE):
        servers.settings.save_server(Server(id=server_id, moderator_role=3))
        servers.posts.save(post(server_id, server_id), vector(1, 0), "m")
        servers.cards.save(card(id=f"c{server_id}", server_id=server_id), 7, NOW)
    servers.settings.forget_server(HERE)
    assert servers.settings.server(HERE) == Server(id=HERE)
    assert servers.posts.post(HERE, HERE) is None
    assert servers.cards.card("c1") is None
    assert servers.settings.server(THERE).moderator_role == 3
    assert servers.posts.post(THERE, THERE)
    assert servers.cards.card("c2")


def test_posts_are_found_in_their_own_server_only(servers):
    servers.posts.save(post(1), vector(1, 0), "m")
    servers.posts.save(post(2, THERE), vector(0, 1), "m")
    servers.posts.save(post(3), vector(0, 1), "another model")
    ids, vectors = servers.posts.vectors(HERE, "m")
    assert ids.tolist() == [1]
    assert vectors.tolist() == [[1, 0]]
    assert servers.posts.vectors(3, "m")[0].size == 0
    assert servers.posts.post(THERE, 1) is None
    assert not servers.posts.mark_solved(THERE, 1, 9)


def test_switching_search_off_forgets_the_posts(servers):
    servers.settings.save_forum(Forum(channel_id=50, server_id=HERE, searchable=True))
    servers.posts.save(post(1), vector(1, 0), "m")
    servers.settings.save_forum(Forum(channel_id=50, server_id=HERE, replies=True, searchable=False))
    assert servers.posts.post(HERE, 1) is None


def test_opting_out_takes_the_posts_of_all_servers_and_stays(servers):
    servers.posts.save(post(1), vector(1, 0), "m")
    servers.posts.save(post(2, THERE), vector(1, 0), "m")
    servers.posts.save(post(3, author_id=8), vector(1, 0), "m")
    assert servers.posts.opt_out(7) == 2
    assert not servers.posts.save(post(4), vector(1, 0), "m")
    servers.members.forget(7)
    assert servers.posts.opted_out(7)
    assert servers.posts.vectors(HERE, "m")[0].tolist() == [3]
    servers.posts.opt_in(7)
    assert servers.posts.save(post(4), vector(1, 0), "m")


def test_an_edited_post_stays_solved(servers):
    servers.posts.save(post(1), vector(1, 0), "m")
    assert servers.posts.mark_solved(HERE, 1, 99)
    servers.posts.save(post(1), vector(0, 1), "m")
    assert servers.posts.post(HERE, 1).solved_message_id == 99


def test_a_thread_is_claimed_once(servers):
    assert servers.posts.claim(1, NOW)
    assert not servers.posts.claim(1, NOW)


def test_a_card_knows_its_asker_without_keeping_who_it_was(servers, tmp_path):
    asker = 123456789012345678
    servers.cards.save(card(), asker, NOW)
    servers.cards.save(card(id="c2"), asker, NOW)
    assert servers.cards.asked_by("c1", asker)
    assert not servers.cards.asked_by("c1", 8)
    assert not servers.cards.asked_by("none", asker)
    kept = (tmp_path / "haln.db").read_bytes() + (tmp_path / "haln.db-wal").read_bytes()
    assert str(asker).encode() not in kept
    assert asker.to_bytes(8) not in kept


def test_a_card_remembers_where_it_is_and_goes_with_its_message(servers):
    servers.cards.save(card(), 7, NOW)
    servers.cards.save(card(message_id=66), 7, NOW)
    assert servers.cards.card("c1").message_id == 66
    servers.cards.forget_message(67)
    assert servers.cards.card("c1")
    servers.cards.forget_message(66)
    assert servers.cards.card("c1") is None


def test_old_cards_expire(servers):
    servers.cards.save(card(id="old"), 7, NOW - timedelta(days=2))
    servers.cards.save(card(id="new"), 7, NOW)
    assert servers.cards.expire(NOW - timedelta(days=1)) == 1
    assert servers.cards.card("new")


def test_an_interaction_is_seen_for_the_first_time_once(servers):
    assert servers.interactions.first_time(11, NOW)
    assert not servers.interactions.first_time(11, NOW)
    servers.interactions.expire(NOW + timedelta(days=1))
    assert servers.interactions.first_time(11, NOW)


def test_who_waits_for_a_question_that_is_not_kept_is_forgotten(servers):
    servers.follow_requests.wait(FollowRequest(question_id="gone", recipient="7"), NOW)
    servers.follow_requests.expire(NOW)
    assert servers.follow_requests.waiting() == []


def test_who_waits_is_told_once(servers, outbox):
    waiting = FollowRequest(question_id="q1", recipient="7")
    assert servers.follow_requests.wait(waiting, NOW)
    assert not servers.follow_requests.wait(waiting, NOW)
    now, again = (Message(recipient="7", kind="found", data={"content": content}) for content in ("now", "again"))
    assert servers.follow_requests.answer_waiting(waiting, now, NOW)
    assert not servers.follow_requests.answer_waiting(waiting, again, NOW)
    assert servers.follow_requests.waiting() == []
    assert outbox.waiting_for("7") == [now]


def test_what_is_kept_of_a_person_is_exported_and_erased(servers, outbox):
    servers.posts.save(post(1), vector(1, 0), "m")
    servers.follow_requests.wait(FollowRequest(question_id="q1", recipient="7"), NOW)
    outbox.add(Message(recipient="7", kind="found", data={"content": "x"}), NOW)
    exported = servers.members.export(7)
    assert [len(exported[name]) for name in ("forum_posts", "waiting_for", "messages_on_their_way")] == [1, 1, 1]
    [message] = exported["messages_on_their_way"]
    assert message == {"payload": '{"kind": "found", "content": "x"}', "due_at": "2026-01-01T00:00:00.000+00:00"}
    assert servers.members.forget(7)["outbox"] == 1
    assert not any(servers.members.export(7).values())
