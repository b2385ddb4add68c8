"""The model and the starter library, made once for all measurements."""

import shutil
from pathlib import Path

import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.cached_models import CachedReader


@pytest.fixture(scope="session")
def model():
    return open_embedder(Settings())


@pytest.fixture(scope="session")
def starter(model, indexed_starter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("starter") / "data"
    shutil.copytree(indexed_starter, folder)
    library = Library.open(Settings(data_dir=folder), lambda _: model)
    library.reader = CachedReader(library.reader)  # measuring searches and asks: read each passage once
    assert Indexer(library).ensure_starter_library() is None  # it is all there
    yield library
    library.close()


@pytest.fixture(scope="session")
def sample(model, tmp_path_factory):
    """The library of the ten sample documents."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("sample"), starter_library=Switch.OFF)
    library = Library.open(settings, lambda _: model)
    library.reader = CachedReader(library.reader)  # measuring searches and asks: read each passage once
    Indexer(library).add([str(Path(__file__).parent / "documents")])
    yield library
    library.close()
