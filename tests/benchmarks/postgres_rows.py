"""`python -m tests.benchmarks.postgres rows --chunks 1000000`: a library of that size on a server that loses nothing.

The library is that of `tests.benchmarks.growth`, made in the cache where it is not there, and moved to a server as
`haln migrate sqlite-to-postgres` does. Both stay in the cache (11 kB a chunk on the server): the second run measures
at once. What is measured of growth is measured here over the server; then what only a server does.
"""

import argparse
import json
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from knowledge.domain.library import Filters
from knowledge.domain.vocabulary import Nation
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from knowledge.storage.engines import open_connections
from knowledge.storage.transfer import transfer
from tests import postgres_server
from tests.benchmarks.growth.__main__ import MEASURES, measured
from tests.benchmarks.growth.filling import Filler
from tests.benchmarks.growth.process import settings_of

# As a server of 8 GB has them: nothing that was acknowledged is lost.
_SERVER = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "max_wal_size": "4GB",
}
TABLES = """
    SELECT relname, n_live_tup, pg_total_relation_size(relid), pg_relation_size(relid)
    FROM pg_stat_user_tables WHERE n_live_tup > 0 ORDER BY 3 DESC LIMIT 12
"""


def rows(options: argparse.Namespace) -> None:
    """Print what so many chunks cost on a server, by table and by act; the same goes to postgres.json in the cache."""
    size, cache = options.chunks, options.cache.resolve()
    folder = cache / f"growth-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    filler = Filler(folder)
    filler.fill(size)
    filler.library.close()
    kept = cache / "postgres.json"
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    with _served(cache, folder, size) as (data, figures):
        with closing(Library.open(settings_of(data), open_embedder)) as library:
            _print_sizes(library)
            _time(figures, _acts(library))
            figures |= measured(library, data, before.get(str(size)) if options.again else None)
            figures["disk"] = library.store.counts().bytes / 1e6
            for name, text in MEASURES.items():
                print(f"{text:<52} {figures[name]:9.3g}", flush=True)
            _time(figures, _verification(library))
            figures["most memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            print(f"most memory of this process, making and comparing the caches {figures['most memory, MB']:.0f} MB")
        kept.write_text(json.dumps({**before, str(size): figures}, indent=1), encoding="utf-8")


@contextmanager
def _served(cache: Path, folder: Path, size: int) -> Iterator[tuple[Path, dict[str, float]]]:
    """A data directory over a server that has the library of a folder, moved there if it was not."""
    programs = postgres_server.programs()
    assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
    data, figures = cache / f"postgres-{size}", dict[str, float]()
    data.mkdir(exist_ok=True)
    with postgres_server.running(programs, kept=cache / f"server-{size}", **_SERVER) as address:
        (data / "database").write_text(address, encoding="utf-8")
        if not (data / "moved").exists():
            shutil.copy(folder / "haln.key", data)
            file = Settings(data_dir=folder, starter_library=Switch.OFF)
            with closing(open_connections(file)) as one, closing(open_connections(settings_of(data))) as other:
                began, last = time.perf_counter(), [time.perf_counter()]

                def say(table: str, _: int) -> None:
                    if (took := time.perf_counter() - last[0]) > 1:
                        print(f"{table} moved in {took:.0f} s", flush=True)
                    last[0] = time.perf_counter()

                transfer(one, other, say)
                figures["moved"] = time.perf_counter() - began
                print(f"moved, its words indexed and compared in {figures['moved']:.0f} s", flush=True)
                with other.read() as connection:
                    connection.execute("VACUUM ANALYZE")  # as the server itself does, sooner or later
            (data / "moved").touch()
        yield data, figures


def _print_sizes(library: Library) -> None:
    print("| table | rows | bytes a row, with indexes | without |\n|---|---|---|---|")
    with library.questions._connections.read() as connection:
        for table, number, whole, bare in connection.execute(TABLES).fetchall():
            print(f"| {table} | {number} | {whole / number:.0f} | {bare / number:.0f} |")


def _acts(library: Library) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is done to a library, a name and the act; each leaves the library as it was but for a document."""
    store = library.store
    connections = library.questions._connections
    yield "asking for the version", store.version
    yield "counting, as `haln status`", store.counts
    for phrase in ("social value", "local employment", "mental health services"):
        yield f'the chunks that hold "{phrase}"', lambda phrase=phrase: store.phrase_scores(phrase)
    yield "the chunks that name Wales, by the store", lambda: store.lexical_search(["wales", "welsh"], 1000)
    yield "whether a word is there", lambda: store.holds_word("procurement")
    yield "the chunks that name a nation in the catalogue", lambda: store.chunk_ids(Filters(nation=Nation.WALES))
    yield "the vocabulary", store.vocabulary
    documents = [f"report-{number}" for number in range(11, 17)]
    yield "deleting a document", lambda: store.remove_document(documents.pop())
    yield "freeing what was deleted (VACUUM of all tables)", store.scrub
    with connections.read() as connection:
        tables = [row[0] for row in connection.execute(TABLES).fetchall()]
    for table in tables[:6]:
        yield f"VACUUM {table}", lambda table=table: _run(connections, f"VACUUM {table}")


def _verification(library: Library) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the parts of `haln index verify`."""
    yield "verify: rows and words of the database", lambda: _none(library.store.problems())
    yield "verify: vectors", lambda: _none(library.index.problems())
    yield "verify: words", lambda: _none(library.lexical.problems())


def _time(figures: dict[str, float], acts: Iterator[tuple[str, Callable[[], object]]]) -> None:
    for name, act in acts:
        began = time.perf_counter()
        act()
        figures[name] = time.perf_counter() - began
        print(f"{name:<52} {figures[name]:9.3f} s", flush=True)


def _none(problems: list[str]) -> None:
    # Of its documents the generator keeps no more than the title.
    found = [problem for problem in problems if "is not in its document" not in problem]
    assert found == [], found[:5]


def _run(connections, statement: str) -> None:
    with connections.read() as connection:
        connection.execute(statement)
