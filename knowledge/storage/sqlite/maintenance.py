"""Upkeep of the files: their size, full text, disagreements between tables, and which rows name somebody.

Functions over an open connection.
"""

import json
import sqlite3
from collections.abc import Iterator

from knowledge.storage.library_protocols import LibraryCounts

# Who reads an older state may take long; others must not wait for that to write.
_PATIENCE_MS = 1000
# Fewer free pages, of 4 kB, are soon used again.
_FREE_PAGES = 500
_PAGES_AT_A_TIME = 5000
_DOCUMENTS_AT_A_TIME = 500
FULL_TEXT = ("chunks_fts", "chunk_words")
# From this length on an id is no part of anything else by chance, so every text is searched for it.
LONG_ID = 15
# What columns that hold people are called. A short id is looked for in these alone: a "1" elsewhere is a count.
PEOPLE = {"member", "member_id", "user_id", "author_id", "recipient", "seeker", "other", "asker", "blocked_id"}


def counts(connection: sqlite3.Connection) -> LibraryCounts:
    """Return how much is in the library; the bytes of its database are left at 0."""
    library = connection.execute("SELECT generation, last_change FROM library").fetchone()
    kinds = connection.execute("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY kind").fetchall()

    def count(table: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    return LibraryCounts(
        documents=count("documents"),
        chunks=count("chunks"),
        embeddings=count("embeddings"),
        generation=library["generation"],
        bytes=0,
        by_kind={row[0]: row[1] for row in kinds},
        last_change=library["last_change"],
    )


def rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Make the full-text indexes anew from the chunks."""
    for index in FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def merge_full_text(connection: sqlite3.Connection) -> None:
    """Write the full-text indexes anew without the words of deleted text, whose old pages are overwritten.

    SQLite before 3.42 cannot delete words from an index at once: it notes that they are gone, and drops them when it
    merges the parts that hold them.
    """
    for index in FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def give_back(connection: sqlite3.Connection) -> None:
    """Cut free pages off the database's file where there are many; a few at a time, so that nobody waits long.

    Databases that were made before this was possible are written anew when they are opened.
    """
    if connection.in_transaction or connection.execute("PRAGMA freelist_count").fetchone()[0] <= _FREE_PAGES:
        return
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {min(patience, _PATIENCE_MS)}")
    try:
        # Not `execute`: that stops after the first page.
        connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_A_TIME})")
    except sqlite3.OperationalError:
        return  # somebody writes, or nobody can: another time
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def empty_log(connection: sqlite3.Connection) -> bool:
    """Move the write-ahead log into the database and cut it off; false where another reader still needs it."""
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {min(patience, _PATIENCE_MS)}")
    try:
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return busy == 0


# Each query gives a row for each difference, which the sentence names.
_CHECKS = (
    ("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'", "database: {}"),
    (
        'SELECT "table", "parent" FROM pragma_foreign_key_check WHERE "table" <> \'chunks\'',
        "{}: a row names something of {} that does not exist",
    ),
)
# The same, of rows alone. Not `NOT IN`: past its memory for a statement, a server would go through a whole table for
# each row of another.
CHECKS_OF_ROWS = (
    (
        "SELECT id FROM documents WHERE sections <> '[]' "
        "AND NOT EXISTS (SELECT 1 FROM chunks WHERE document_id = documents.id)",
        "document {} has no chunks",
    ),
    (
        "SELECT id, document_id FROM chunks "
        "WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.id = document_id)",
        "chunk {} belongs to no document (there is none with the id {})",
    ),
    (
        "SELECT id, document_id FROM chunks WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE hash = embedding_hash)",
        "chunk {} of document {} has no embedding",
    ),
    (
        "SELECT substr(hash, 1, 12) FROM embeddings "
        "WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE embedding_hash = hash)",
        "embedding {} belongs to no chunk",
    ),
    (
        "SELECT substr(hash, 1, 12) FROM embeddings WHERE length(vector) <> 4 * (SELECT dimension FROM library)",
        "embedding {} has the wrong length",
    ),
    (
        "SELECT chunks.id, documents.id FROM chunks JOIN documents ON documents.id = document_id "
        "WHERE chunks.title <> documents.title",
        "chunk {} has another title than its document {}",
    ),
    (
        "SELECT one.id, other.id FROM documents AS one JOIN documents AS other ON other.id = one.duplicate_of "
        "WHERE other.duplicate_of IS NOT NULL",
        "document {} is hidden behind {}, which is hidden too",
    ),
)


def problems(connection: sqlite3.Connection) -> list[str]:
    """Return every disagreement between documents, chunks, full text and embeddings, one line each."""
    found = [
        sentence.format(*row) for query, sentence in (*_CHECKS, *CHECKS_OF_ROWS) for row in connection.execute(query)
    ]
    found += texts_elsewhere(connection)
    for index in FULL_TEXT:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise  # busy, say: that is no disagreement
            found += _full_text(connection, index)
    return found


def texts_elsewhere(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield chunks whose text is in no section of their document under their headings."""
    last = ""
    while documents := connection.execute(
        "SELECT id, sections FROM documents WHERE id > ? ORDER BY id LIMIT ?", [last, _DOCUMENTS_AT_A_TIME]
    ).fetchall():
        first, last = documents[0]["id"], documents[-1]["id"]
        chunks: dict[str, list[sqlite3.Row]] = {}
        for row in connection.execute(
            "SELECT document_id, id, headings, text FROM chunks WHERE document_id BETWEEN ? AND ? ORDER BY id",
            [first, last],
        ):
            chunks.setdefault(row["document_id"], []).append(row)
        for document in documents:
            sections: dict[str, list[str]] = {}
            for section in json.loads(document["sections"]):
                sections.setdefault("\n".join(section["heading_path"]), []).append(section["text"])
            for row in chunks.get(document["id"], ()):
                if not any(row["text"] in text for text in sections.get(row["headings"], ())):
                    yield f"the text of chunk {row['id']} is not in its document {document['id']}"


def _full_text(connection: sqlite3.Connection, index: str) -> list[str]:
    """Return the chunks whose words in a full-text index are not those of their text."""
    general = f"the full text ({index}) does not agree with the chunks"
    definition: str = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [index]).fetchone()[0]
    options = [part for part in definition[definition.index("(") + 1 : -1].split(",") if "content" not in part]
    try:
        connection.execute(f"CREATE VIRTUAL TABLE temp.fresh USING fts5 ({','.join(options)})")
        connection.execute(
            "INSERT INTO temp.fresh (rowid, title, headings, text) SELECT id, title, headings, text FROM chunks"
        )
        connection.execute(f"CREATE VIRTUAL TABLE temp.held USING fts5vocab ('main', '{index}', 'instance')")
        connection.execute("CREATE VIRTUAL TABLE temp.wanted USING fts5vocab ('temp', 'fresh', 'instance')")
        rows = connection.execute(
            "SELECT DISTINCT doc FROM (SELECT * FROM (SELECT * FROM temp.held EXCEPT SELECT * FROM temp.wanted) "
            "UNION SELECT * FROM (SELECT * FROM temp.wanted EXCEPT SELECT * FROM temp.held)) ORDER BY doc"
        ).fetchall()
    except sqlite3.DatabaseError:
        return [general]  # too damaged to be read word by word
    finally:
        for table in ("held", "wanted", "fresh"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    return [f"{general}: chunk {row[0]}" for row in rows] or [general]


def naming(connection: sqlite3.Connection, person: str) -> dict[str, int]:
    """Return how many rows of each table hold an id.

    A long one is looked for anywhere within a text, a short one only where people are named.
    """
    found: dict[str, int] = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table.startswith((*FULL_TEXT, "sqlite_")):
            continue  # made from the tables that are looked through
        if len(person) >= LONG_ID:
            tests = [f'instr("{column}", ?1)' for column in text_columns(connection, table)]
        else:
            tests = [f'CAST("{column}" AS TEXT) = ?1' for column in columns_of_people(connection, table)]
        if not tests:
            continue
        count = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {" OR ".join(tests)}', [person]).fetchone()[0]
        if count:
            found[table] = int(count)
    return found


def columns_of_people(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table that hold ids of people: by their name, or because they point at a member."""
    rows = connection.execute("""SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = 'members'""", [table])
    known = PEOPLE | {row[0] for row in rows} | ({"id"} if table == "members" else set())
    return [column for column in text_columns(connection, table) if column in known]


def text_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table that may hold text."""
    rows = connection.execute("SELECT name FROM pragma_table_info(?) WHERE type <> 'BLOB'", [table])
    return [row[0] for row in rows]
