import os
from pathlib import Path

import pytest

from indexer.pipeline import Indexer
from indexer.sandbox import sandbox
from indexer.sandbox.worker_process import WorkerProcess
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder

ROOT = Path(__file__).resolve().parent.parent
# A work tree elsewhere names the place itself.
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared"))


def pytest_collection_modifyitems(items):
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="the maintainers' reference data are not here (../shared)")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path):
    """No setting of the person who runs the tests reaches them, and nothing is written outside the test's folder."""
    for name in [name for name in os.environ if name.startswith("HALN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HALN_DATA_DIR", str(tmp_path / "data"))


class KeptProcess(WorkerProcess):
    """A reading process that goes on for the next test, whoever closes it."""

    def close(self):
        pass


@pytest.fixture(scope="session")
def reading_processes():
    """Processes that read the files of all tests, one for each set of limits: starting one takes longer than a test."""
    started = {}
    yield lambda limits: started.setdefault(limits, KeptProcess(limits))
    for process in started.values():
        WorkerProcess.close(process)


@pytest.fixture(autouse=True)
def _few_reading_processes(request, monkeypatch, reading_processes):
    if "sandbox" not in request.path.parts:  # those look at the process itself
        monkeypatch.setattr(sandbox, "WorkerProcess", reading_processes)


@pytest.fixture
def shared():
    return SHARED


@pytest.fixture
def settings(tmp_path):
    chosen = Settings(data_dir=tmp_path / "data", starter_library=Switch.OFF, chunk_tokens=60)
    # What these tests compare with a threshold are the fake's own cosines.
    SimilarityScales(chosen.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    return chosen


@pytest.fixture
def embedder():
    return WordEmbedder()


@pytest.fixture
def library(settings, embedder):
    opened = Library.open(settings, lambda _: embedder)
    yield opened
    opened.close()


@pytest.fixture
def sources(tmp_path):
    """A folder of three small documents."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "jobs.md").write_text(
        "---\ntitle: Jobs for local people\nkind: case_study\norganisation: Sample Hospital Trust\nnation: wales\n"
        "pillars: [employment]\n---\n\n"
        "The Sample Hospital Trust kept 40 entry jobs for local residents in 2022.\n\n"
        "## What happened\n\nRetention after one year was 90%. Managers reported fewer vacancies on the wards.\n\n"
        "## Advice to others\n\n- Start with the porters' vacancies.\n- Tell the job centre early.\n"
    )
    (folder / "food.txt").write_text(
        "Buying food nearby\n\nSample Council moved its kitchen contracts to growers within twenty miles.\n\n"
        "What was hard\n\nDelivery rounds were too small for the wholesalers, so schools shared one van.\n"
    )
    (folder / "green.md").write_text(
        "# Green roofs\n\nSample University planted roofs on six buildings.\n"
        "The roofs hold rain water and cool the rooms.\n"
    )
    return folder


@pytest.fixture
def filled(library, sources):
    Indexer(library).add([str(sources)])
    return library
