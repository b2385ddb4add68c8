"""Erasure: the part of the store that overwrites what was deleted, and takes out what names somebody."""

import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from knowledge.dates import stamp, utc_now
from knowledge.storage.library_protocols import Erased, Erasure
from knowledge.storage.sqlite import erasure_journal, maintenance
from knowledge.storage.sqlite.connection import ConnectedStore

_NOTE = "INSERT INTO flags (name, value) VALUES (?, ?)"
# What stands in a text where somebody was named in it.
A_MEMBER = "a member"
# Published: whoever has it corrected or taken out does that to the document.
LIBRARY = ("documents", "chunks", "document_ids", "sources", "source_documents", "origins", "_sqlite", "sqlite_")


class SQLiteErasure(ConnectedStore):
    """Implements what `knowledge.storage.library_protocols.LibraryStore` promises of erasure."""

    # Noted in the database: text was deleted and has still to be overwritten; the value tells one note from the next.
    SCRUB_DUE = "scrub_due"

    def scrub(self) -> bool:
        """Overwrite what deleted text left in the database's files."""
        with self._connections.write() as connection:
            due = _due(connection)
            maintenance.merge_full_text(connection)
        with self._connections.read() as connection:
            done = maintenance.empty_log(connection)
        if done and due is not None:
            with self._connections.write() as connection:
                # A later note stays: what it is about is not overwritten yet.
                connection.execute("DELETE FROM flags WHERE name = ? AND value = ?", [self.SCRUB_DUE, due])
        return done

    def request_scrub(self) -> None:
        """Note that deleted text has to be overwritten, whatever becomes of this process."""
        with self._connections.write() as connection:
            connection.execute(
                f"{_NOTE} ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [self.SCRUB_DUE, secrets.token_hex(8)],
            )

    def finish_scrub(self) -> bool:
        """Overwrite what an earlier deletion still left; false where a reader holds some of it."""
        with self._connections.read() as connection:
            maintenance.give_back(connection)
            if _due(connection) is None:
                return True
        return self.scrub()

    def note_erasure(self, sort: Erased, subject: str, detail: str = "") -> None:
        journal = self._connections.path.with_name(erasure_journal.JOURNAL_FILE)
        name = erasure_journal.note(journal, self._connections.hash_key, sort, subject, detail)
        with self._connections.write() as connection:
            connection.execute(_NOTE, [f"{erasure_journal.FLAG}{name}", stamp(utc_now())])

    def unknown_erasures(self, journals: Sequence[Path] = ()) -> tuple[list[Erasure], int]:
        own = self._connections.path.with_name(erasure_journal.JOURNAL_FILE)
        found, closed = erasure_journal.erasures([own, *journals], self._connections.hash_key)
        with self._connections.read() as connection:
            rows = connection.execute("SELECT name FROM flags WHERE name LIKE ?", [f"{erasure_journal.FLAG}%"])
            known = {row[0].removeprefix(erasure_journal.FLAG) for row in rows}
        return [one for one in found if one.name not in known], len(closed - known)

    def naming(self, person: str) -> dict[str, int]:
        """Return how many rows of each table hold a person's id."""
        with self._connections.read() as connection:
            return maintenance.naming(connection, person)

    def erase_mentions(self, person: str) -> int:
        """Put "a member" in the place of a person's id in what others wrote; in how many rows.

        A short id is a word like any other there, and stays.
        """
        if len(person) < maintenance.LONG_ID:
            return 0
        erased = 0
        own = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'"
        with self._connections.write() as connection:
            # Each table is looked through once: it is in few, and a look at each column takes a large network a second.
            named = maintenance.naming(connection, person)
            for (table,) in connection.execute(own).fetchall():
                if table not in named or table.startswith((*maintenance.FULL_TEXT, *LIBRARY)):
                    continue
                people = maintenance.columns_of_people(connection, table)
                for column in maintenance.text_columns(connection, table):
                    if column not in people:
                        erased += _erase(connection, table, column, person)
        return erased


def _due(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM flags WHERE name = ?", [SQLiteErasure.SCRUB_DUE]).fetchone()
    return row[0] if row else None


def _erase(connection: sqlite3.Connection, table: str, column: str, person: str) -> int:
    if (table, column) == ("review_events", "reason"):  # what is in the audit can be taken out, and not be rewritten
        change = "reason = NULL"
    else:
        instead = f'"{column}"'
        for written in ("<@!' || ?1 || '>", "<@' || ?1 || '>", "' || ?1 || '"):
            instead = f"replace({instead}, '{written}', '{A_MEMBER}')"
        change = f'"{column}" = {instead}'
    test = f"""typeof("{column}") = 'text' AND instr("{column}", ?1)"""
    members = connection.execute(f"SELECT id FROM members WHERE {test}", [person]) if table == "members" else ()
    changed = [row[0] for row in members]
    found = connection.execute(f'UPDATE OR IGNORE "{table}" SET {change} WHERE {test}', [person]).rowcount
    note_changes(connection, changed)
    return found


def note_changes(connection: sqlite3.Connection, members: Sequence[str]) -> None:
    """Note that these members' rows changed, so that those who keep profiles in memory read them anew."""
    for member_id in members:
        connection.execute("UPDATE member_changes SET latest = latest + 1")
        connection.execute("UPDATE members SET change = (SELECT latest FROM member_changes) WHERE id = ?", [member_id])
