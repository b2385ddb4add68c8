"""`haln eval retrieval`: quality and speed of search on a test collection, in a library made for it and thrown away."""

import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.evaluation.metrics import mean, ndcg, percentile, recall, reciprocal_rank
from indexer.chunking import chunk_document
from indexer.pipeline import Indexer
from indexer.report import Progress, silent
from knowledge.domain.library import Document, Metadata, Section
from knowledge.errors import SourceError
from knowledge.library import Library
from knowledge.retrieval.embedder import Embedder
from knowledge.retrieval.ranking import Hit
from knowledge.retrieval.search import Mode
from knowledge.settings import Settings, Switch

LOCATION_PREFIX = "collection:"
# Several chunks of one document can be among the first; this many give 100 documents.
CHUNKS_RANKED = 400
_DEPTH = 100
# Encoding everything a second time only to know how long it takes would double the wait.
_RAW_SAMPLE = 1024
Rankings = dict[str, list[tuple[str, float]]]


class Collection(NamedTuple):
    """Documents, judged queries (id to text) and judgements (query id to document id to grade)."""

    name: str
    documents: list[Document]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


def read_collection(folder: Path) -> Collection:
    """Read a collection. Queries without a judgement are left out, as BEIR does.

    Raises:
        SourceError: A file is missing or not in the layout.
    """
    try:
        documents = [_document(row) for row in _rows(folder / "corpus.jsonl")]
        queries = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
        judgements: dict[str, dict[str, int]] = {}
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    except FileNotFoundError as error:
        raise SourceError(
            f"{error.filename} does not exist. A collection is a folder with corpus.jsonl, queries.jsonl and qrels.tsv."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{folder} is not in BEIR layout ({type(error).__name__}: {error}).") from None
    judged = {key: text for key, text in queries.items() if any(g > 0 for g in judgements.get(key, {}).values())}
    return Collection(folder.resolve().name, documents, judged, judgements)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _document(row: dict[str, object]) -> Document:
    title = _clean(row.get("title"))[:300]
    text = _clean(row.get("text")) or title
    return Document(
        location=f"{LOCATION_PREFIX}{row['_id']}",
        suggested_id=f"d{row['_id']}",
        metadata=Metadata(title=title),
        sections=(Section(text=text),) if text else (),
    )


def _clean(value: object) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(value or "")).strip()


def evaluate_retrieval(
    collection: Collection, settings: Settings, embedder: Embedder, progress: Progress = silent
) -> tuple[dict[str, object], Rankings]:
    """Return the figures of the contract and the hybrid's rankings (query id to (document id, score), best first).

    `raw_encode_seconds` is measured on an even sample of 1,024 chunks and scaled when there are more.
    """
    with tempfile.TemporaryDirectory(prefix="haln-eval-") as folder:
        own = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": None, "starter_library": Switch.OFF}
        )
        library = Library.open(own, lambda _: embedder)
        try:
            embedder.embed_documents(["The model is loaded before the clock starts."])
            started = time.perf_counter()
            Indexer(library, progress).store_documents(collection.documents, len(collection.documents))
            library.refresh_indexes()
            index_seconds = time.perf_counter() - started
            rankings, query_ms, embed_ms = _rank(library, collection)
            raw_seconds = _raw_encode_seconds(collection, own, embedder)
            chunks = library.store.counts().chunks
        finally:
            library.close()
    modes = {mode.value: _figures(rankings[mode], collection.judgements) for mode in Mode}
    figures: dict[str, object] = {
        "collection": collection.name,
        "documents": len(collection.documents),
        "chunks": chunks,
        "queries": len(collection.queries),
        **modes[Mode.HYBRID.value],
        "modes": modes,
        "index_seconds": round(index_seconds, 3),
        "raw_encode_seconds": round(raw_seconds, 3),
        "query_ms": {"p50": round(percentile(query_ms, 0.5), 2), "p95": round(percentile(query_ms, 0.95), 2)},
        "embed_ms": {"p50": round(percentile(embed_ms, 0.5), 2)},
        "peak_rss_mb": _peak_rss_mb(),
    }
    return figures, rankings[Mode.HYBRID]


def _rank(library: Library, collection: Collection) -> tuple[dict[Mode, Rankings], list[float], list[float]]:
    names = document_names(library)
    rankings: dict[Mode, Rankings] = {mode: {} for mode in Mode}
    query_ms, embed_ms = [], []
    for query_id, text in collection.queries.items():
        started = time.perf_counter()
        query = library.searcher.read(text)
        vector = library.searcher.embed(query)
        embedded = time.perf_counter()
        library.searcher.found(query, vector, library.settings.top_k)
        finished = time.perf_counter()
        embed_ms.append((embedded - started) * 1000)
        query_ms.append((finished - started) * 1000)
        for mode in Mode:
            hits = library.searcher.hits(query, vector, CHUNKS_RANKED, mode=mode)
            rankings[mode][query_id] = document_ranking(hits, names)
    return rankings, query_ms, embed_ms


def document_names(library: Library) -> dict[int, str]:
    """Return the collection's own document id of each chunk."""
    return {
        chunk.id: entry.location.removeprefix(LOCATION_PREFIX)
        for entry in library.store.each_document()
        for chunk in library.store.document_chunks(entry.id)
    }


def document_ranking(hits: Sequence[Hit], names: Mapping[int, str]) -> list[tuple[str, float]]:
    """Return the first 100 documents of ranked chunks, best first, each with the score of its best chunk."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(names[hit.chunk_id], hit.score)
    return list(best.items())[:_DEPTH]


def _figures(rankings: Rankings, judgements: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    runs = [([document for document, _ in ranking], judgements[query]) for query, ranking in rankings.items()]
    return {
        "ndcg@10": round(mean([ndcg(run, judged, 10) for run, judged in runs]), 4),
        "recall@10": round(mean([recall(run, judged, 10) for run, judged in runs]), 4),
        "recall@100": round(mean([recall(run, judged, 100) for run, judged in runs]), 4),
        "mrr@10": round(mean([reciprocal_rank(run, judged, 10) for run, judged in runs]), 4),
    }


def _raw_encode_seconds(collection: Collection, settings: Settings, embedder: Embedder) -> float:
    texts = [
        chunk.embedded_text
        for document in collection.documents
        for chunk in chunk_document(document, embedder, settings.chunk_tokens)
    ]
    step = max(1, len(texts) // _RAW_SAMPLE)
    sample = texts[::step]
    started = time.perf_counter()
    embedder.embed_documents(sample)
    return (time.perf_counter() - started) * len(texts) / max(1, len(sample))


def _peak_rss_mb() -> float:
    """Return the most memory this process has used, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def run_lines(rankings: Mapping[str, Sequence[tuple[str, float]]]) -> Iterator[str]:
    """Yield rankings in TREC form, a line each: query Q0 id rank score tag."""
    for query, ranking in rankings.items():
        for rank, (document, score) in enumerate(ranking, start=1):
            yield f"{query} Q0 {document} {rank} {score:.6f} haln"
