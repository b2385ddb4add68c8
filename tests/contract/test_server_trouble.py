"""Trouble with the server: it starts anew, lets nobody in, takes no writes, hangs. Who asks is answered or told why."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.calibration.gate import own_gate_path
from knowledge.errors import StorageBusyError
from knowledge.library import Library
from knowledge.storage.engines import open_connections
from knowledge.storage.postgres import pool
from knowledge.storage.postgres.errors import in_words
from tests import postgres_server
from tests.fakes import WORD_GATE, WordEmbedder, WordReader

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"
_OTHERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s"


@pytest.fixture
def database(settings):
    return settings.database_url.get_secret_value().split("?")[0].rpartition("/")[2]


@pytest.fixture
def library(settings, sources):
    opened = Library.open(settings, WordEmbedder)
    own_gate_path(settings.data_dir, WordReader.name).write_text(WORD_GATE.model_dump_json())
    opened.reader = WordReader()
    Indexer(opened).add([str(sources)])
    yield opened
    opened.close()


def test_nobody_is_failed_when_the_server_was_started_anew(server, database, connections):
    """Each connection of the pool was ended: whoever comes next gets a new one."""
    with ExitStack() as several:
        others = [several.enter_context(connections._pool.lent(connections.network)) for _ in range(3)]
        assert len({one.info.backend_pid for one in others}) == 3
    with psycopg.connect(server) as administrator:
        ended = administrator.execute(_OTHERS, [database]).fetchall()
    assert len(ended) == 3
    for _ in range(3):
        with connections.write() as connection:
            assert connection.execute("SELECT count(*) FROM library").fetchone()[0] == 1


def test_a_full_server_says_what_to_do(server, settings, connections):
    with ExitStack() as several:
        account = settings.database_url.get_secret_value()
        for _ in range(200):
            try:
                several.enter_context(psycopg.connect(account))
            except psycopg.OperationalError:
                break
        # Who has connections goes on.
        with connections.read() as connection:
            assert connection.execute("SELECT 1").fetchone()[0] == 1
        with pytest.raises(StorageBusyError, match=r"raise its max_connections.*docs/scale\.md"):
            open_connections(settings)


def test_a_server_that_takes_no_writes_is_asked_all_the_same(server, database, settings, library, caplog):
    """As it is after a failover to a standby: questions are answered, and what is to be kept of them waits."""
    postgres_server.run(server, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with psycopg.connect(server) as administrator:
        administrator.execute(_OTHERS, [database])
    other = Library.open(settings, WordEmbedder)
    other.reader = WordReader()
    answer = Assistant(other).ask(QUESTION)
    assert answer.citations[0].title == "Jobs for local people"
    with pytest.raises(StorageBusyError, match="takes no writes at present"), other.members.atomically():
        other.store.set_flag("a", "b")
    postgres_server.run(server, f"ALTER DATABASE {database} RESET default_transaction_read_only")
    with psycopg.connect(server) as administrator:
        administrator.execute(_OTHERS, [database])
    assert other.late_writes.finish(10)
    assert other.questions.logged(answer.question_id) is not None
    other.close()


def test_nothing_waits_for_ever(connections):
    with connections.read() as connection:
        limits = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("lock_timeout", "statement_timeout")]
        assert limits == ["30s", "10min"]
        connection.execute("SET statement_timeout = 20")
        with pytest.raises(StorageBusyError, match="statement timeout"), connections.read():
            connection.execute("SELECT pg_sleep(0.2)")
        with connection.any_time():
            assert connection.execute("SHOW statement_timeout").fetchone()[0] == "0"
        assert connection.execute("SHOW statement_timeout").fetchone()[0] == "20ms"
        connection.execute("SET statement_timeout = '10min'")


@pytest.mark.parametrize("words", ["sorry, too many clients already", "too many connections for role"])
def test_a_refused_connection_is_told_by_its_words(words):
    error = in_words(psycopg.OperationalError(f"connection failed: FATAL:  {words}\nsecond line"))
    assert isinstance(error, StorageBusyError)
    assert "second line" not in str(error)


def test_a_connection_is_looked_at_whatever_its_number():
    """`select` knows numbers up to 1,023 alone, and a bot for hundreds of networks has more files open."""
    resource = pytest.importorskip("resource")
    fcntl = pytest.importorskip("fcntl")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, hard), hard))
    one, other = socket.socketpair()
    high = fcntl.fcntl(one, fcntl.F_DUPFD, 1500)
    try:
        assert not pool.has_input(high)
        other.send(b"goodbye")
        assert pool.has_input(high)
    finally:
        os.close(high)
        one.close()
        other.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_a_server_that_isolates_otherwise_by_default_serialises_writers_all_the_same(
    server, database, settings, isolation
):
    """Whoever has waited for the lock of those who write alone has to see what the one before wrote."""
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(f"ALTER DATABASE {database} SET default_transaction_isolation TO '{isolation}'")
        administrator.execute(f"ALTER DATABASE {database} SET row_security TO off")
    both = [open_connections(settings) for _ in range(2)]

    def count(connections):
        for _ in range(10):
            with connections.write() as connection:
                [before] = connection.execute("SELECT coalesce(max(value), '0') FROM flags WHERE name = 'n'").fetchone()
                connection.execute(
                    "INSERT INTO flags (name, value) VALUES ('n', ?) ON CONFLICT (name) DO UPDATE SET value = "
                    "excluded.value",
                    [str(int(before) + 1)],
                )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, both))
    with both[0].read() as connection:
        assert connection.execute("SELECT value FROM flags WHERE name = 'n'").fetchone()[0] == "20"
    for connections in both:
        connections.close()
