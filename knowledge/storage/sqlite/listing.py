"""Lists of documents in SQLite. Conditions are on what the indexes hold, so that texts are read of what is shown."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from knowledge.dates import last_day
from knowledge.domain.library import Filters, StoredDocument
from knowledge.domain.vocabulary import EvidenceKind, Kind, Level, Measured, Nation, Outcome, Stage
from knowledge.storage.listing_protocols import Compared, DocumentLists, Listing, Preference
from knowledge.storage.sqlite.chunks import filter_condition
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.documents import select_documents

_SHOWN = "documents.duplicate_of IS NULL"
_COLUMNS = {
    "kind": Kind,
    "nation": Nation,
    "outcome": Outcome,
    "evidence": EvidenceKind,
    "stage": Stage,
    "level": Level,
}
_HAS_PILLAR = "instr(documents.pillars, ?) > 0"  # a word in quotes is in the list, or not at all
_HAS_BASELINE = "EXISTS (SELECT 1 FROM json_each(documents.measured) WHERE value ->> 'baseline' IS NOT NULL)"
_NUMBERS = {
    Compared.PILLARS: "(SELECT count(*) FROM json_each(documents.pillars))",
    Compared.TITLE: "length(documents.title_order)",
    Compared.BASELINE: f"CASE WHEN {_HAS_BASELINE} THEN 0 ELSE 1 END",
}
# A year and a month mean their last day, as in `knowledge.dates.last_day`.
_DUE = "CASE length(review_by) WHEN 4 THEN review_by || '-12-31' WHEN 7 THEN review_by || '-31' ELSE review_by END"
_TO_REVIEW = "(review_by IS NOT NULL OR superseded_by IS NOT NULL)"
# Each list of pillars that some document has, from one to the next.
_LISTS_OF_PILLARS = f"""
    WITH RECURSIVE lists (pillars) AS (
        SELECT min(documents.pillars) FROM documents WHERE {_SHOWN}
        UNION ALL
        SELECT (SELECT min(documents.pillars) FROM documents WHERE documents.pillars > lists.pillars AND {_SHOWN})
        FROM lists WHERE lists.pillars IS NOT NULL
    )
    SELECT pillars FROM lists WHERE pillars IS NOT NULL
