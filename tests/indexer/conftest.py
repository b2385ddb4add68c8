"""A web server on the loopback, and an indexer that may go there."""

from datetime import UTC, datetime

import pytest

from indexer.pipeline import Indexer
from indexer.web.fetcher import Fetcher
from tests.indexer.webserver import serving

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def server():
    with serving() as started:
        yield started


@pytest.fixture
def index(library, server):
    """An indexer that may go to the loopback and waits for nothing."""
    library.settings = library.settings.model_copy(
        update={
            "web_private": f"127.0.0.1:{server.port}",
            "web_delay_seconds": 0.0,
            "web_max_pages": 20,
            "web_timeout_seconds": 5.0,
        }
    )

    def indexer(now=NOW):
        return Indexer(library, fetcher=Fetcher(library.settings, sleep=lambda _: None), now=lambda: now)

    return indexer
