"""The readers' protocol: what a source gives, one thing after the other, and what is known of it from before."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from indexer.parsing.files import PARSERS_VERSION
from knowledge.domain.library import Document
from knowledge.storage.source_protocols import Origin

# In bytes. PostgreSQL's indexes take 2,700, and its sources' numbers beside it.
_LONGEST_LOCATION = 2000


@dataclass(frozen=True)
class Loaded:
    """Documents that were read anew. `origin` is noted with the last of them.

    `asked`: the address that led to them, where it is another than theirs.
    """

    documents: tuple[Document, ...]
    origin: Origin
    asked: str | None = None


@dataclass(frozen=True)
class Unchanged:
    """The library has what is at this location. `asked`: the address that led there, if another did."""

    location: str
    asked: str | None = None


@dataclass(frozen=True)
class Repeated:
    """A thing given earlier in the same reading: another address led to it."""

    location: str
    asked: str


@dataclass(frozen=True)
class Failed:
    """A failed reading; what the library has of it stays, unless it is `missing`: known to be deleted.

    `wait`: seconds to leave its server alone.
    """

    location: str
    error: str
    wait: float | None = None
    missing: bool = False


def too_long(location: str) -> Failed | None:
    """Return the failure of a path or an address that no database can keep in an index; `None` where it is short."""
    size = len(location.encode(errors="replace"))
    if size <= _LONGEST_LOCATION:
        return None
    reason = f"its path or address has {size} bytes, more than {_LONGEST_LOCATION}; give it a shorter one"
    return Failed(location, reason)


@dataclass(frozen=True)
class Gone:
    """A location whose content is gone for good, its server says."""

    location: str


Outcome = Loaded | Unchanged | Repeated | Failed | Gone


@dataclass(frozen=True)
class Known:
    """The state before reading: origins by location, and the locations of all documents."""

    origins: Mapping[str, Origin]
    stored: Collection[str]

    def is_unchanged(self, location: str, digest: str) -> bool:
        """Return whether this very content was read from there before, and a document of it is in the library."""
        origin = self.origins.get(location)
        return origin is not None and origin.digest == digest and self.has(location)

    def has(self, location: str) -> bool:
        """Return whether the library has a document of this location. One file may give several, named behind a `#`."""
        return location in self.stored or any(stored.startswith(f"{location}#") for stored in self._parts(location))

    def _parts(self, location: str) -> Collection[str]:
        # Only calendars give several documents; a search through all locations is for them alone.
        return self.stored if location.lower().endswith(".ics") or "://" in location else ()


class SourceReader(Protocol):
    """Reads one source.

    When `read` has come to its end, `complete` says whether everything that the source gave earlier and does not give
    now is gone, and `total` is how many outcomes there are (it may grow on the way).
    """

    complete: bool
    total: int
    warnings: list[str]

    def read(self) -> Iterator[Outcome]:
        """Return what the source gives, one location after the other. Problems with one thing are outcomes, not errors.

        Raises:
            SourceError: The source itself cannot be read, so nothing is known of what is in it.
            SourceBusyError: It can be read later.
        """


def digest_of(content: bytes, *described: object) -> str:
    """Return the SHA-256 of a file's bytes and of all else that its documents are made from."""
    about = json.dumps([PARSERS_VERSION, *described], sort_keys=True, default=str, ensure_ascii=False)
    digest = hashlib.sha256(about.encode())
    digest.update(b"\0")
    digest.update(content)
    return digest.hexdigest()
