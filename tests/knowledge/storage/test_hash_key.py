"""Hashes that stand for people cannot be undone with the database alone; the key is made once, and may be lost."""

import hashlib
import hmac
import logging
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from knowledge.errors import StorageError
from knowledge.servers.storage.sqlite import open_servers
from knowledge.servers.types import Card, Forum, Post, SaveRefusal
from knowledge.storage.sqlite import migrations, open_database
from knowledge.storage.sqlite.hash_key import KEY_FILE, key_beside

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CARD = Card(id="c1", question_id="q1", server_id=1, channel_id=2, shared=False)
MEMBERS = range(100_000, 100_100)


def opened(path):
    connections = open_database(path)
    return connections, open_servers(connections)


def hashes_in(path):
    """Every hash of a person that the database holds, whatever its table."""
    connection = sqlite3.connect(path)
    found = [row[0] for row in connection.execute("SELECT asker FROM cards")]
    found += [row[0] for row in connection.execute("SELECT person FROM post_opt_outs")]
    found += [row[0] for row in connection.execute("SELECT voter FROM feedback")]
    found += [row[0] for row in connection.execute("SELECT asker FROM question_askers")]
    found += [row[0] for row in connection.execute("SELECT person FROM save_request_counts")]
    found += [row[0] for row in connection.execute("SELECT person FROM save_request_refusals")]
    salts = [row[0] for row in connection.execute("SELECT salt FROM question_salt")]
    connection.close()
    return found, salts


def test_whoever_has_the_database_alone_cannot_find_out_who_it_was(tmp_path):
    path = tmp_path / "haln.db"
    connections, servers = opened(path)
    servers.cards.save(CARD, MEMBERS[7], NOW)
    servers.posts.opt_out(MEMBERS[7])
    servers.save_limits.count(MEMBERS[7], MEMBERS[8], NOW)
    servers.save_limits.refuse(MEMBERS[8], refused=True)
    connections.close()
    found, (salt,) = hashes_in(path)
    assert len(found) == 5
    parts = ("posts", "save asks", "save is_asked", "save refuses")
    for member in MEMBERS:
        for text in (f"c1:{member}", f"q1:{member}", *(f"{part}\0{member}" for part in parts)):
            plain = hashlib.sha256(text.encode()).hexdigest()
            salted = hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()
            assert not {plain, salted, plain[:32], salted[:32]} & set(found)


def test_the_key_is_its_owners_alone_and_stays_the_same(tmp_path):
    path = tmp_path / "data" / "haln.db"
    connections, servers = opened(path)
    servers.cards.save(CARD, 7, NOW)
    connections.close()
    key = path.with_name(KEY_FILE)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes().strip() not in path.read_bytes()
    connections, servers = opened(path)
    assert servers.cards.asked_by("c1", 7)
    assert not servers.cards.asked_by("c1", 8)
    connections.close()


def test_of_many_who_begin_at_once_one_makes_the_key(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: key_beside(tmp_path / "haln.db").fingerprint, range(32)))
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_what_is_no_key_is_refused(tmp_path):
    (tmp_path / KEY_FILE).write_text("secret")
    with pytest.raises(StorageError, match=r"is no key .* Put a backup in its place"):
        open_database(tmp_path / "haln.db")


@pytest.fixture
def earlier(tmp_path, monkeypatch):
    """A database of the release before, with a member's card, question and wish, hashed as that release did."""
    path = tmp_path / "haln.db"
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m016"))
        connections = open_database(path)
    with connections.write() as connection:
        salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
        for question, conversation in (("q1", "somewhere"), ("q2", "elsewhere"), ("q3", None)):
            connection.execute(
                "INSERT INTO questions (id, asked_at, question, answer, answered, conversation) "
                "VALUES (?, '2026-05-01', '?', '{}', 1, ?)",
                [question, conversation],
            )
        connection.execute(
            "INSERT INTO cards (id, question_id, server_id, channel_id, asker, shared, created_at) "
            "VALUES ('c1', 'q1', 1, 2, ?, 0, '2026-05-01')",
            [hashlib.sha256(b"c1:7").hexdigest()],
        )
        connection.execute(
            "INSERT INTO post_opt_outs (person) VALUES (?)",
            [hmac.new(salt, b"posts\x007", hashlib.sha256).hexdigest()],
        )
    connections.close()
    return path


def test_what_an_earlier_release_kept_is_keyed_and_still_known(earlier):
    connections, servers = opened(earlier)
    assert servers.cards.asked_by("c1", 7)
    assert servers.posts.opted_out(7)
    assert not servers.posts.opted_out(8)
    # The answer's message goes, and the question is still the member's.
    servers.cards.remove("c1")
    assert len(servers.members.export(7)["library_questions"]) == 1
    assert servers.members.hashed_traces(7) == {"questions": 1}
    assert servers.members.hashed_traces(8) == {}
    # Of the other one of a conversation nobody can say any more whose it is.
    assert servers.members.unattributed() == 1
    connections.close()
    found, _ = hashes_in(earlier)
    assert hashlib.sha256(b"c1:7").hexdigest() not in found


def test_who_asked_and_who_refused_in_an_earlier_release_is_keyed_and_still_known(tmp_path, monkeypatch):
    path = tmp_path / "haln.db"
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m020"))
        connections = open_database(path)
    with connections.write() as connection:
        salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
        asks, refuses = (
            hmac.new(salt, f"save {part}\0{member}".encode(), hashlib.sha256).hexdigest()
            for part, member in (("asks", 7), ("refuses", 8))
        )
        connection.execute(
            "INSERT INTO save_request_counts VALUES (?, 'asks', '2026-06-01T00:00:00.000+00:00')", [asks]
        )
        connection.execute("INSERT INTO save_request_refusals VALUES (?)", [refuses])
    connections.close()
    connections, servers = opened(path)
    assert servers.save_limits.refuses(8)
    assert not servers.save_limits.refuses(7)
    assert servers.save_limits.refusal(7, 9, NOW - timedelta(days=1), 1) is SaveRefusal.ASKED_ENOUGH
    connections.close()
    found, _ = hashes_in(path)
    assert not {asks, refuses} & set(found)


def test_without_the_key_nobody_is_taken_for_another_and_no_post_is_kept(tmp_path, caplog):
    path = tmp_path / "haln.db"
    connections, servers = opened(path)
    servers.cards.save(CARD, 7, NOW)
    servers.settings.save_forum(Forum(channel_id=2, server_id=1, searchable=True))
    servers.posts.save(
        Post(thread_id=5, server_id=1, forum_id=2, author_id=8, title="Roofs"), np.ones(4, dtype=np.float32), "model"
    )
    servers.posts.opt_out(7)
    connections.close()
    key = path.with_name(KEY_FILE).rename(tmp_path / "backup.key")
    with caplog.at_level(logging.WARNING):
        connections, servers = opened(path)
    assert "Put the earlier one back" in caplog.text
    assert not servers.cards.asked_by("c1", 7)
    # Who wished to be left out is not known: nobody's posts are found, until an admin switches that on anew.
    assert servers.posts.of_forum(1, 2) == []
    assert not servers.settings.forum(1, 2).searchable
    connections.close()
    key.replace(path.with_name(KEY_FILE))
    connections, servers = opened(path)
    assert servers.cards.asked_by("c1", 7)
    assert servers.posts.opted_out(7)
    connections.close()
