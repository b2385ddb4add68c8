"""The places of a data folder in which texts and vectors are held: what an erasure must leave empty."""

import sqlite3


def places_that_hold(filled, *marks):
    """Every table and file that still holds one of these texts, in any column."""
    path = filled.settings.database_path
    connection = sqlite3.connect(path)
    found = []
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            held = [mark for mark in marks if mark in str(row).casefold()]
            found += [(table, mark, str(row)[:200]) for mark in held]
    connection.close()
    for file in sorted(path.parent.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            found += [(file.name, mark) for mark in marks if mark.encode() in content]
    return found


VECTORS = ("embeddings", "member_embeddings", "submission_vectors", "question_vectors", "posts")


def vectors_held(filled):
    """Every vector that the database holds, in bytes."""
    connection, found = sqlite3.connect(filled.settings.database_path), set()
    for table in VECTORS:
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            found |= {value for value in row if isinstance(value, bytes) and any(value)}
    connection.close()
    return found


def embeddings_of(filled, document_id):
    """The vectors of a document's chunks."""
    joined = "SELECT vector FROM embeddings JOIN chunks ON hash = embedding_hash WHERE document_id = ?"
    with filled.questions._connections.read() as connection:
        return {row[0] for row in connection.execute(joined, [document_id])}


def vectors_in_files(filled, vectors):
    """Those of them that are in any file of the data folder."""
    files = [file.read_bytes() for file in filled.settings.data_dir.rglob("*") if file.is_file()]
    return {vector for vector in vectors if any(vector in content for content in files)}
