"""The outbox: each message once, in order for each recipient, by one process at a time; and how one came of two."""

import json
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.domain.outbox import MODERATORS, Message, channel_recipient, next_attempt
from knowledge.storage.sqlite import SQLiteOutboxStore, migrations, open_database
from tests.conftest import ROOT

FAR = timedelta(days=1)


def message(key, recipient="sample-author", kind="test"):
    return Message(key=key, recipient=recipient, kind=kind, data={"text": key})


NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_messages_come_in_order_for_each_recipient_and_once(library):
    outbox = library.outbox
    for key, recipient in (("1", "a"), ("2", "a"), ("3", "b"), ("2", "a")):
        outbox.add(message(key, recipient), NOW)
    assert outbox.add(message("3", "b"), NOW) is False
    first = outbox.take(("test",), NOW)
    assert [waiting.message.key for waiting in first] == ["1", "3"]
    assert outbox.take(("test",), NOW) == []  # leased
    for waiting in first:
        outbox.delivered(waiting, NOW)
    [second] = outbox.take(("test",), NOW)
    assert second.message.key == "2"
    outbox.delivered(second, NOW)
    assert (outbox.take(("test",), NOW + FAR), outbox.waiting()) == ([], 0)
    assert outbox.add(message("1", "a"), NOW) is False


def test_what_fails_is_tried_again_later_and_nothing_overtakes_it(library):
    outbox = library.outbox
    outbox.add(message("1"), NOW)
    outbox.add(message("2"), NOW)
    [waiting] = outbox.take(("test",), NOW)
    outbox.failed(waiting, NOW, "Discord is down")
    assert outbox.take(("test",), NOW + timedelta(seconds=29)) == []
    [again] = outbox.take(("test",), NOW + timedelta(seconds=31))
    assert (again.message.key, again.attempts) == ("1", 2)
    outbox.failed(again, NOW, "the member takes no messages", permanent=True)
    [other] = outbox.take(("test",), NOW + timedelta(seconds=32))
    assert other.message.key == "2"


def test_a_face_that_went_away_loses_its_lease(library):
    outbox = library.outbox
    outbox.add(message("1"), NOW)
    [lost] = outbox.take(("test",), NOW)
    [again] = outbox.take(("test",), NOW + timedelta(minutes=11))
    outbox.failed(lost, NOW, "late")  # by whom the message is not any more
    outbox.delivered(lost, NOW)
    assert outbox.waiting() == 1
    outbox.delivered(again, NOW)
    assert outbox.waiting() == 0


def test_only_the_kinds_that_a_face_knows_are_given_to_it(library):
    library.outbox.add(message("1", kind="other"), NOW)
    library.outbox.add(message("2"), NOW)
    assert [waiting.message.key for waiting in library.outbox.take(("test",), NOW)] == ["2"]


def test_what_was_delivered_is_not_kept(library, settings):
    library.outbox.add(message("secret-key", "sample-author"), NOW)
    library.outbox.add(message(None, "another-author"), NOW)
    for waiting in library.outbox.take(("test",), NOW):
        library.outbox.delivered(waiting, NOW)
    with sqlite3.connect(settings.database_path) as connection:
        rows = connection.execute("SELECT key, recipient, data FROM outbox").fetchall()
    connection.close()
    assert rows == [("secret-key", None, "{}")]


def test_waits_double_up_to_an_hour():
    waits = [(next_attempt(NOW, attempts) - NOW).total_seconds() for attempts in (1, 2, 3, 8, 500)]
    assert waits == [30, 60, 120, 3600, 3600]


def test_what_has_no_key_may_be_said_again_and_is_told_apart_by_its_number(library):
    outbox = library.outbox
    assert outbox.add(message(None), NOW)
    assert outbox.add(message(None), NOW)
    [first] = outbox.take(("test",), NOW)
    outbox.failed(first, NOW, "Discord is down")
    [again] = outbox.take(("test",), NOW + FAR)
    outbox.delivered(again, NOW)
    [second] = outbox.take(("test",), NOW + FAR)
    assert [one.nonce for one in (first, again, second)] == ["haln-1", "haln-1", "haln-2"]


def test_a_key_gives_the_same_nonce_whatever_the_number_and_one_for_each_channel(library):
    library.outbox.add(message("example.card:1", MODERATORS), NOW)
    [queued] = library.outbox.take(("test",), NOW)
    renumbered = queued.model_copy(update={"id": 99})
    assert queued.nonce == renumbered.nonce
    assert len({queued.nonce, queued.nonce_in(1), queued.nonce_in(2)}) == 3
    assert len(queued.nonce) <= 25


def test_what_is_to_wait_holds_up_nothing_and_what_is_retried_does(library):
    outbox, morning = library.outbox, (NOW + timedelta(hours=8)).isoformat(timespec="milliseconds")
    outbox.add(message("reminder").model_copy(update={"not_before": morning}), NOW)
    outbox.add(message("news"), NOW)
    [news] = outbox.take(("test",), NOW)
    assert news.message.key == "news"
    outbox.failed(news, NOW, "Discord is down")
    outbox.add(message("more"), NOW)
    assert outbox.take(("test",), NOW) == []
    outbox.delivered(outbox.take(("test",), NOW + timedelta(minutes=1))[0], NOW)
    assert [one.message.key for one in outbox.take(("test",), NOW + timedelta(minutes=1))] == ["more"]


def test_a_recipient_is_a_member_a_channel_or_the_moderators():
    to_member, to_channel, to_moderators, to_word = (
        message(None, recipient) for recipient in ("7", channel_recipient(7), MODERATORS, "ann")
    )
    assert (to_member.user_id, to_member.channel_id) == (7, None)
    assert (to_channel.user_id, to_channel.channel_id) == (None, 7)
    assert {(one.user_id, one.channel_id) for one in (to_moderators, to_word)} == {(None, None)}


