"""Overwriting what was deleted, and finding and taking out what names somebody: the part of the store about erasure."""

from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.personal_columns import erase_mentions, naming


class SQLiteErasure:
    """Implements what `knowledge.storage.library_protocols.LibraryStore` promises of erasure."""

    _connections: Connections

    def scrub(self) -> bool:
        """Overwrite what deleted text left in the database's files."""
        with self._connections.write() as connection:
            due = maintenance.scrub_due(connection)
            maintenance.merge_full_text(connection)
        with self._connections.read() as connection:
            done = maintenance.empty_log(connection)
        if done and due is not None:
            with self._connections.write() as connection:
                maintenance.scrub_done(connection, due)
        return done

    def request_scrub(self) -> None:
        """Note that deleted text has to be overwritten, whatever becomes of this process."""
        with self._connections.write() as connection:
            maintenance.request_scrub(connection)

    def finish_scrub(self) -> bool:
        """Overwrite what an earlier deletion still left; false where a reader holds some of it."""
        with self._connections.read() as connection:
            if maintenance.scrub_due(connection) is None:
                return True
        return self.scrub()

    def erase_mentions(self, person: str) -> int:
        """Put "a member" in the place of a person's id in what others wrote; in how many rows."""
        with self._connections.write() as connection:
            return erase_mentions(connection, person)

    def naming(self, person: str) -> dict[str, int]:
        """How many rows of each table hold a person's id."""
        with self._connections.read() as connection:
            return naming(connection, person)
