"""Whoever looks at the database with Datasette sees no personal data: every table is public by choice, or closed."""

import json
import re
import sqlite3

from tests.conftest import ROOT

# What anybody may look at: the library's content, and SQLite's own tables.
PUBLIC = {"documents", "chunks", "acronyms", "document_ids", "_sqlite_migrations", "sqlite_sequence", "vocabulary"}
FULL_TEXT = re.compile(r"chunks_fts|chunk_words")


def test_every_table_is_public_by_choice_or_closed(library):
    described = json.loads((ROOT / "docs" / "datasette.json").read_text(encoding="utf-8"))["databases"]["haln"]
    closed = {name for name, table in described["tables"].items() if table.get("allow") is False}
    connection = sqlite3.connect(library.settings.database_path)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    open_ = {table for table in tables - closed if not FULL_TEXT.match(table)}
    assert open_ <= PUBLIC, "name each new table in docs/datasette.json: closed, or public here"
    assert described["allow_sql"] is False
