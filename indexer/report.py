"""The report on an indexing run, and its progress on the way."""

from typing import Protocol, Self

from pydantic import Field, field_validator

from knowledge.domain.library import Noun, TextCoverage
from knowledge.storage.source_protocols import Withdrawal

# Two readings of one file count some words differently: a page's number, a word parted otherwise.
_MOST_UNEXPLAINED = 0.05


class FailedSource(Noun):
    """A source that gave no document, and why, with what to do."""

    source: str
    error: str

    @field_validator("source", mode="before")
    @classmethod
    def _as_text(cls, source: str) -> str:
        # A path that is not UTF-8 is shown as far as it can be.
        return source.encode("utf-8", "replace").decode("utf-8")


class Renamed(Noun):
    """A document whose file stands elsewhere now; it is known by the same id."""

    id: str
    was: str
    now: str


class DocumentWords(Noun):
    """The number of words in a document's file by a simple second reading, and what became of them.

    `left_out` is the number of words by the reason for which they are not stored; `unexplained` is how many are missing
    without one.
    """

    id: str
    location: str
    words_read: int
    words_kept: int
    left_out: dict[str, int]
    unexplained: int

    @classmethod
    def of(cls, document_id: str, location: str, coverage: TextCoverage) -> Self:
        """Return the words of a document with that coverage."""
        return cls(
            id=document_id,
            location=location,
            words_read=coverage.words_read,
            words_kept=coverage.words_kept,
            left_out={part.reason: part.words for part in coverage.left_out},
            unexplained=coverage.unexplained,
        )

    @property
    def incomplete(self) -> bool:
        """Return whether more is missing without a reason than reading in two ways explains."""
        return self.unexplained > _MOST_UNEXPLAINED * self.words_read

    def line(self) -> str:
        """Return the words in one line for people: how many were read, left out and why."""
        parts = [f"{reason} {count:,}" for reason, count in self.left_out.items()]
        parts += [f"unexplained {self.unexplained:,}"] if self.unexplained else []
        out = self.words_read - self.words_kept
        return f"{self.words_read:,} words read, {out:,} left out" + (f" ({', '.join(parts)})" if parts else "")

    def warning(self) -> str:
        """Return what is said of a document whose words are missing."""
        share = round(100 * self.unexplained / self.words_read)
        look = f"look at `haln index show {self.id}`"
        return f"{self.id}: {share} % of the words are missing and nothing explains it: {look}"


class Report(Noun):
    """Counts of documents, of chunks embedded, and seconds of wall clock. The JSON of `haln index add` and `refresh`.

    `added_ids`, `updated_ids` and `removed_ids` name the documents, `renamed` those whose file was moved; `warnings`
    are what an editor may want to mend. `words` is of the documents added and updated; `words_read`, `words_kept`,
    `left_out` and `unexplained` are its sums. `left_away` is what a person removed.
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
    renamed: tuple[Renamed, ...] = ()
    left_away: tuple[Withdrawal, ...] = ()
    words: tuple[DocumentWords, ...] = ()
    words_read: int = 0
    words_kept: int = 0
    left_out: dict[str, int] = Field(default_factory=dict)
    unexplained: int = 0


class Progress(Protocol):
    """A listener who is told how far a run is, in documents. `total` may grow while sources are found."""

    def __call__(self, done: int, total: int) -> None:
        """Hear that `done` of `total` documents are stored or found unchanged."""


def silent(done: int, total: int) -> None:
    """Do nothing: progress that nobody watches."""
