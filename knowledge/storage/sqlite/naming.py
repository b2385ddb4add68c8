"""Which rows name somebody: the proof that nothing was overlooked, whatever tables there come to be."""

import sqlite3

# From this length on an id is no part of anything else by chance, so texts are searched for it too.
_LONG = 15
_FULL_TEXT = ("chunks_fts", "chunk_words", "sqlite_")


def naming(connection: sqlite3.Connection, person: str) -> dict[str, int]:
    """How many rows of each table hold an id as a value or, where it is long, anywhere within a text."""
    found: dict[str, int] = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table.startswith(_FULL_TEXT):
            continue  # made from the tables that are looked through
        columns = connection.execute("SELECT name FROM pragma_table_info(?) WHERE type <> 'BLOB'", [table]).fetchall()
        tests = [f'CAST("{column}" AS TEXT) = ?1' for (column,) in columns]
        if len(person) >= _LONG:
            tests = [f'instr("{column}", ?1)' for (column,) in columns]
        if not tests:
            continue
        count = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {" OR ".join(tests)}', [person]).fetchone()[0]
        if count:
            found[table] = int(count)
    return found
