"""What one of several processes does at a time, held by locks of the server."""

import pytest

from knowledge.storage.postgres import claims
from tests import postgres_server
from tests.contract.same import same_as
from tests.knowledge.storage import test_claims
from tests.knowledge.storage.test_claims import other, soon, two  # noqa: F401 - fixtures

globals().update(same_as(test_claims, but=("test_where_nothing_can_be_locked_the_work_is_done",)))


@pytest.mark.usefixtures("connections")
def test_a_connection_that_was_cut_is_made_anew_and_its_claims_are_asked_for_again(server, two):  # noqa: F811
    one, other = two  # noqa: F811
    assert one.claim("digests")
    postgres_server.run(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND pid IN "
        "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
    )
    assert soon(lambda: other.claim("digests"))
    assert not one.claim("digests")


@pytest.mark.usefixtures("connections")
def test_a_server_that_is_away_keeps_nobody_from_stopping(two, monkeypatch):  # noqa: F811
    one, _ = two
    assert one.claim("digests")
    assert one.claim("upkeep")
    one._session._connection.close()

    def away(*_, **__):
        pytest.fail("another connection is made to give a claim back")

    with monkeypatch.context() as patched:
        patched.setattr(claims.psycopg, "connect", away)
        one.close()
