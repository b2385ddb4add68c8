"""Which rows name somebody: the proof that nothing was overlooked, whatever tables there come to be."""

import sqlite3

# From this length on an id is no part of anything else by chance, so every text is searched for it.
_LONG = 15
# What stands in a text where somebody was named in it.
A_MEMBER = "a member"
# Published: whoever has it corrected or taken out does that to the document.
_LIBRARY = ("documents", "chunks", "document_ids", "sources", "source_documents", "origins", "_sqlite")
_FULL_TEXT = ("chunks_fts", "chunk_words", "sqlite_")
# What columns that hold people are called. A short id is looked for in these alone: a "1" elsewhere is a count.
_PEOPLE = {"member", "member_id", "user_id", "author_id", "recipient", "seeker", "other", "asker", "blocked_id"}


def naming(connection: sqlite3.Connection, person: str) -> dict[str, int]:
    """How many rows of each table hold an id: where it is long, anywhere within a text; else where people are named."""
    found: dict[str, int] = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table.startswith(_FULL_TEXT):
            continue  # made from the tables that are looked through
        if len(person) >= _LONG:
            tests = [f'instr("{column}", ?1)' for column in _texts(connection, table)]
        else:
            tests = [f'CAST("{column}" AS TEXT) = ?1' for column in columns_of_people(connection, table)]
        if not tests:
            continue
        count = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {" OR ".join(tests)}', [person]).fetchone()[0]
        if count:
            found[table] = int(count)
    return found


def erase_mentions(connection: sqlite3.Connection, person: str) -> int:
    """Put "a member" in the place of an id in what others wrote; in how many rows. The caller writes in a transaction.

    A short id is a word like any other there, and stays.
    """
    if len(person) < _LONG:
        return 0
    erased = 0
    own = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'"
    for (table,) in connection.execute(own).fetchall():
        if table.startswith((*_FULL_TEXT, *_LIBRARY)):
            continue
        people = columns_of_people(connection, table)
        for column in _texts(connection, table):
            if column not in people:
                erased += _erase(connection, table, column, person)
    return erased


def _erase(connection: sqlite3.Connection, table: str, column: str, person: str) -> int:
    if (table, column) == ("review_events", "reason"):  # what is in the audit can be taken out, and not be rewritten
        change = "reason = NULL"
    else:
        instead = f'"{column}"'
        for written in ("<@!' || ?1 || '>", "<@' || ?1 || '>", "' || ?1 || '"):
            instead = f"replace({instead}, '{written}', '{A_MEMBER}')"
        change = f'"{column}" = {instead}'
    test = f"""typeof("{column}") = 'text' AND instr("{column}", ?1)"""
    found = connection.execute(f'UPDATE OR IGNORE "{table}" SET {change} WHERE {test}', [person]).rowcount
    if found and table == "members":  # so that those who keep profiles in memory read them anew
        connection.execute("UPDATE member_changes SET latest = latest + 1")
        connection.execute("UPDATE members SET change = (SELECT latest FROM member_changes)")
    return found


def columns_of_people(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that hold ids of people: by their name, or because they point at a member."""
    rows = connection.execute("""SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = 'members'""", [table])
    known = _PEOPLE | {row[0] for row in rows} | ({"id"} if table == "members" else set())
    return [column for column in _texts(connection, table) if column in known]


def _texts(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?) WHERE type <> 'BLOB'", [table])
    return [row[0] for row in rows]
