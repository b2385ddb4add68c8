"""The words of chunks as PostgreSQL's text search takes them: cut and stemmed as SQLite's full text does it.

So both find the same chunks, whatever language the server is set to. Ranking is BM25, computed from what text search
knows: `ts_rank_cd` of a single word, or of words in a row, is the sum of the weights of the places where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import Stemmer

from knowledge.storage.library_protocols import LexicalMatches
from knowledge.storage.postgres.schema.library import WORD_INDEX
from knowledge.storage.sqlite.chunks import EVERYTHING, FIELD_WEIGHTS, filter_condition

if TYPE_CHECKING:
    import sqlite3

    from knowledge.domain.library import Filters

_TOKEN = re.compile(r"[^\W_]+")
# Of title, headings and text: what text search calls the weights of places.
_LABELS = ("A", "B", "D")
# The longest that a lexeme may be is 2 kB; nobody searches for more than this.
_LONGEST = 200
_AT_ONCE = 5000
# For making the index over the words of a whole library, once.
_INDEX_MEMORY = "256MB"
# The generation that the last change of content ended: what was changed in it is noted under its number.
_JUST_CHANGED = (
    "id IN (SELECT chunk_id FROM changed_chunks WHERE generation = (SELECT library.generation - 1 FROM library))"
)
_LACKING = """
    SELECT id, title, headings, text FROM chunks
    WHERE NOT EXISTS (SELECT 1 FROM chunk_words WHERE chunk_id = chunks.id) AND {among} ORDER BY id LIMIT {most}
