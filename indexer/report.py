"""What an indexing run did, and how it tells while it is at it."""

from typing import Protocol

from pydantic import field_validator

from knowledge.types import Noun


class FailedSource(Noun):
    """A source that gave no document, and why, with what to do."""

    source: str
    error: str

    @field_validator("source", mode="before")
    @classmethod
    def _as_text(cls, source: str) -> str:
        # A path that is not UTF-8 is shown as far as it can be.
        return source.encode("utf-8", "replace").decode("utf-8")


class Report(Noun):
    """Counts of documents, of chunks embedded, and seconds of wall clock. The JSON of `haln index add` and `refresh`.

    `added_ids`, `updated_ids` and `removed_ids` name the documents; `warnings` are what an editor may want to mend.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks_embedded: int = 0
    failed: tuple[FailedSource, ...] = ()
    seconds: float = 0.0
    added_ids: tuple[str, ...] = ()
    updated_ids: tuple[str, ...] = ()
    removed_ids: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Progress(Protocol):
    """Told how far a run is, in documents. `total` may grow while sources are found."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` documents are stored or found unchanged."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
