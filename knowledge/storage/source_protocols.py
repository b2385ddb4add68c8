"""The indexer's storage besides documents, as protocols: sources, what was read of them, duplicates, proposals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from knowledge.domain.library import Noun, StoredDocument, TextCoverage


class SourceKind(StrEnum):
    """A kind of source."""

    FILE = "file"
    FOLDER = "folder"
    PAGE = "page"
    SITEMAP = "sitemap"
    FEED = "feed"
    CALENDAR = "calendar"


class Source(Noun):
    """A source that is refreshed. Moments are ISO 8601 in UTC; `documents` is how many it gave."""

    id: int
    kind: SourceKind
    address: str
    depth: int
    added_at: str
    last_checked: str | None
    last_success: str | None
    error: str | None
    not_before: str | None
    documents: int


class Origin(Noun):
    """The file or address that documents were read from, as it was then. `digest` is of all they were made from."""

    location: str
    digest: str
    etag: str | None = None
    last_modified: str | None = None


class Withdrawal(Noun):
    """A location whose document a person removed, which a refresh leaves away.

    `removed_at` is ISO 8601 in UTC, `None` where it was not noted. `digest` is of what was read there. `replaced_by`
    is the id of the document that has a new edition elsewhere; `None` where it was removed for good.
    """

    location: str
    removed_at: str | None
    digest: str | None = None
    replaced_by: str | None = None


class Proposal(Noun):
    """A value for a field of a document's metadata that nobody filled in; `value` as JSON has it."""

    document_id: str
    title: str
    field: str
    value: str | list[str]
    reason: str


class Study(NamedTuple):
    """The findings about a document with that content: its sketch and proposals (see `indexer.enrichment`).

    `proposals` has value and reason by field.
    """

    document_id: str
    content_hash: str
    sketch: Collection[int]
    proposals: Mapping[str, tuple[object, str]]


class SourceStore(Protocol):
    """The sources of the library, and what was read from them."""

    def add(self, kind: SourceKind, address: str, depth: int) -> Source:
        """Register a source; one that is registered already takes the kind and depth given."""

    def all(self) -> list[Source]:
        """Return the sources in the order in which they were added."""

    def at(self, address: str) -> Source | None:
        """Return the source with that address."""

    def remove(self, source_id: int) -> set[str]:
        """Forget a source; the locations of documents that no other source gives."""

    def checked(
        self, source_id: int, *, error: str | None = None, not_before: str | None = None, read: bool = True
    ) -> None:
        """Note that a source was read now, and how that went; `read` false: it gave nothing."""

    def locations(self, source_id: int) -> set[str]:
        """Return the locations of the documents that a source gave when it was last read."""

    def gave(self, source_id: int, locations: Collection[str], *, complete: bool) -> set[str]:
        """Note what a source gives now. When that is `complete`, the locations that no source gives any more."""

    def origins(self) -> dict[str, Origin]:
        """Return everything that was read, by location."""

    def set_origins(self, origins: Sequence[Origin]) -> None:
        """Note what was read."""

    def stored(self, under: str = "") -> set[str]:
        """Return the locations of all documents, or of those whose location begins with `under`."""

    def ids(self, locations: Collection[str]) -> dict[str, str]:
        """Return the ids of the documents at these locations that exist, by location."""

    def withdrawn(self) -> dict[str, Withdrawal]:
        """Return what a person removed, by location."""

    def withdraw(self, location: str) -> None:
        """Note that a person removed the document there."""

    def move(self, old: str, new: str, replaced_by: str | None = None) -> None:
        """Say that what was read at one location is at another now, all in one transaction.

        Its documents keep their ids, decisions and sources. `replaced_by` is the id of a document whose new edition is
        at the new location: the old one is left away from then on.
        """

    def readmit(self, address: str) -> None:
        """Forget what was removed at an address and below it."""


class StudyStore(Protocol):
    """The findings about documents: which are nearly the same, what their metadata may be."""

    def unstudied(self, most: int) -> list[StoredDocument]:
        """Return the first `most` documents, by id, that changed since they were last studied."""

    def labelled(self, most: int) -> list[StoredDocument]:
        """Return the first `most` documents, by id, whose kind somebody said."""

    def save_studies(self, studies: Sequence[Study]) -> None:
        """Note what was found out about documents, all in one transaction."""

    def overlaps(self, most_documents: int, least: int) -> list[tuple[str, str]]:
        """Return pairs of ids (the smaller first) of documents whose sketches share at least `least` hashes.

        Hashes in more than `most_documents` documents tell nothing and are passed over.
        """

    def sketch(self, document_id: str) -> set[int]:
        """Return a document's sketch."""

    def set_duplicates(self, duplicates: Mapping[str, str]) -> bool:
        """Show the second document of each pair in place of the first, all others as themselves; whether it changed."""

    def duplicates(self) -> dict[str, str]:
        """Return documents that are not shown, and the one that is shown in their place."""

    def proposals(self) -> list[Proposal]:
        """Return what is proposed, by document and field."""

    def coverage(self, document_id: str) -> TextCoverage | None:
        """Return what became of the words of a document's file; `None` where nobody counted."""

    def set_coverage(self, coverages: Mapping[str, TextCoverage]) -> None:
        """Note what became of the words of files, by the location of their document."""

    def decide(self, location: str, field: str, value: object | None) -> None:
        """Note a person's decision on a field: a value, or `None` to leave it empty."""

    def decided(self, location: str) -> dict[str, object]:
        """Return the values that persons gave to fields of the document there."""

    def decided_fields(self, location: str) -> set[str]:
        """Return the fields of the document there that persons decided on, also those that are to stay empty."""
