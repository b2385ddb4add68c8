"""The model and the starter library, made once for all measurements."""

import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings


@pytest.fixture(scope="session")
def model():
    return open_embedder(Settings())


@pytest.fixture(scope="session")
def starter(model, tmp_path_factory):
    library = Library.open(Settings(data_dir=tmp_path_factory.mktemp("starter")), lambda _: model)
    Indexer(library).ensure_starter_library()
    yield library
    library.close()
