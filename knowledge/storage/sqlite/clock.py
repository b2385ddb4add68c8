"""Keeps a wrong clock from erasing people: what expires goes only while time passes as it should.

Each part of the house looks at its own clock, and what it saw last is kept. After a jump nothing expires until time has
passed as it should for a week, or somebody confirms the clock. What was written at a moment that cannot have been is
given the present one, so that it is kept as long as anything written now.
"""

import json
import logging
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from knowledge.dates import stamp

# Nobody looks away for longer without the clock having to be confirmed; shorter absences are holidays.
LONGEST_ABSENCE = timedelta(days=45)
# Clocks are put right by minutes, and summer time is no matter: all moments are in UTC.
MOST_BACK = timedelta(days=1)
# After a jump the new time is believed once it has gone on for so long.
BELIEVED_AFTER = timedelta(days=7)
# Before this there was no assistant to write anything.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_SEEN_EVERY = timedelta(hours=1)
_FLAG = "clock:"
_log = logging.getLogger(__name__)


class Part(StrEnum):
    """The parts of the house that delete what has expired."""

    QUESTIONS = "questions"
    MEMBERS = "members"
    EXAMPLES = "examples"
    ACCOUNTS = "accounts"


class Jump(NamedTuple):
    """A jump of a part's clock that nobody has confirmed: from when to when, ISO 8601 in UTC."""

    part: Part
    before: str
    after: str


# When each part's rows were written: the columns by which they expire.
_WRITTEN: dict[Part, Sequence[tuple[str, str]]] = {
    Part.QUESTIONS: (("questions", "asked_at"),),
    Part.MEMBERS: (("members", "active_at"), ("introductions", "asked_at"), ("peer_questions", "asked_at")),
    Part.EXAMPLES: (("submissions", "updated_at"), ("submissions", "state_since")),
    Part.ACCOUNTS: (("accounts", "seen_at"),),
}


def observe(connection: sqlite3.Connection, part: Part, now: datetime) -> bool:
    """Note what time it is for a part; return whether time has passed as it should, so that things may expire.

    The caller holds a write transaction. To be called before anything of the part expires, and now and then.
    """
    state = _state(connection, part)
    latest = datetime.fromisoformat(state["latest"]) if state else _newest(connection, part) or now
    if now < BEGINNING:
        return _jumped(connection, part, state, latest, now)
    if "jumped" not in state:
        if not _follows(latest, now, LONGEST_ABSENCE):
            return _jumped(connection, part, state, latest, now)
        if not state or now - latest >= _SEEN_EVERY:
            _save(connection, part, {"latest": stamp(now)})
        _date_anew(connection, part, now)
        return True
    begun = datetime.fromisoformat(state["jumped"])
    goes_on = _follows(latest, now, BELIEVED_AFTER + MOST_BACK)
    if _follows(datetime.fromisoformat(state["before"]), now, LONGEST_ABSENCE) or (
        goes_on and now - begun >= BELIEVED_AFTER
    ):
        _log.warning("The clock is taken for right again at %s: what has expired (%s) is deleted.", stamp(now), part)
        accept(connection, part, now)
        return True
    if goes_on:
        _save(connection, part, {**state, "latest": stamp(max(latest, now))})
        return False
    return _jumped(connection, part, state, latest, now)


def accept(connection: sqlite3.Connection, part: Part, now: datetime) -> None:
    """Take a moment for right: what was written before the beginning, or later than now, was written now."""
    _save(connection, part, {"latest": stamp(now)})
    _date_anew(connection, part, now)


def jumps(connection: sqlite3.Connection) -> list[Jump]:
    """Return the jumps that nobody has confirmed and no week has passed since."""
    states = ((part, _state(connection, part)) for part in Part)
    return [Jump(part, state["before"], state["jumped"]) for part, state in states if "jumped" in state]


def _follows(latest: datetime, now: datetime, longest: timedelta) -> bool:
    """Return whether a moment can come after another, when nobody looks for `longest` at most."""
    return latest - MOST_BACK <= now <= latest + longest


def _jumped(connection: sqlite3.Connection, part: Part, state: dict[str, str], latest: datetime, now: datetime) -> bool:
    """Note a jump and say so; false: nothing may expire."""
    before = state.get("before", stamp(latest))
    _save(connection, part, {"latest": stamp(now), "jumped": stamp(now), "before": before})
    _log.warning(
        "The clock jumped from %s to %s. Nothing that has expired (%s) is deleted until it has gone on from there for "
        "a week. Put the clock right; if it is right, say so with `haln doctor --clock-is-right`.",
        before,
        stamp(now),
        part,
    )
    return False


def _date_anew(connection: sqlite3.Connection, part: Part, now: datetime) -> None:
    """Let what was written at a moment that cannot have been count as written now."""
    for table, column in _WRITTEN[part]:
        changed = connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} < ? OR {column} > ?",
            [stamp(now), stamp(BEGINNING), stamp(now + MOST_BACK)],
        ).rowcount
        if changed:
            _log.warning("%d of %s were written while the clock was wrong; they count as written now", changed, table)


def _newest(connection: sqlite3.Connection, part: Part) -> datetime | None:
    """Return when something of a part was last written: what its clock must have shown."""
    moments = [
        connection.execute(f"SELECT max({column}) FROM {table}").fetchone()[0] for table, column in _WRITTEN[part]
    ]
    newest = max((moment for moment in moments if moment), default=None)
    return datetime.fromisoformat(newest) if newest and newest >= stamp(BEGINNING) else None


def _state(connection: sqlite3.Connection, part: Part) -> dict[str, str]:
    row = connection.execute("SELECT value FROM flags WHERE name = ?", [f"{_FLAG}{part}"]).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _save(connection: sqlite3.Connection, part: Part, state: dict[str, str]) -> None:
    connection.execute(
        "INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [f"{_FLAG}{part}", json.dumps(state)],
    )
