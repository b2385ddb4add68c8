"""Statements written for SQLite, run by PostgreSQL: how values are marked, and as which types they come back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import psycopg
from pgvector import HalfVector
from psycopg import conninfo, sql
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.pq import Format
from psycopg.types.string import StrDumper

if TYPE_CHECKING:
    from psycopg.abc import Buffer

# A machine without power says no goodbye: who waits for its answer learns of it after this, not after a quarter of an
# hour; in seconds, but for the last.
_NETWORK = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_WRITTEN = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]\w*)"?')
_MARKS = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|::|\?(\d*)|:([a-z_]+)|%")


class _Text(StrDumper):
    """Writes texts as texts, whatever they are compared with; PostgreSQL keeps no null characters."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in obj else obj)


class _HalfVector(Dumper):
    """Writes a vector in half precision; the server knows from the place where it stands which type it is."""

    format = Format.BINARY

    def dump(self, obj: HalfVector) -> Buffer | None:
        return obj.to_binary()


class _Number(Loader):
    """Reads what sums and means come as: whole numbers as such, others as floating point."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text or "N" in text else int(text)


class Row(tuple[Any, ...]):
    """A row whose values are found by place and by name, as SQLite's are."""

    _places: Mapping[str, int] = {}

    def keys(self) -> Sequence[str]:
        """Return the names of the columns."""
        return list(self._places)

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - as in `sqlite3.Row`
        """Return the value at a place or under a name."""
        return super().__getitem__(self._places[key] if isinstance(key, str) else key)


@lru_cache(maxsize=512)
def _row_of(names: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"_places": {name: place for place, name in enumerate(names)}})


def _rows(cursor: psycopg.Cursor[Row]) -> type[Row]:
    return _row_of(tuple(column.name for column in cursor.description or ()))


@lru_cache(maxsize=2048)
def translated(statement: str) -> str:
    """Return a statement with its marks for values as psycopg writes them: `?`, `?1` and `:name` are known."""

    def mark(found: re.Match[str]) -> str:
        text = found.group()
        if text.startswith("?"):
            return f"%(v{found[1]})s" if found[1] else "%s"
        if found[2]:
            return f"%({found[2]})s"
        return text.replace("%", "%%")

    return _MARKS.sub(mark, statement)


def _marked(prepared: str, values: Sequence[object] | Mapping[str, object]) -> Sequence[object] | Mapping[str, object]:
    """Return values under the names that a statement has for them, where it numbers its marks."""
    if "%(v" not in prepared or isinstance(values, Mapping):
        return values
    return {f"v{place}": value for place, value in enumerate(values, start=1)}


@lru_cache(maxsize=2048)
def written_tables(statement: str) -> frozenset[str]:
    """Return the tables that a statement, or the body of a function, writes to by itself."""
    return frozenset(_WRITTEN.findall(statement))


class PostgresConnection:
    """A connection that is used as one of `sqlite3` is.

    The tables that it writes to are added to `written` by `settle`, so that what is deleted there can be taken out of
    their pages.
    """

    def __init__(self, connection: psycopg.Connection[Row], written: set[str] | None = None) -> None:
        self.raw = connection
        self._written = set[str]() if written is None else written
        self._writes = set[str]()

    def settle(self) -> None:
        """Tell which tables were written to, once no transaction is open."""
        self._written |= self._writes
        self._writes.clear()

    def execute(
        self, statement: str, values: Sequence[object] | Mapping[str, object] = (), *, binary: bool = False
    ) -> psycopg.Cursor[Row]:
        """Run one statement. What is read comes in `binary` form where many bytes do: digits take twice the time."""
        prepared = translated(statement)
        self._writes |= written_tables(prepared)
        return self.raw.execute(cast("Any", prepared), _marked(prepared, values), binary=binary)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> psycopg.Cursor[Row]:
        """Run one statement for each row of values."""
        cursor = self.raw.cursor()
        prepared = translated(statement)
        self._writes |= written_tables(prepared)
        cursor.executemany(cast("Any", prepared), [_marked(prepared, values) for values in rows])
        return cursor

    def copy(self, table: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write rows of which none is there yet into a table, in one go."""
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
        with self.raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def take_any_time(self) -> None:
        """Let the statements of the transaction that is open take as long as they do: they are about all rows."""
        self.raw.execute("SET LOCAL statement_timeout = 0")

    @contextmanager
    def any_time(self) -> Iterator[None]:
        """Let a statement for which no transaction may be open take as long as it does."""
        (before,) = self.raw.execute("SHOW statement_timeout").fetchone() or ("0",)
        self.raw.execute("SET statement_timeout = 0")
        try:
            yield
        finally:
            if not self.raw.closed:
                self.raw.execute("SELECT set_config('statement_timeout', %s, false)", [before])

    @property
    def in_transaction(self) -> bool:
        """Return whether a transaction is open."""
        return self.raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE


def network_options(address: str) -> dict[str, Any]:
    """Return after how long a server counts as gone, but for what the address says of it itself."""
    said = conninfo.conninfo_to_dict(address)
    return {name: value for name, value in _NETWORK.items() if name not in said}


def connection_options(address: str) -> dict[str, Any]:
    """Return how psycopg is to connect: each statement by itself, rows by name, values as the stores expect them."""
    adapters = AdaptersMap(psycopg.adapters)
    adapters.register_dumper(str, _Text)
    adapters.register_loader("numeric", _Number)
    adapters.register_dumper(HalfVector, _HalfVector)
    return {"autocommit": True, "row_factory": _rows, "context": _Context(adapters), **network_options(address)}


class _Context:
    """Hands the adapters to psycopg."""

    connection = None

    def __init__(self, adapters: AdaptersMap) -> None:
        self.adapters = adapters
