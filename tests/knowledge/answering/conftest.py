import pytest

from knowledge.calibration.gate import own_gate_path
from tests.fakes import WORD_GATE, WordReader


@pytest.fixture
def reader():
    return WordReader()


@pytest.fixture
def library(library, reader):
    """A library whose passages are read by their words, with a gate of its own that fits."""
    library.reader = reader
    own_gate_path(library.settings.data_dir, reader.name).write_text(WORD_GATE.model_dump_json())
    return library
