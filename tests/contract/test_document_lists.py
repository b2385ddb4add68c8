"""What `DocumentLists` promises, on PostgreSQL; and a database from before the titles were kept in their order."""

from knowledge.storage.postgres.schema import STEPS, bring_up_to_date
from tests.contract.same import same_as
from tests.contract.test_library_store import store as store
from tests.knowledge.storage import test_library, test_listing

globals().update(same_as(test_listing, but=("store",)))


def test_the_titles_of_an_older_database_are_put_in_order(store, connections):
    test_library.save(store, test_library.prepared(title="ÉCLAIR"))
    names = [statement.split()[2] for statement in STEPS["m032"] if statement.startswith("CREATE INDEX")]
    with connections.write() as connection:
        for name in names:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("ALTER TABLE documents DROP COLUMN title_order")
        connection.execute("DELETE FROM schema_steps WHERE name = 'm032'")
        bring_up_to_date(connection)
        assert connection.execute("SELECT title_order FROM documents").fetchone()[0] == "éclair"