"""
_TOGETHER = 200


class SQLiteListing(ConnectedStore, DocumentLists):
    """`DocumentLists` over one file; see there for what each method promises."""

    def documents(self, under: str | None = None) -> list[StoredDocument]:
        with self._connections.read() as connection:
            if under is None:
                return select_documents(connection, "true")
            return select_documents(connection, "substr(location, 1, length(?)) = ?", under, under)

    def each_document(self) -> Iterator[StoredDocument]:
        last = ""
        while True:
            with self._connections.read() as connection:
                some = "documents.id IN (SELECT id FROM documents WHERE id > ? ORDER BY id LIMIT ?)"
                found = select_documents(connection, some, last, _TOGETHER)
            yield from found
            if len(found) < _TOGETHER:
                return
            last = found[-1].id

    def listed(
        self, filters: Filters | None = None, *, kinds: Collection[Kind] = (), outcomes: Collection[Outcome] = ()
    ) -> list[StoredDocument]:
        with self._connections.read() as connection:
            condition, values = filter_condition(connection, filters)
            for column, chosen in (("kind", kinds), ("outcome", outcomes)):
                if chosen:
                    condition += f" AND documents.{column} IN (SELECT value FROM json_each(?))"
                    values.append(_json(chosen))
            return select_documents(connection, condition, *values)

    def listing(
        self, filters: Filters | None = None, *, kinds: Collection[Kind] = (), limit: int, page: int = 1
    ) -> Listing:
        condition, values = _condition(filters, kinds)
        with self._connections.read() as connection:
            count = connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", values).fetchone()[0]
            page = min(page, max(1, -(-count // limit)))
            rows = connection.execute(
                f"SELECT documents.id FROM documents WHERE {condition} ORDER BY title_order, documents.id "
                "LIMIT ? OFFSET ?",
                [*values, limit, (page - 1) * limit],
            )
            ids = [row[0] for row in rows]
            among = "documents.id IN (SELECT value FROM json_each(?))"
            found = {document.id: document for document in select_documents(connection, among, json.dumps(ids))}
        return Listing(count, page, [found[one] for one in ids])

    def first(
        self,
        preferences: Sequence[Preference],
        filters: Filters | None = None,
        *,
        kinds: Collection[Kind] = (),
        outcomes: Collection[Outcome] = (),
        titled: str = "",
        without: Collection[str] = (),
    ) -> StoredDocument | None:
        condition, values = _condition(filters, kinds, outcomes)
        if titled:
            condition += " AND instr(title_order, ?) > 0"
            values.append(titled.casefold())
        if without:
            condition += " AND documents.id NOT IN (SELECT value FROM json_each(?))"
            values.append(_json(without))
        terms = []
        for preference in filter(_tells, preferences):
            term, among = _number(preference)
            terms.append(term)
            values += among
        best = (
            f"documents.id = (SELECT id FROM documents WHERE {condition} "
            f"ORDER BY {', '.join([*terms, 'documents.id'])} LIMIT 1)"
        )
        with self._connections.read() as connection:
            found = select_documents(connection, best, *values)
        return found[0] if found else None

    def terms_used(self) -> dict[str, set[str]]:
        with self._connections.read() as connection:
            used = {
                column: {
                    row[0]
                    for row in connection.execute(
                        "SELECT term.value FROM json_each(?) AS term WHERE EXISTS "
                        f"(SELECT 1 FROM documents WHERE documents.{column} = term.value AND {_SHOWN})",
                        [_json(list(terms))],
                    )
                }
                for column, terms in _COLUMNS.items()
            }
            lists = [json.loads(row[0]) for row in connection.execute(_LISTS_OF_PILLARS)]
            measured = f"documents.measured <> '[]' AND {_SHOWN}"
            conditions = {
                Measured.INDICATOR: measured,
                Measured.BASELINE: f"{measured} AND {_HAS_BASELINE}",
            }
            used["measured"] = {
                str(term)
                for term, condition in conditions.items()
                if connection.execute(f"SELECT 1 FROM documents WHERE {condition} LIMIT 1").fetchone()
            }
        used["pillar"] = {pillar for pillars in lists for pillar in pillars}
        return used

    def to_review(self, today: date) -> list[StoredDocument]:
        due = f"{_TO_REVIEW} AND (superseded_by <> '' OR {_DUE} < ?)"
        chosen = f"documents.id IN (SELECT id FROM documents WHERE {due})"
        with self._connections.read() as connection:
            found = select_documents(connection, chosen, today.isoformat())
        # No date comes after this one, so that what has no day to be reviewed by stands last.
        return sorted(found, key=lambda one: (last_day(one.metadata.review_by or "9999"), one.id))

    def document_at_url(self, url: str) -> StoredDocument | None:
        with self._connections.read() as connection:
            found = select_documents(connection, "documents.id = (SELECT max(id) FROM documents WHERE url = ?)", url)
        return found[0] if found else None


def _condition(
    filters: Filters | None, kinds: Collection[Kind] = (), outcomes: Collection[Outcome] = ()
) -> tuple[str, list[object]]:
    """Return a condition over shown documents with its values.

    Columns are compared as expressions, which no index of one column serves: the one that has them all is in order.
    """
    parts, values = [_SHOWN], list[object]()
    filters = filters or Filters()
    for column in _COLUMNS:
        if (value := getattr(filters, column)) is not None:
            parts.append(f"coalesce(documents.{column}, '') = ?")
            values.append(str(value))
    if filters.pillar is not None:
        parts.append(_HAS_PILLAR)
        values.append(json.dumps(str(filters.pillar)))
    if filters.measured is not None:
        parts.append(_HAS_BASELINE if filters.measured is Measured.BASELINE else "documents.measured <> '[]'")
    for column, chosen in (("kind", kinds), ("outcome", outcomes)):
        if chosen:
            parts.append(f"coalesce(documents.{column}, '') IN (SELECT value FROM json_each(?))")
            values.append(_json(chosen))
    return " AND ".join(parts), values


def _tells(preference: Preference) -> bool:
    """Return whether documents differ in a preference: one that gives all the same number puts nothing in order."""
    return preference.by in _NUMBERS or bool(preference.ranks)


def _number(preference: Preference) -> tuple[str, list[object]]:
    """Return what documents are put in order by as an expression with its values."""
    if preference.by in _NUMBERS:
        return _NUMBERS[preference.by], []
    cases, values = [], list[object]()
    for value, rank in preference.ranks.items():
        if preference.by is not Compared.PILLAR:
            cases.append(f"WHEN coalesce(documents.{preference.by}, '') = ? THEN {int(rank)}")
            values.append(str(value))
        elif value:
            cases.append(f"WHEN {_HAS_PILLAR} THEN {int(rank)}")
            values.append(json.dumps(str(value)))
        else:
            cases.append(f"WHEN documents.pillars = '[]' THEN {int(rank)}")
    return f"CASE {' '.join(cases)} ELSE {int(preference.otherwise)} END", values


def _json(words: Collection[str]) -> str:
    return json.dumps([str(word) for word in words])
