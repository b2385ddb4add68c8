"""Step 18: the message that an answer replies to, so that the answer follows it. Released: never edited again."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the column, which stays empty for answers that reply to no message, and find cards by it."""
    connection.execute("ALTER TABLE cards ADD COLUMN question_message_id INTEGER")
    connection.execute("CREATE INDEX cards_by_question_message ON cards (question_message_id)")
