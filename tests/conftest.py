import contextlib
import gc
import itertools
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from indexer.pipeline import Indexer
from indexer.sandbox import sandbox
from indexer.sandbox.worker_process import WorkerProcess
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.library import Library
from knowledge.privacy import recognisers
from knowledge.privacy.name_model import open_name_model
from knowledge.settings import Settings, Switch
from knowledge.storage.sqlite import database, migrations
from knowledge.storage.sqlite.private_files import make_private_file
from tests.fakes import WordEmbedder

ROOT = Path(__file__).resolve().parent.parent
# A work tree elsewhere names the place itself.
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared"))


@pytest.hookimpl(trylast=True)  # what is deselected is gone by then
def pytest_collection_modifyitems(config, items):
    if not SHARED.is_dir():
        skip = pytest.mark.skip(reason="the maintainers' reference data are not here (../shared)")
        for item in items:
            if "shared" in item.keywords:
                item.add_marker(skip)
    if workers := getattr(config, "workerinput", {}).get("workercount"):
        sort_long_first(items, workers)


def sort_long_first(items, workers):
    """Sort tests so that each of several workers, which get a block each, begins with long ones.

    Those that load a model and those that are slow are dealt out, models first: by file, as most share what they made,
    or by `xdist_group`. What is short comes last, and is shared with the workers that are done earlier.
    """
    groups, blocks = {}, {}
    for item in items:
        if {"model", "slow"} & item.keywords.keys():
            mark = item.get_closest_marker("xdist_group")
            key = "model" not in item.keywords, str(item.path), mark.args if mark else ()
            groups.setdefault(key, []).append(item)
    for number, (_, group) in enumerate(sorted(groups.items())):
        blocks |= dict.fromkeys(group, number % workers)
    long, rest = set(blocks), (item for item in items if item not in blocks)
    for block in range(workers):
        # As xdist cuts them.
        room = len(items) * (block + 1) // workers - len(items) * block // workers
        room -= sum(blocks[item] == block for item in long)
        blocks |= dict.fromkeys(itertools.islice(rest, max(0, room)), block)
    items.sort(key=lambda item: (blocks.get(item, workers), item not in long))


def pytest_collection_finish():
    """All that is imported by now stays: looking through it for garbage again and again took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


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


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory):
    """A database with today's schema and nothing in it, as all the steps make it."""
    path = tmp_path_factory.mktemp("migrated") / "haln.db"
    assert database._made(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        migrations.migrate(connection)
        connection.execute("DELETE FROM hash_keys")  # each copy gets a key of its own
        connection.execute("COMMIT")
    return path


@pytest.fixture(autouse=True)
def _migrated_once(request, monkeypatch, migrated_database):
    """New databases are copies of one: the steps take longer than most tests. Tests of how one is made make it."""
    make, all_steps = database._made, migrations.STEPS

    def made(path):
        if migrations.STEPS is not all_steps:  # a test wants an earlier schema
            return make(path)
        begun = path.with_name(f"{path.name}-{threading.get_ident()}")
        make_private_file(begun)
        try:
            shutil.copyfile(migrated_database, begun)
            os.link(begun, path)
        except FileExistsError:
            return False
        finally:
            begun.unlink(missing_ok=True)
        return True

    if request.path.name not in {"test_migrations.py", "test_database_begun.py", "test_hash_key.py"}:
        monkeypatch.setattr(database, "_made", made)


@pytest.fixture(scope="session")
def indexed_starter(request, tmp_path_factory):
    """A data folder with the starter library as the models that come along embed it, made once for all workers.

    To be copied: nothing is written to it.
    """
    base = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        base = base.parent  # all workers' folders are in one
    folder, begun = base / "indexed-starter", base / "indexed-starter-begun"
    with FileLock(base / "indexed-starter.lock"):
        if not folder.exists():
            library = Library.open(Settings(data_dir=begun))
            Indexer(library).ensure_starter_library()
            library.close()
            begun.rename(folder)
    return folder


@pytest.fixture(scope="session")
def name_models():
    """Language models for names, loaded once for all tests."""
    lock, opened = threading.Lock(), {}

    def open_once(wanted):
        with lock:
            if wanted not in opened:
                opened[wanted] = open_name_model(wanted)
        if (find := opened[wanted]) is None:
            return None

        def find_alone(text):
            with lock:
                return find(text)

        return find_alone

    return open_once


@pytest.fixture(autouse=True)
def _names_model_loaded_once(request, monkeypatch, name_models):
    if request.path.parent.parts[-2:] != ("knowledge", "privacy"):  # those look at how it is loaded
        monkeypatch.setattr(recognisers, "open_name_model", name_models)


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
