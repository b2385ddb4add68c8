import pytest

from tests.knowledge.matching.people import Clock, open_peers


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def peers(tmp_path, clock):
    opened = open_peers(tmp_path / "data", clock)
    yield opened
    opened.library.close()
