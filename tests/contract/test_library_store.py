"""What `LibraryStore` promises, on PostgreSQL: the tests of SQLite's store, but for those that look into its file."""

import pytest

from knowledge.domain.library import Filters, Measure
from knowledge.domain.vocabulary import Measured
from knowledge.storage.engines import open_connections
from knowledge.storage.sqlite import SQLiteStore, open_database
from tests.contract.same import same_as
from tests.knowledge.storage import test_library

OF_THE_FILE = (
    "store",
    "test_a_busy_database_is_not_called_damaged",
    "test_a_file_that_is_no_database_is_refused",
    "test_a_full_disk_is_said_and_nothing_is_lost",
    "test_a_newer_database_is_refused_untouched",
    "test_verification_names_what_is_wrong",
)
globals().update(same_as(test_library, but=OF_THE_FILE))


@pytest.fixture
def store(connections):
    from knowledge.storage.postgres.library import PostgresStore

    opened = PostgresStore(connections)
    opened.set_identity(test_library.IDENTITY)
    return opened


def test_verification_names_what_is_wrong(store, connections):
    test_library.save(store, test_library.prepared())
    with connections.write() as connection:
        connection.execute("UPDATE chunk_words SET length = 1 WHERE chunk_id = (SELECT min(chunk_id) FROM chunk_words)")
        connection.execute("UPDATE chunks SET text = 'other words' WHERE id = (SELECT max(id) FROM chunks)")
    first, second = (chunk.id for chunk in store.document_chunks("a"))
    words = "the full text (chunk_words) does not agree with the chunks: chunk"
    assert store.problems() == [
        f"the text of chunk {second} is not in its document a",
        f"{words} {first}",
        f"{words} {second}",
    ]
    store.rebuild_full_text()
    assert store.problems() == [f"the text of chunk {second} is not in its document a"]


def test_words_weigh_as_in_sqlite(store, tmp_path):
    """Titles, headings and texts; words in a row; accents, short words, signs and words in most chunks."""
    texts = (
        "The trust's staff cycle to work, and the trust pays.",
        "Cycling staff: 40 of them, in Ynys Môn. Café staff do not cycle.",
        "s t d: it's 2.5 per cent, says don't@example.org",
        "Nothing of that is here; heart attack units are.",
    )
    documents = [
        test_library.prepared(
            location=f"{n}",
            suggested_id=f"d{n}",
            texts=(text,),
            title=f"Cycle route {n}",
            measured=(Measure(indicator="Staff who cycle"),) if n == 1 else (),
        )
        for n, text in enumerate(texts)
    ]
    other = SQLiteStore(open_database(tmp_path / "haln.db"))
    other.set_identity(test_library.IDENTITY)
    for each in (store, other):
        test_library.save(each, *documents)
    for terms in (
        ["cycling"],
        ["staff", "cycles", "staff"],
        ["heart attack"],
        ["ynys mon", "cafes"],
        ["s", "it's", "2.5"],
        ["route 2", "trusts", "nobody"],
        ["…", ""],
    ):
        found, wanted = store.lexical_search(terms, 10), other.lexical_search(terms, 10)
        assert [one for one, _ in found.found] == [one for one, _ in wanted.found], terms
        assert [score for _, score in found.found] == pytest.approx([score for _, score in wanted.found], rel=1e-4)
        assert (found.mean, found.deviation) == pytest.approx((wanted.mean, wanted.deviation), rel=1e-4)
        assert store.document_frequencies(terms) == other.document_frequencies(terms)
    assert store.vocabulary() == other.vocabulary()
    assert store.phrase_scores("heart attack")[0].tolist() == other.phrase_scores("heart attack")[0].tolist()
    assert (store.holds_word("café"), store.holds_word("cafes")) == (True, False)
    measured = Filters(measured=Measured.INDICATOR)
    found, wanted = store.lexical_search(["staff"], 10, measured), other.lexical_search(["staff"], 10, measured)
    assert len(found.found) == 1
    assert (found.mean, found.deviation) == pytest.approx((wanted.mean, wanted.deviation), rel=1e-4)
    assert store.problems() == []
    other.close()


@pytest.fixture
def agree(store, connections):
    """Requires that what is told from the counts is what counting everything tells."""
    everything = "SELECT word, ndoc FROM ts_stat('SELECT written FROM chunk_words')"

    def agree():
        with connections.read() as connection:
            assert store.vocabulary() == {row[0]: row[1] for row in connection.execute(everything)}
            wanted = connection.execute("SELECT count(*), coalesce(sum(length), 0) FROM chunk_words").fetchone()
            assert tuple(connection.execute("SELECT chunks, words FROM chunk_word_totals").fetchone()) == tuple(wanted)

    return agree


def test_words_are_counted_as_they_come_and_go(store, agree):
    """And nothing is left of a deleted text."""
    test_library.save(store, test_library.prepared())
    test_library.save(
        store, test_library.prepared(location="2", suggested_id="b", texts=("Quixotic, quixotic staff.",))
    )
    agree()
    assert store.holds_word("quixotic")
    store.remove_document("b")
    agree()
    assert not store.holds_word("quixotic")
    store.rebuild_full_text()
    agree()


def test_only_tables_that_were_written_to_are_cleaned(store, connections, monkeypatch):
    """And those that follow them; after a process that ended before it came to it, all."""
    from knowledge.storage.postgres.statements import PostgresConnection

    cleaned, execute = [], PostgresConnection.execute
    monkeypatch.setattr(
        PostgresConnection,
        "execute",
        lambda self, statement, values=(): (
            cleaned.append(statement[7:].split(", ")) if statement.startswith("VACUUM") else None,
            execute(self, statement, values),
        )[1],
    )
    store.scrub()
    cleaned.clear()
    with connections.write() as connection:
        connection.execute("DELETE FROM documents WHERE id = 'nothing'")
    assert store.scrub()
    (found,) = cleaned
    assert {"documents", "chunks", "chunk_words", "document_arrivals", "changed_chunks"} <= set(found)
    assert not {"members", "questions", "outbox"} & set(found)
    store.set_flag(store.SCRUB_DUE, "of another process")
    assert store.scrub()
    assert {"members", "questions", "outbox"} <= set(cleaned[-1])
    assert store.flag(store.SCRUB_DUE) is None
    # And after one that noted its own over that of another, which may end before it comes to it.
    store.set_flag(store.SCRUB_DUE, "of another process")
    store.request_scrub()
    assert store.scrub()
    assert {"members", "questions", "outbox"} <= set(cleaned[-1])


def test_the_words_of_an_older_database_are_counted_when_it_is_opened(settings, store, connections, agree):
    test_library.save(store, test_library.prepared())
    known = store.vocabulary()
    with connections.write() as connection:
        connection.execute("DROP TABLE chunk_word_totals, written_words")
        connection.execute("DROP FUNCTION count_words CASCADE")
        connection.execute("CREATE INDEX chunk_words_by_word ON chunk_words USING gin (written)")
        connection.execute("DELETE FROM schema_steps WHERE name = 'm037'")
    open_connections(settings).close()
    assert store.vocabulary() == known != {}
    agree()
