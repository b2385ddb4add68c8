"""Whether the library's parts agree, each difference named. Functions over an open connection."""

import json
import sqlite3
from collections.abc import Iterator

from knowledge.storage.sqlite.maintenance import FULL_TEXT

# Each query gives a row for each difference, which the sentence names.
_CHECKS = (
    ("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'", "database: {}"),
    (
        'SELECT "table", "parent" FROM pragma_foreign_key_check WHERE "table" <> \'chunks\'',
        "{}: a row names something of {} that does not exist",
    ),
    (
        "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM chunks) AND sections <> '[]'",
        "document {} has no chunks",
    ),
    (
        "SELECT id, document_id FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)",
        "chunk {} belongs to no document (there is none with the id {})",
    ),
    (
        "SELECT id, document_id FROM chunks WHERE embedding_hash NOT IN (SELECT hash FROM embeddings)",
        "chunk {} of document {} has no embedding",
    ),
    (
        "SELECT substr(hash, 1, 12) FROM embeddings WHERE hash NOT IN (SELECT embedding_hash FROM chunks)",
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
    """Every disagreement between documents, chunks, full text and embeddings, one line each."""
    found = [sentence.format(*row) for query, sentence in _CHECKS for row in connection.execute(query)]
    found += _texts(connection)
    for index in FULL_TEXT:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise  # busy, say: that is no disagreement
            found += _full_text(connection, index)
    return found


def _texts(connection: sqlite3.Connection) -> Iterator[str]:
    """Chunks whose text is in no section of their document under their headings."""
    for document in connection.execute("SELECT id, sections FROM documents ORDER BY id"):
        sections: dict[str, list[str]] = {}
        for section in json.loads(document["sections"]):
            sections.setdefault("\n".join(section["heading_path"]), []).append(section["text"])
        rows = connection.execute("SELECT id, headings, text FROM chunks WHERE document_id = ?", [document["id"]])
        for row in rows:
            if not any(row["text"] in text for text in sections.get(row["headings"], ())):
                yield f"the text of chunk {row['id']} is not in its document {document['id']}"


def _full_text(connection: sqlite3.Connection, index: str) -> list[str]:
    """The chunks whose words in a full-text index are not those of their text."""
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
