"""Several processes on one library: readers see what others write, and an acknowledged write survives `kill -9`."""

import random
import signal
import subprocess
import sys
import textwrap

import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from tests.conftest import ROOT
from tests.fakes import WordEmbedder

WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from indexer.pipeline import Indexer
    from indexer.sandbox import sandbox
    from knowledge.library import Library
    from knowledge.settings import Settings, Switch
    from tests.fakes import WordEmbedder

    # One process reads all its files: starting one for each takes longer than everything else.
    class Reading(sandbox.WorkerProcess):
        def close(self):
            pass

    reading = {}
    sandbox.WorkerProcess = lambda limits: reading.setdefault(limits, Reading(limits))
    data, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    library = Library.open(Settings(data_dir=data, starter_library=Switch.OFF, chunk_tokens=60), WordEmbedder)
    folder = data.parent / name
    folder.mkdir(exist_ok=True)
    for number in range(count):
        path = folder / f"{name}-{number}.txt"
        path.write_text(f"Note {number} of writer {name} speaks about the number {number} and nothing else.")
        report = Indexer(library).add([str(path)])
        assert report.added + report.unchanged == 1, report
        print(number, flush=True)
    for process in reading.values():
        super(Reading, process).close()
    """
)


def writer(data, name, count):
    arguments = [sys.executable, "-c", WRITER, str(data), name, str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_an_open_reader_sees_what_another_process_adds(library):
    assert library.searcher.search("writer", 5).results == ()
    with writer(library.settings.data_dir, "other", 3) as process:
        process.communicate(timeout=120)
    assert process.returncode == 0
    found = {result.document_id for result in library.searcher.search("note of writer other", 5).results}
    assert found == {"other-0", "other-1", "other-2"}


def test_two_writers_at_once_lose_nothing(library):
    with writer(library.settings.data_dir, "left", 15) as left, writer(library.settings.data_dir, "right", 15) as right:
        left.communicate(timeout=120)
        right.communicate(timeout=120)
    assert (left.returncode, right.returncode) == (0, 0)
    expected = {f"{name}-{number}" for name in ("left", "right") for number in range(15)}
    assert {document.id for document in library.store.documents()} == expected
    assert library.store.problems() == library.index.problems() == []


@pytest.mark.slow
def test_acknowledged_writes_survive_kill_9(settings):
    """Kill a writer at random moments; all it acknowledged is there, the parts agree, and the next one goes on."""
    moments = random.Random(7)
    for round_number in range(12):
        acknowledged = []
        stop_after = moments.randrange(0, 25)
        with writer(settings.data_dir, f"round{round_number}", 400) as process:
            for line in process.stdout:
                acknowledged.append(int(line))
                if len(acknowledged) > stop_after:
                    break
            process.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in process.stdout]
        library = Library.open(settings, WordEmbedder)
        stored = {document.id for document in library.store.documents()}
        assert {f"round{round_number}-{number}" for number in acknowledged} <= stored
        assert library.store.problems() == library.index.problems() == []
        library.close()


@pytest.mark.slow
def test_an_indexing_run_that_is_killed_goes_on_where_it_was(settings, tmp_path, monkeypatch):
    sources = tmp_path / "many"
    sources.mkdir()
    for number in range(40):
        (sources / f"n{number}.txt").write_text(f"Document {number} is about the number {number} and its neighbours.")
    killed = tmp_path / "killed"

    class Dying(WordEmbedder):
        def embed_documents(self, texts):
            if len(self.embedded) > 15:
                raise KeyboardInterrupt
            return super().embed_documents(texts)

    monkeypatch.setattr("indexer.storer.BATCH_CHUNKS", 8)
    first = Library.open(settings.model_copy(update={"data_dir": killed}), Dying)
    with pytest.raises(KeyboardInterrupt):
        Indexer(first).add([str(sources)])
    assert 0 < first.store.counts().documents < 40
    first.close()
    second = Library.open(settings.model_copy(update={"data_dir": killed}), WordEmbedder)
    report = Indexer(second).add([str(sources)])
    assert report.unchanged > 0
    assert report.added + report.unchanged == 40
    undisturbed = Library.open(settings, WordEmbedder)
    Indexer(undisturbed).add([str(sources)])
    for one in undisturbed.store.documents():
        same = second.store.document(one.id)
        assert (same.content_hash, same.metadata) == (one.content_hash, one.metadata)
        texts = [chunk.text for chunk in second.store.document_chunks(one.id)]
        assert texts == [chunk.text for chunk in undisturbed.store.document_chunks(one.id)]
    assert second.store.problems() == second.index.problems() == []
    second.close()
    undisturbed.close()
