"""Everything moved from one sort of database to the other and back: whole, once, and on again after a kill."""

import sqlite3

import numpy as np
import pytest
from pydantic import SecretStr

from bot.cli import run_command
from indexer.pipeline import Indexer, publisher
from knowledge.domain.outbox import Message
from knowledge.errors import StorageError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.retrieval import dense
from knowledge.settings import Settings, Switch
from knowledge.storage.engines import open_connections
from knowledge.storage.transfer import transfer
from tests.fakes import Clock, WordCheck, WordEmbedder, WordReader
from tests.knowledge.examples.conftest import AUTHOR, content
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add


@pytest.fixture
def of_file(tmp_path, settings):
    """The settings of the same data directory with everything in one file."""
    return settings.model_copy(update={"database_url": None})


@pytest.fixture
def filled_file(of_file, sources):
    """A file with a library, members who were introduced, an example, a question and a message that waits."""
    clock = Clock()
    library = Library.open(of_file, WordEmbedder)
    library.reader = WordReader()
    Indexer(library).add([str(sources)])
    Examples(library, publisher(library), WordCheck(), clock).share(AUTHOR, content())
    peers = Peers(library, clock)
    add(peers, "ann", WANTS_GARDEN)
    add(peers, "bob", GARDEN)
    peers.ask("ann", "bob", "Our lawn")
    library.servers.posts.save(post(), np.ones(4, dtype=np.float32), "m")
    library.outbox.add(Message(key="k", recipient="ann", kind="test", data={"text": "hello"}), clock())
    library.close()
    return of_file


def post():
    from knowledge.servers.types import Post

    return Post(thread_id=2**60, server_id=1, forum_id=5, author_id=7, title="Roofs")


def moved(source, target, progress=lambda *_: None):
    one, other = open_connections(source), open_connections(target)
    try:
        return transfer(one, other, progress)
    finally:
        one.close()
        other.close()


def found(settings):
    library = Library.open(settings, WordEmbedder)
    try:
        response = library.searcher.search("entry jobs for local residents", 5)
        waiting = [message.data for message in library.outbox.waiting_for("ann")]
        return [(one.document_id, one.score) for one in response.results], waiting, library.store.problems()
    finally:
        library.close()


def test_everything_moves_and_comes_back(tmp_path, settings, filled_file):
    before = found(filled_file)
    there = moved(filled_file, settings)
    counts = {table.name: table.rows for table in there}
    assert (counts["members"], counts["introductions"], counts["submissions"]) == (2, 1, 1)
    assert counts["outbox"] > 0
    assert found(settings) == before
    assert before[0][0][0] == "jobs"
    again = Settings(data_dir=tmp_path / "again", starter_library=Switch.OFF, chunk_tokens=60)
    again.data_dir.mkdir()
    (again.data_dir / "haln.key").write_bytes((settings.data_dir / "haln.key").read_bytes())
    back = moved(settings, again)
    assert [table for table in back if table.name != "flags"] == [table for table in there if table.name != "flags"]
    library = Library.open(again, WordEmbedder)
    assert library.store.problems() == []
    library.close()


def test_numbers_are_not_given_out_again(settings, filled_file):
    library = Library.open(filled_file, WordEmbedder)
    last = max(library.store.chunk_ids())
    library.store.remove_document("jobs")
    library.close()
    moved(filled_file, settings)
    library = Library.open(settings, WordEmbedder)
    Indexer(library).add([str(settings.data_dir.parent / "sources" / "jobs.md")])
    assert min(chunk.id for chunk in library.store.document_chunks("jobs-2")) > last
    library.close()


def test_what_was_cut_off_goes_on(settings, filled_file):
    class KilledError(Exception):
        pass

    copied = []

    def once(table, _):
        copied.append(table)
        if table == "members":
            raise KilledError

    with pytest.raises(KilledError):
        moved(filled_file, settings, once)
    first = list(copied)
    moved(filled_file, settings, lambda table, _: copied.append(table))
    assert len(copied) == len(set(copied))
    assert len(copied) > len(first)
    with pytest.raises(StorageError, match="something in that database already"):
        moved(filled_file, settings)


def test_nothing_of_what_is_there_is_replaced(settings, filled_file):
    """Also where it is in none of the large tables."""
    rows = {
        "registered_servers": "(id, registered_by, registered_at) VALUES (5, 'command', '2026')",
        "accounts": "(member_id, email, created_at, seen_at) VALUES ('web-a', 'a@example.org', '2026', '2026')",
        "sources": "(kind, address, depth, added_at) VALUES ('web', 'https://example.org', 0, '2026')",
    }
    for table, row in rows.items():
        target = open_connections(settings)
        with target.write() as connection:
            connection.execute(f"INSERT INTO {table} {row}")
        with pytest.raises(StorageError, match=rf"something in that database already \({table}\)"):
            moved(filled_file, settings)
        with target.write() as connection:
            connection.execute(f"DELETE FROM {table}")
        target.close()


def test_a_row_that_differs_afterwards_is_noticed(settings, filled_file):
    """Whoever wrote it: nothing is called moved that is not there as it was."""
    target = open_connections(settings)

    def alter(table, _):
        if table == "flags":  # the last one
            with target.write() as connection:
                connection.execute("UPDATE members SET active_at = '2031' WHERE id = 'ann'")

    with pytest.raises(StorageError, match="members is not the same in both databases"):
        moved(filled_file, settings, alter)
    target.close()


def test_nobody_writes_meanwhile(settings, filled_file):
    refused = []

    def write_too(table, _):
        if table == "members":
            connection = sqlite3.connect(filled_file.database_path, timeout=0.05)
            try:
                connection.execute("DELETE FROM members")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
            finally:
                connection.close()

    moved(filled_file, settings, write_too)
    assert refused == ["database is locked"]


def test_the_address_is_never_shown(tmp_path):
    secret = SecretStr("postgresql://haln:very-secret@127.0.0.1:1/haln?connect_timeout=2")
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        open_connections(Settings(data_dir=tmp_path / "d", database_url=secret))
    assert "very-secret" not in str(caught.value)


def test_the_command_leaves_nothing_to_be_made_by_whoever_asks_first(filled_file, settings, monkeypatch, capsys):
    monkeypatch.setattr(dense, "FLAT_MOST", 1)
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HALN_DATABASE_URL", settings.database_url.get_secret_value())
    assert run_command(["migrate", "sqlite-to-postgres"]) == 0
    assert "Their counts and checksums are the same in both." in capsys.readouterr().out
    connections = open_connections(settings)
    with connections.read() as connection:
        vectors = connection.execute("SELECT count(*) FROM chunk_vectors").fetchone()[0]
        assert vectors == connection.execute("SELECT count(*) FROM chunks").fetchone()[0] > 1
    connections.close()
    assert settings.lexical_index_path.exists()
