"""PostgreSQL beside SQLite: what is found, what it costs, how large rows are, and what pgvector's index would change.

python -m tests.benchmarks.postgres quality COLLECTION ...   nDCG@10 of both, the libraries built or given by --library
python -m tests.benchmarks.postgres rows --chunks NUMBER     so many chunks on a server: see `postgres_rows`
python -m tests.benchmarks.postgres dense LIBRARY QUERIES    pgvector's HNSW beside the own index: recall, ms, bytes

A server of its own is started for each run; but for `rows` it forgets faster than a real one, so that nothing of it is
about writing.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from pydantic import SecretStr

from bot.evaluation.metrics import ndcg
from bot.evaluation.retrieval import document_names, document_ranking, read_collection
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.retrieval.ranking import LEXICAL_CANDIDATES, Hit
from knowledge.settings import Settings, Switch
from knowledge.storage.engines import open_connections
from knowledge.storage.transfer import transfer
from tests import postgres_server
from tests.benchmarks import postgres_rows
from tests.benchmarks.quality.libraries import built
from tests.benchmarks.quality.rows import product
from tests.cached_models import CachedEmbedder
from tests.conftest import ROOT
from tests.fakes import WordEmbedder

_QUERIES = 150


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.postgres", description=__doc__)
    parser.add_argument("what", choices=["quality", "rows", "dense"])
    parser.add_argument("arguments", nargs="*")
    parser.add_argument("--chunks", type=int, default=10_000, help="of `rows`")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="where libraries and servers are kept")
    parser.add_argument("--library", action="append", default=[], help="an indexed data directory, one a collection")
    parser.add_argument("--queries", type=int, default=10_000, help="of each collection so many, evenly spread")
    parser.add_argument("--again", action="store_true", help="of `rows`: search the indexes of last time")
    options = parser.parse_args()
    {"quality": quality, "rows": postgres_rows.rows, "dense": dense}[options.what](options)


@contextmanager
def moved(folder: Path) -> Iterator[tuple[Settings, Settings]]:
    """A copy of a data directory, and the same on a server: the settings of both."""
    programs = postgres_server.programs()
    assert programs is not None, "no PostgreSQL that can be started: the dev extra brings one"
    with postgres_server.running(programs) as address, tempfile.TemporaryDirectory() as name:
        own = Path(name) / "data"
        shutil.copytree(folder, own, ignore=shutil.ignore_patterns("*-shm", "*-wal"))
        file = Settings(data_dir=own, starter_library=Switch.OFF)
        server = file.model_copy(update={"database_url": SecretStr(address), "data_dir": Path(name) / "server"})
        server.data_dir.mkdir()
        shutil.copy(own / "haln.key", server.data_dir)
        with closing(open_connections(file)) as one, closing(open_connections(server)) as other:
            began = time.perf_counter()
            transfer(one, other)
            print(f"moved in {time.perf_counter() - began:.0f} s")
            with other.read() as connection:
                connection.execute("ANALYZE")
        yield file, server


def quality(options: argparse.Namespace) -> None:
    """Print a line a collection: what the assistant finds over both, and what the full text of each finds alone."""
    embedder = CachedEmbedder(open_embedder(Settings.from_environment()))
    print("| collection | SQLite | PostgreSQL | FTS5 alone | text search alone | asking for the version, ms |")
    print("|---|---|---|---|---|---|")
    for place, name in enumerate(options.arguments):
        collection = read_collection(Path(name))
        folder = Path(options.library[place]) if options.library else _built(collection, embedder)
        with moved(folder) as (file, server):
            step = -(-len(collection.queries) // options.queries)
            queries = dict(list(collection.queries.items())[::step])
            found = [_measured(collection, queries, settings, embedder) for settings in (file, server)]
        (hybrid, words, _), (other, others, version) = found
        print(f"| {collection.name} | {hybrid:.4f} | {other:.4f} | {words:.4f} | {others:.4f} | {version:.2f} |")


def _built(collection, embedder) -> Path:
    with built(collection, Settings.from_environment(), embedder, ROOT / ".bench") as library:
        return library.settings.data_dir


def _measured(collection, queries, settings, embedder) -> tuple[float, float, float]:
    """nDCG@10 of what the assistant finds and of the store's full text, and the milliseconds to ask for the version."""
    with closing(Library.open(settings, lambda _: embedder, make_reranker=lambda _: None)) as library:
        names, hybrid, words = document_names(library), [], []

        class Setup:
            """What a row of the table of quality is ranked with."""

        Setup.library = library
        for query, text in queries.items():
            judged = collection.judgements[query]
            hybrid.append(ndcg([one for one, _ in document_ranking(product(Setup, text), names)], judged, 10))
            read = library.searcher.read(text)
            found = library.store.lexical_search(read.terms + read.phrases, LEXICAL_CANDIDATES).found
            hits = [Hit(chunk, score, 0.0, score) for chunk, score in found]
            words.append(ndcg([one for one, _ in document_ranking(hits, names)], judged, 10))
        return statistics.mean(hybrid), statistics.mean(words), _median(library.store.version, 300)


