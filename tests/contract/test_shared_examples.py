"""Shared examples on PostgreSQL, from the draft to the library, by the tests of the room that uses their store."""

import pytest

from knowledge.errors import StorageError
from tests.contract.same import same_as
from tests.knowledge.examples import conftest, test_review, test_submissions

globals().update(same_as(conftest))
globals().update(
    same_as(test_review, but=("test_the_audit_is_append_only", "test_a_thousand_wait_and_the_queue_stays_usable"))
)
globals().update(same_as(test_submissions))


@pytest.mark.parametrize("change", ["UPDATE review_events SET role = 'admin'", "DELETE FROM review_events"])
def test_the_audit_cannot_be_changed(examples, connections, change):
    examples.share(conftest.AUTHOR, conftest.content())
    with pytest.raises(StorageError, match="append-only"), connections.write() as connection:
        connection.execute(change)
