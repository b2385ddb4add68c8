"""Killed at any moment (`kill -9`), the next runs end with the same library as one that was left alone."""

import random
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from knowledge.library import Library
from tests.conftest import ROOT
from tests.fakes import WordEmbedder
from tests.indexer.makers import pdf, workbook
from tests.indexer.webserver import serving

# Tells what it is at, so that it can be killed in the middle of anything: reading, embedding, storing, studying.
RUN = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    import indexer.storer, indexer.enrichment.enrich
    from indexer.pipeline import Indexer
    from indexer.web.fetcher import Fetcher
    from knowledge.library import Library
    from knowledge.settings import Settings, Switch
    from tests.fakes import WordEmbedder

    indexer.storer.BATCH_CHUNKS = 6
    data, sources = Path(sys.argv[1]), sys.argv[2:]

    class Telling(WordEmbedder):
        def embed_documents(self, texts):
            print("embedding", flush=True)
            vectors = super().embed_documents(texts)
            print("embedded", flush=True)
            return vectors

    def told(done, total):
        print("stored", flush=True)

    def studying(*arguments, made=indexer.enrichment.enrich.sketch):
        print("studying", flush=True)
        return made(*arguments)

    indexer.enrichment.enrich.sketch = studying
    settings = Settings(
        data_dir=data, starter_library=Switch.OFF, chunk_tokens=60, web_private="on", web_delay_seconds=0.0
    )
    library = Library.open(settings, Telling)
    fetcher = Fetcher(settings)
    now = lambda: datetime(2026, 5, 1, tzinfo=UTC)
    report = Indexer(library, told, fetcher=fetcher, now=now).add(sources)
    assert not report.failed, report.failed
    print("done", flush=True)
    """
)
PAGE = (
    "<html><body><main><h1>Page {n}</h1><p>Page {n} says what page {n} says, and a bit more.</p></main></body></html>"
)
TABLES = {
    "documents": "id, location, title, kind, nation, sections, content_hash, studied, duplicate_of, starts",
    "chunks": "document_id, ordinal, title, headings, text, locator, embedding_hash",
    "embeddings": "hash, vector",
    "acronyms": "document_id, short, long, stated",
    "sources": "kind, address, depth, error",
    "source_documents": "location",
    "origins": "location, digest",
    "sketches": "hash, document_id",
    "proposals": "document_id, field, value, reason",
}


def content(data):
    connection = sqlite3.connect(data / "haln.db")
    rows = {
        table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
        for table, columns in TABLES.items()
    }
    connection.close()
    return rows


def start(data, sources):
    arguments = [sys.executable, "-c", RUN, str(data), *map(str, sources)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.fixture
def many(tmp_path):
    """A folder with several kinds of files, and a site with a sitemap."""
    folder = tmp_path / "many"
    folder.mkdir()
    places = ["Cardiff", "Leeds", "Belfast", "Fife"]
    for number in range(24):
        place = places[number % 4]
        text = " ".join(f"Sentence {n} of note {number} in {place} speaks of thing {n * number}." for n in range(14))
        (folder / f"note-{number:02}.md").write_text(
            f"# Note {number}\n\n{text}\n\n## More\n\nThe {place} Garden Trust (XGT{number}) ended.\n"
        )
    (folder / "copy.txt").write_text(
        " ".join(f"Sentence {n} of note 5 in Leeds speaks of thing {n * 5}." for n in range(14))
    )
    (folder / "report.pdf").write_bytes(
        pdf([[("text", f"Page {n} says that {n} orchards were planted.")] for n in range(6)])
    )
    (folder / "table.xlsx").write_bytes(workbook({"a": [["Name", "Number"], *([f"row {n}", n] for n in range(30))]}))
    (folder / "events.ics").write_text(
        "BEGIN:VCALENDAR\r\n"
        + "".join(
            f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:Talk {n}\r\nDTSTART:202606{n + 10}T100000Z\r\nEND:VEVENT\r\n"
            for n in range(5)
        )
        + "END:VCALENDAR\r\n"
    )
    with serving() as server:
        pages = [server.says(f"/page-{n}", PAGE.format(n=n)) for n in range(6)]
        locations = "".join(f"<url><loc>{page}</loc></url>" for page in pages)
        yield folder, server.says("/sitemap.xml", f"<urlset>{locations}</urlset>", media_type="text/xml")


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_library(tmp_path, many, settings):
    moments = random.Random(11)
    with start(tmp_path / "undisturbed", many) as process:
        steps = process.stdout.readlines()
    assert steps[-1] == "done\n"
    killed, kills = tmp_path / "killed", set()
    for _ in range(12):
        stop_after = moments.randrange(len(steps) // 2)
        with start(killed, many) as process:
            for seen, line in enumerate(process.stdout):
                if seen >= stop_after:
                    kills.add(line)
                    process.send_signal(signal.SIGKILL)
                    break
    assert len(kills) >= 3, "it was to be killed at different moments"
    library = Library.open(settings.model_copy(update={"data_dir": killed}), WordEmbedder)
    assert library.store.problems() == library.index.problems() == []
    library.close()
    with start(killed, many) as process:
        assert process.stdout.readlines()[-1] == "done\n"
    left, right = content(tmp_path / "undisturbed"), content(killed)
    for table, rows in left.items():
        assert len(rows) > 0 or table == "duplicates"
        assert right[table] == rows, table
    library = Library.open(settings.model_copy(update={"data_dir": killed}), WordEmbedder)
    assert library.store.problems() == library.index.problems() == []
    library.close()
