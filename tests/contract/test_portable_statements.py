"""Statements of the stores that run on both databases use no words that only SQLite knows. Needs no server."""

import re

import pytest

from tests.conftest import ROOT

# What is SQLite's alone: its file, its schema, its full text.
OF_SQLITE = {
    *("connection", "database", "erasure", "hash_key", "maintenance", "snapshot", "erasure_journal", "private_files"),
    "__init__",
}
FILES = [
    path
    for path in sorted(ROOT.glob("knowledge/**/storage/sqlite/*.py"))
    if not (path.parent.parent.parent.name == "knowledge" and path.stem in OF_SQLITE)
]
SAID_OTHERWISE = {
    r"\b(INSERT|UPDATE) OR (IGNORE|REPLACE|ABORT)\b": "ON CONFLICT ... DO NOTHING or DO UPDATE",
    r"\bPRAGMA\b|\bsqlite_master\b": "a method of the connections",
    r"\bGLOB\b|\bCOLLATE NOCASE\b|\biif\(|\blastrowid\b": "standard SQL, and RETURNING",
    r"\bWHERE 1\b": "WHERE true",
    r"\b(min|max)\((coalesce\(|0,)": "CASE",
    r"\bjson_tree\(": "json_each",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_statements_run_on_both(path):
    text = path.read_text()
    assert {
        found[0]: instead for said, instead in SAID_OTHERWISE.items() for found in [re.search(said, text)] if found
    } == {}


# The last word of an order that leaves nothing open: SQLite gives equal rows as they were written, a server as it finds
# them. Or nothing but that word is read.
UNIQUE = {
    *(
        "id",
        "ordinal",
        "name",
        "field",
        "form",
        "kind",
        "state",
        "doc",
        "document",
        "rowid",
        "ref",
        "visitor",
        "1",
        "2",
    ),
    *("member_id", "document_id", "chunk_id", "question_id", "thread_id", "channel_id", "message_id", "recipient"),
    *("day", "month", "published", "joined_at", "long"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_order_leaves_open_which_comes_first(path):
    orders = re.findall(r"ORDER BY\s+([\w.,() *]+?)(?:\s+LIMIT|\s*\"|\n|\s*\{|\)(?!,)|$)", path.read_text())
    last = {order.rpartition(",")[2].replace("DESC", "").strip().rpartition(".")[2] for order in orders}
    assert last - UNIQUE == set()