"""
# The lengths of words whose endings are cut.
_STEMMED = (3, 64)
_JOIN = "JOIN chunks ON chunks.id = chunk_words.chunk_id JOIN documents ON documents.id = chunks.document_id"
_WANTED = """
    SELECT id, CAST(stems AS tsvector) AS stems, CAST(written AS tsvector) AS written, length
    FROM unnest(CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
        AS given (id, stems, written, length)
"""
_ASTRAY = f"""
    SELECT id FROM ({_WANTED}) AS wanted LEFT JOIN chunk_words ON chunk_id = id
    WHERE (chunk_words.stems, chunk_words.written, chunk_words.length)
        IS DISTINCT FROM (wanted.stems, wanted.written, wanted.length)
    ORDER BY id
"""
# BM25 as SQLite has it: k1 = 1.2, b = 0.75; a word in more than half of the chunks still counts a little.
_SCORES = """
    WITH collection AS MATERIALIZED (
        SELECT totals.chunks::float8 AS chunks, words::float8 / greatest(totals.chunks, 1) AS length
        FROM chunk_word_totals AS totals
    ), held AS MATERIALIZED (
        SELECT place, chunk_id, length,
               {unit} * ts_rank_cd(CAST({weights} AS float4[]), stems, query)::float8 AS often
        FROM unnest(CAST(? AS tsquery[])) WITH ORDINALITY AS term (query, place) JOIN chunk_words ON stems @@ query
    ), terms AS (
        SELECT place, greatest(1e-6, ln((chunks - count(*) + 0.5) / (count(*) + 0.5))) AS rarity
        FROM held, collection GROUP BY place, chunks
    ), scores AS (
        SELECT chunk_id, sum(rarity * often * 2.2 / (
            often + 1.2 * (0.25 + 0.75 * held.length / collection.length)
        )) AS score
        FROM held JOIN terms USING (place), collection GROUP BY chunk_id
    ), matches AS MATERIALIZED (SELECT chunk_id AS id, score FROM scores {join} WHERE {condition})
    SELECT id, score, sum(score) OVER () AS total, sum(score * score) OVER () AS squares
    FROM matches ORDER BY score DESC, id LIMIT ?
"""
_COUNT = "SELECT count(*) FROM chunks JOIN documents ON documents.id = document_id WHERE {condition}"
# All but those that are shown as another's, which are few: so nothing is counted that grows with the library.
_SHOWN = (
    f"SELECT totals.chunks - ({_COUNT.format(condition='duplicate_of IS NOT NULL')}) FROM chunk_word_totals AS totals"
)


def tokens(text: str) -> list[str]:
    """Return the words of a text: lower case, without accents, cut at everything that is no letter and no digit."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [word[:_LONGEST] for word in _TOKEN.findall(text.lower())]


def stemmed(words: Sequence[str]) -> list[str]:
    """Return words without their endings; short and very long ones as they are, which SQLite leaves alone, too."""
    stems = Stemmer.Stemmer("porter").stemWords(list(words))
    return [stem if _STEMMED[0] <= len(word) <= _STEMMED[1] else word for word, stem in zip(words, stems, strict=True)]


def vectors(title: str, headings: str, text: str) -> tuple[str, str, int]:
    """Return a chunk's stems with their places, its words as written, both as text search reads them, and their number.

    No words in a row reach from one of the three into the next.
    """
    places: dict[str, list[str]] = defaultdict(list)
    written: dict[str, None] = {}
    place, count = 0, 0
    for label, part in zip(_LABELS, (title, headings, text), strict=True):
        words = tokens(part)
        written |= dict.fromkeys(words)
        count += len(words)
        for place, stem in enumerate(stemmed(words), start=place + 1):  # noqa: B020 - goes on from part to part
            places[stem].append(f"{place}{label}")
        place += 1
    return (
        " ".join(f"'{stem}':{','.join(found)}" for stem, found in places.items()),
        " ".join(f"'{word}'" for word in written),
        count,
    )


def query_of(term: str) -> str | None:
    """Return a term as text search asks for it, several words in a row; `None` where no word is in it."""
    return " <-> ".join(f"'{stem}'" for stem in stemmed(tokens(term))) or None


def add_changed(connection: sqlite3.Connection) -> None:
    """Add the words of the chunks that the change of content just made has written.

    The caller holds the transaction of that change. What it costs does not grow with the library.
    """
    rows = connection.execute(_LACKING.format(among=_JUST_CHANGED, most="ALL")).fetchall()
    _add(connection, rows)


def catch_up(connection: sqlite3.Connection, after: int) -> int | None:
    """Add the words of some chunks that have none yet, whose ids follow one; the last id, or `None` at the end.

    The caller holds a write transaction.
    """
    rows = connection.execute(_LACKING.format(among="id > ?", most=_AT_ONCE), [after]).fetchall()
    _add(connection, rows)
    return rows[-1][0] if len(rows) == _AT_ONCE else None


def catch_up_whole(connection: sqlite3.Connection) -> None:
    """Add the words of all chunks that have none yet. The caller holds a write transaction."""
    last: int | None = 0
    while last is not None:
        last = catch_up(connection, last)


def _add(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> None:
    connection.execute(f"INSERT INTO chunk_words (chunk_id, stems, written, length) {_WANTED}", _wanted(rows))


def _wanted(rows: Sequence[sqlite3.Row]) -> list[list[object]]:
    """Return chunks' ids, stems, words as written and lengths, as `_WANTED` takes them."""
    columns: tuple[list[object], ...] = ([], [], [], [])
    for row in rows:
        for column, value in zip(columns, (row[0], *vectors(row[1], row[2], row[3])), strict=True):
            column.append(value)
    return list(columns)


def drop_index_if_empty(connection: sqlite3.Connection) -> None:
    """Drop the index over words where there are none yet. The caller has it made again once there are."""
    if connection.execute("SELECT 1 FROM chunk_words LIMIT 1").fetchone() is None:
        connection.execute(f"DROP INDEX IF EXISTS {WORD_INDEX[0]}")


def make_index(connection: sqlite3.Connection) -> None:
    """Make the index over words where it is not there."""
    connection.execute(f"SET LOCAL maintenance_work_mem = '{_INDEX_MEMORY}'")
    connection.execute(f"CREATE INDEX IF NOT EXISTS {' '.join(WORD_INDEX)}")


def astray(connection: sqlite3.Connection) -> list[int]:
    """Return the chunks whose words are not those of their text."""
    found: list[int] = []
    last = 0
    while True:
        rows = connection.execute(
            f"SELECT id, title, headings, text FROM chunks WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}", [last]
        ).fetchall()
        found += [row[0] for row in connection.execute(_ASTRAY, _wanted(rows)).fetchall()]
        if len(rows) < _AT_ONCE:
            return found
        last = rows[-1][0]


def search(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    limit: int,
    filters: Filters | None,
    *,
    hidden: bool = False,
) -> LexicalMatches:
    """Return chunks that hold any of the terms, best first, and the statistics of scores over all chunks searched.

    `hidden`: also those that are shown as another's.
    """
    queries = [query for term in terms if (query := query_of(term))]
    if not queries:
        return LexicalMatches([], 0.0, 0.0)
    condition, values = (EVERYTHING, list[object]()) if hidden else filter_condition(connection, filters)
    title, headings, text = FIELD_WEIGHTS
    unit = max(FIELD_WEIGHTS)  # text search knows weights up to 1
    join = "" if condition == EVERYTHING else _JOIN.replace("chunk_words.", "scores.")
    statement = _SCORES.format(
        unit=float(unit),
        weights=f"'{{{text / unit},0,{headings / unit},{title / unit}}}'",
        join=join,
        condition=condition,
    )
    rows = connection.execute(statement, [queries, *values, limit]).fetchall()
    if not rows:
        return LexicalMatches([], 0.0, 0.0)
    # Some filters have no values.
    all_shown = not hidden and condition == filter_condition(connection, None)[0]
    size = connection.execute(_SHOWN if all_shown else _COUNT.format(condition=condition), values).fetchone()[0]
    mean = rows[0]["total"] / size
    variance = max(0.0, rows[0]["squares"] / size - mean * mean)
    return LexicalMatches([(row["id"], row["score"]) for row in rows], mean, variance**0.5)


def frequencies(connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return in how many chunks each term occurs, in any grammatical form."""
    condition, values = filter_condition(connection, None)
    query = (
        f"SELECT count(*) FROM chunk_words {'' if condition == EVERYTHING else _JOIN} "
        f"WHERE stems @@ CAST(? AS tsquery) AND {condition}"
    )
    return {
        term: connection.execute(query, [asked, *values]).fetchone()[0] if (asked := query_of(term)) else 0
        for term in dict.fromkeys(terms)
    }


def holds(connection: sqlite3.Connection, word: str) -> bool:
    """Return whether any chunk holds a word just as written, or each part of one that is cut."""
    query = "SELECT 1 FROM written_words WHERE word = ?"
    return all(connection.execute(query, [part]).fetchone() for part in tokens(word))


def vocabulary(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the words of all chunks as written, lower case, and how many chunks hold each."""
    rows = connection.execute("SELECT word, chunks FROM written_words")
    return {row[0]: row[1] for row in rows}
