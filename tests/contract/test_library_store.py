"""What `LibraryStore` promises, on PostgreSQL: the tests of SQLite's store, but for those that look into its file."""

import pytest

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
