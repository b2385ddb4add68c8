"""A test collection in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from knowledge.domain.library import Document, Metadata, Section
from knowledge.errors import SourceError

LOCATION_PREFIX = "collection:"


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
