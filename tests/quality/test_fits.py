"""The next event and what others measured, with the real model: figures that may not fall."""

import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.quality.fits import EVENTS, event_cases, figures, indicator_cases

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def calendar(model, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("events"), starter_library=Switch.OFF)
    library = Library.open(settings, lambda _: model)
    Indexer(library).add([str(EVENTS)])
    yield library
    library.close()


def test_the_next_event_is_about_what_is_asked(calendar):
    found = figures(event_cases(calendar), "test")
    assert found.precision >= 0.95
    assert found.found >= 0.9
    assert found.silent == 1


def test_what_others_measured_is_from_work_like_the_project(starter):
    found = figures(indicator_cases(starter), "test")
    assert found.precision >= 0.72
    assert found.found >= 0.8
    assert found.silent == 1