def _median(work, times: int) -> float:
    """Return the median of so many runs, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return 1000 * statistics.median(taken)


def dense(options: argparse.Namespace) -> None:
    """Print pgvector's HNSW on half precision beside the own index of the same vectors."""
    import psycopg

    folder, queries = Path(options.arguments[0]), np.load(options.arguments[1])[:_QUERIES]
    programs = postgres_server.programs()
    assert programs is not None
    with closing(Library.open(Settings(data_dir=folder, starter_library=Switch.OFF), WordEmbedder)) as library:
        with library.questions._connections.read() as connection:
            ids = np.array([row[0] for row in connection.execute("SELECT id FROM chunks ORDER BY id")])
        ids, vectors = library.store.embeddings(ids)
    exact = [set(ids[np.argsort(-(vectors @ query), kind="stable")[:10]].tolist()) for query in queries]
    with postgres_server.running(programs) as address, psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute(f"CREATE TABLE v (id bigint PRIMARY KEY, e halfvec({vectors.shape[1]}) NOT NULL)")
        with connection.cursor().copy("COPY v FROM STDIN") as copy:
            for key, vector in zip(ids.tolist(), vectors, strict=True):
                copy.write_row((key, _text(vector)))
        connection.execute("ANALYZE v")
        print("| | recall@10 | ms | MB |\n|---|---|---|---|")
        print(f"| exact, by the server | {_asked(connection, queries, exact)} | {_size(connection, 'v')} |")
        connection.execute("SET maintenance_work_mem = '1GB'")
        began = time.perf_counter()
        connection.execute("CREATE INDEX v_e ON v USING hnsw (e halfvec_ip_ops) WITH (m = 16, ef_construction = 64)")
        print(f"built in {time.perf_counter() - began:.0f} s")
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET hnsw.iterative_scan = strict_order")
        for ef in (40, 100, 200, 400):
            connection.execute(f"SET hnsw.ef_search = {ef}")
            print(f"| HNSW, ef {ef} | {_asked(connection, queries, exact)} | {_size(connection, 'v_e')} |")


def _text(vector) -> str:
    return "[" + ",".join(f"{value:.5f}" for value in vector.tolist()) + "]"


def _asked(connection, queries, exact) -> str:
    found, taken = [], []
    for query, right in zip(queries, exact, strict=True):
        began = time.perf_counter()
        asked = connection.execute("SELECT id FROM v ORDER BY e <#> %s::halfvec LIMIT 10", [_text(query)], binary=True)
        found.append(len({row[0] for row in asked.fetchall()} & right) / 10)
        taken.append(time.perf_counter() - began)
    return f"{statistics.mean(found):.3f} | {1000 * statistics.median(taken):.1f}"


def _size(connection, name: str) -> str:
    return f"{connection.execute('SELECT pg_total_relation_size(%s::regclass)', [name]).fetchone()[0] / 1e6:.0f}"


if __name__ == "__main__":
    main()
