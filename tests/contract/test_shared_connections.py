"""Connections that a process's networks share: few for hundreds of them, and never two networks' at a time."""

import random
import threading
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

import psycopg
import pytest

from knowledge.domain.outbox import Message
from knowledge.errors import HalnError
from knowledge.library import Library, open_stores
from knowledge.networks.directory import add_network
from knowledge.storage.postgres import row_security
from knowledge.storage.postgres.connection import PostgresConnections
from knowledge.storage.postgres.row_security import schema_of
from tests.fakes import Clock, WordEmbedder

MOST, NAMES = 3, [f"n{number}" for number in range(12)]
_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_WHOSE = "SELECT current_setting('haln.network'), current_schema()"


@pytest.fixture
def address(new_address):
    return new_address()


@pytest.fixture
def networks(address, tmp_path):
    """The connections of the first network and of twelve beside it, each with a table that holds its name."""
    with ExitStack() as opened:
        first = PostgresConnections(address, tmp_path / "haln.db", most=MOST)
        opened.callback(first.close)
        found = {}
        for name in NAMES:
            found[name] = PostgresConnections(address, tmp_path / "haln.db", name, beside=first)
            with found[name].write() as connection:
                row_security.make_schema(connection.raw, name)
                connection.execute("CREATE TABLE notes (text TEXT)")
                connection.execute("INSERT INTO notes VALUES (?)", [name])
                found[name].protect(connection)
        yield {"main": first, **found}


def count_of(address):
    with psycopg.connect(address) as connection:
        return connection.execute(_OPEN).fetchone()[0]


def whose(connection):
    return tuple(connection.raw.execute(_WHOSE).fetchone())


def test_few_connections_serve_all_networks_and_each_thread_sees_its_own_alone(address, networks):
    wrong, most_open = [], []

    def work(choose):
        try:
            for _ in range(80):
                name, other = choose.sample(NAMES, 2)
                with networks[name].read() as connection:
                    rows = connection.execute("SELECT text FROM notes").fetchall()
                    named = connection.execute(f'SELECT count(*) FROM "{schema_of(other)}".notes').fetchone()[0]
                    if [tuple(row) for row in rows] != [(name,)] or named or whose(connection)[0] != name:
                        wrong.append((name, rows, named))
            most_open.append(count_of(address))
        except Exception as error:  # noqa: BLE001 - shown below
            wrong.append(error)

    threads = [threading.Thread(target=work, args=[random.Random(seed)]) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert max(most_open) <= MOST + len(threads)  # with those that count
    assert count_of(address) <= MOST


def test_who_works_in_two_networks_at_once_has_a_connection_of_each(networks):
    one, other = networks["n1"], networks["n2"]
    with one.read() as first, other.read() as second, one.read() as again:
        assert again is first
        assert first.raw is not second.raw
        assert (whose(first), whose(second)) == (("n1", "haln_n1"), ("n2", "haln_n2"))
    with networks["main"].read() as connection:
        assert whose(connection) == ("main", "public")
        assert connection.execute("SELECT count(*) FROM haln_n1.notes").fetchone()[0] == 0


def test_what_is_undone_or_fails_leaves_nobody_in_another_network(networks, monkeypatch):
    for name in ("n1", "n2", "n1"):
        with suppress(ZeroDivisionError), networks[name].write() as connection:
            connection.execute("INSERT INTO notes VALUES ('more')")
            raise ZeroDivisionError
        with networks[name].read() as connection:
            assert whose(connection) == (name, f"haln_{name}")
            assert connection.execute("SELECT count(*) FROM notes").fetchone()[0] == 1
    with monkeypatch.context() as patched:
        patched.setattr(row_security, "_ENTER", "SELECT set_config('haln.network', %s, %s), 1 / length(%s), %s")
        patched.setattr(row_security.BoundConnection, "path_of", lambda *_: "")
        with pytest.raises(HalnError), networks["n2"].read():
            pytest.fail("a connection was lent that is not the network's")
    for name in ("n1", "n2"):
        with networks[name].read() as connection:
            assert whose(connection) == (name, f"haln_{name}")


def test_all_networks_are_asked_at_once_each_as_itself(networks):
    first = networks["main"]
    with networks["n7"].write() as connection:
        connection.execute("INSERT INTO notes VALUES ('due')")
    query, names = "SELECT 1 FROM notes WHERE text = ?", NAMES * 5  # more than are asked at once
    assert first.networks_with(names, query, ["due"]) == ["n7"] * 5
    everything = "SELECT 1 FROM (SELECT text FROM haln_n7.notes) AS theirs WHERE text = ?"
    assert first.networks_with(names, everything, ["due"]) == ["n7"] * 5
    with first.read() as connection:  # and the connection is the first network's again
        assert whose(connection) == ("main", "public")
    # Of which one is gone, it is not known: whoever looks there finds out.
    for _ in range(MOST + 1):
        assert first.networks_with([*NAMES, "gone"], query, ["due"]) == [*NAMES, "gone"]
    assert first.networks_with(names, query, ["due"]) == ["n7"] * 5
    with first.read() as connection:
        assert whose(connection) == ("main", "public")


@contextmanager
def closing_libraries(*libraries):
    try:
        yield
    finally:
        for library in reversed(libraries):
            library.close()


def test_a_bot_for_several_networks_holds_two_connections_and_knows_where_messages_are_due(settings):
    now, address = Clock()(), settings.database_url.get_secret_value()
    add_network(settings, "wales", "Anchors Wales", now)
    first = Library.open(settings, WordEmbedder)
    welsh = first.beside(settings.for_network("wales"))
    with closing_libraries(first, welsh):
        networks = ["main", "wales"]
        assert first.outbox.networks_with_due(networks, now) == []
        welsh.outbox.add(Message(key="1", recipient="ann", kind="test", data={}), now)
        tomorrow = (now + timedelta(days=1)).isoformat()
        first.outbox.add(Message(key="2", recipient="ann", kind="test", data={}, not_before=tomorrow), now)
        for library in (first, welsh):
            assert library.outbox.networks_with_due(networks, now) == ["wales"]
            assert library.claims.claim("digests")
            library.store.counts()
        (taken,) = welsh.outbox.take(["test"], now)
        assert first.outbox.networks_with_due(networks, now) == ["wales"]  # it may be of a process that has ended
        welsh.outbox.delivered(taken, now)
        assert first.outbox.networks_with_due(networks, now) == []
        # What it claims for both is on one of the two, and another process has none of it.
        assert count_of(address) == 2
        beside = open_stores(settings)
        other = open_stores(settings.for_network("wales"), beside)
        for stores in (beside, other):
            assert [stores.claims.claim(name) for name in ("digests", "upkeep")] == [False, True]
        assert count_of(address) == 4
        beside.library.close()
        beside.claims.close()
    assert count_of(address) == 0