def test_what_is_queued_in_a_transaction_that_fails_is_not_there(library):
    def queue_and_fail():
        with library.members.atomically():
            library.outbox.add(message("1"), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()
    assert library.outbox.waiting() == 0


SENDER = textwrap.dedent(
    """
    import json, sys, time
    from datetime import UTC, datetime
    from pathlib import Path
    from knowledge.storage.sqlite import SQLiteOutboxStore, open_database

    outbox = SQLiteOutboxStore(open_database(Path(sys.argv[1])))
    print("ready", flush=True)
    sys.stdin.readline()
    while outbox.waiting():
        for queued in outbox.take(("test",), datetime.now(UTC), limit=3):
            print(json.dumps([time.monotonic_ns(), queued.message.recipient, queued.message.data["n"]]), flush=True)
            time.sleep(0.005)  # as sending does
            outbox.delivered(queued, datetime.now(UTC))
    """
)


def test_of_two_processes_one_takes_each_message_and_the_order_holds(library, settings):
    recipients, each = [f"member-{n}" for n in range(6)], 25
    for number in range(each):
        for recipient in recipients:
            said = Message(recipient=recipient, kind="test", data={"n": number})
            library.outbox.add(said, NOW)
    command = [sys.executable, "-c", SENDER, str(settings.database_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as left, subprocess.Popen(command, **pipes) as right:
        for process in (left, right):
            assert process.stdout.readline() == "ready\n"
        for process in (left, right):
            process.stdin.write("\n")
            process.stdin.flush()
        sent = [
            [json.loads(line) for line in process.communicate(timeout=120)[0].splitlines()] for process in (left, right)
        ]
    assert all(sent), "one of the two had nothing to do: nothing was tried"
    # In the order in which they were sent, whoever sent them.
    together = [(recipient, number) for _, recipient, number in sorted(sent[0] + sent[1])]
    assert len(together) == len(recipients) * each
    for one in recipients:
        assert [number for recipient, number in together if recipient == one] == list(range(each))


@pytest.fixture
def before(tmp_path, monkeypatch):
    """A database as it was with two outboxes."""
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m014"))
        connections = open_database(tmp_path / "haln.db")
    yield connections
    connections.close()


def carried_over(before):
    before.close()
    return SQLiteOutboxStore(open_database(before.path))


def test_what_waits_in_both_outboxes_before_is_carried_over(before):
    due, later = "2026-03-02T10:00:00+00:00", "2026-03-02T11:30:00.250000+00:00"
    with before.write() as connection:
        connection.executemany(
            "INSERT INTO outbox (id, user_id, channel_id, payload, due_at, attempts) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (3, 7, None, '{"kind": "test", "introduction_id": "ä"}', later, 2),
                (5, 7, None, '{"kind": "test", "introduction_id": "b"}', due, 0),
                (6, None, 8, '{"kind": "test", "documents": ["d"], "by_title": true}', due, 1),
                (9, 10, None, '{"kind": "test"}', due, 0),
            ],
        )
        connection.execute("DELETE FROM outbox WHERE id = 9")
        connection.executemany(
            "INSERT INTO notices "
            "(kind, key, recipient, data, created_at, due_at, attempts, lease, leased_until, done_at) "
            "VALUES ('test', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ("said", None, "{}", due, due, 1, None, None, due),
                ("card-1", MODERATORS, '{"n": 1}', due, due, 3, "theirs", "2026-03-02T10:01:00.000+00:00", None),
                ("card-2", MODERATORS, '{"n": 2}', due, due, 0, None, None, None),
                ("news", "7", '{"n": 3}', due, due, 0, None, None, None),
            ],
        )
    outbox = carried_over(before)
    assert outbox.waiting() == 6
    assert [one.data for one in outbox.waiting_for("7")] == [
        {"introduction_id": "ä"},
        {"introduction_id": "b"},
        {"n": 3},
    ]
    # The first to member 7 is not due yet and was tried: it holds up the rest. The card is being sent by somebody.
    [reply] = outbox.take(("test",), NOW)
    assert (reply.nonce, reply.message.channel_id, reply.attempts) == ("haln-6", 8, 2)
    assert reply.message.data == {"documents": ["d"], "by_title": True}
    card, *_ = outbox.take(("test",), NOW + timedelta(minutes=2))
    assert (card.message.key, card.attempts) == ("card-1", 4)
    assert outbox.take(("test",), datetime(2026, 3, 2, 11, 30, tzinfo=UTC)) != []
    first = next(
        one for one in outbox.take(("test",), datetime(2026, 3, 2, 11, 31, tzinfo=UTC)) if one.message.recipient == "7"
    )
    assert (first.nonce, first.attempts) == ("haln-3", 3)
    # What was said is not said again, and no number is given out twice.
    assert outbox.add(message("said"), NOW) is False
    assert outbox.add(message(None, "new"), NOW)
    new = [one for one in outbox.take(("test",), NOW) if one.message.recipient == "new"]
    assert new[0].id > 9 + 4


def test_no_number_is_given_out_twice_where_nothing_waited(before):
    with before.write() as connection:
        connection.execute("INSERT INTO outbox (id, user_id, payload, due_at) VALUES (41, 7, '{}', '')")
        connection.execute("DELETE FROM outbox")
    outbox = carried_over(before)
    outbox.add(message(None), NOW)
    assert outbox.take(("test",), NOW)[0].nonce == "haln-42"


def test_a_new_database_begins_with_the_first_number_and_has_one_outbox(library, settings):
    with sqlite3.connect(settings.database_path) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert "outbox" in tables
    assert not {"notices", "old_outbox"} & tables
