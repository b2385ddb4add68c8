"""Lists of documents, as a protocol: what a page of a list shows is asked for, never the whole library."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from knowledge.domain.library import Filters, StoredDocument
from knowledge.domain.vocabulary import Kind, Outcome


class Listing(NamedTuple):
    """A page of a list of documents, which one it is, from 1, and how many the whole list has."""

    total: int
    page: int
    documents: list[StoredDocument]


class Compared(StrEnum):
    """A thing that documents are compared by, to find the one that fits best."""

    ID = "id"
    KIND = "kind"
    STAGE = "stage"
    NATION = "nation"
    OUTCOME = "outcome"
    PILLAR = "pillar"  # any of those that it names
    PILLARS = "pillars"  # how many it names
    TITLE = "title"  # how many letters it has
    BASELINE = "baseline"  # 0 where it says what something measured was before, else 1


class Preference(NamedTuple):
    """A thing that documents are compared by, the smallest first.

    `ranks` gives the number of some values, "" being none, and of several the first that is true counts; `otherwise` is
    that of all others. What is a number already needs neither.
    """

    by: Compared
    ranks: Mapping[str, int] = {}
    otherwise: int = 0


class DocumentLists(Protocol):
    """The lists of the library's documents. But for `documents` and `each_document`, near-duplicates are left out."""

    def documents(self, under: str | None = None) -> list[StoredDocument]:
        """Return all documents by id, or those whose location begins with `under`."""

    def each_document(self) -> Iterator[StoredDocument]:
        """Yield all documents by id, reading some at a time. What changes meanwhile may be seen or not."""

    def listed(
        self, filters: Filters | None = None, *, kinds: Collection[Kind] = (), outcomes: Collection[Outcome] = ()
    ) -> list[StoredDocument]:
        """Return the documents that pass the filters and are of these kinds and outcomes, by id.

        Where no kinds or outcomes are named, all may be.
        """

    def listing(
        self, filters: Filters | None = None, *, kinds: Collection[Kind] = (), limit: int, page: int = 1
    ) -> Listing:
        """Return a page of `limit` of those that pass the filters and are of these kinds, by title; pages are from 1.

        Titles are compared with their letters folded, and the same by id. Beyond the last page is the last.
        """

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
        """Return the one that comes first by the preferences in their order, then by id; `None` where none passes.

        `titled` are words that its title holds, `without` the ids of documents that it may not be.
        """

    def terms_used(self) -> dict[str, set[str]]:
        """Return for each field of `Filters` the words that let any document pass."""

    def to_review(self, today: date) -> list[StoredDocument]:
        """Return what is due for review or superseded: the longest due first, then what is superseded only, by id.

        Near-duplicates are among them: each is for its editor to see to.
        """

    def document_at_url(self, url: str) -> StoredDocument | None:
        """Return the document whose metadata have this web address; of several the last by id."""
