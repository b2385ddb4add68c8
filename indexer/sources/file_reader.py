"""Reads the files of a path: unchanged ones are told by their bytes, calendars give several documents."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from indexer.parsing.files import CALENDAR_SUFFIX, require_supported
from indexer.sandbox import Sandbox
from indexer.sources.document_ids import file_id
from indexer.sources.files import FoundFile, Scan
from indexer.sources.metadata import metadata_from, stated, unknown_fields, usable
from indexer.sources.page_reader import PageLoader
from indexer.sources.reader_protocol import Failed, Known, Loaded, Outcome, Unchanged, digest_of
from knowledge.domain.library import Document
from knowledge.errors import SourceError
from knowledge.storage.source_protocols import Origin

_MARKDOWN = frozenset({".md", ".markdown"})


def require_readable(path: Path) -> None:
    """Accept a file of a kind that is read.

    Raises:
        SourceError: It is of another kind; the message says what to save it as.
    """
    if (suffix := path.suffix.lower()) != CALENDAR_SUFFIX:
        require_supported(suffix)


class FileReader:
    """Reads files, and the web pages that their catalogues name. `now` decides what is next in a calendar."""

    def __init__(
        self, found: Scan, known: Known, max_bytes: int, pages: PageLoader, sandbox: Sandbox, now: datetime
    ) -> None:
        self.complete = True
        self.total = len(found.files) + len(found.pages)
        self.warnings: list[str] = list(found.warnings)
        self._found = found
        self._known = known
        self._max_bytes = max_bytes
        self._pages = pages
        self._sandbox = sandbox
        self._now = now
        self._unknown: Counter[tuple[str, str | None]] = Counter()

    def read(self) -> Iterator[Outcome]:
        """Yield each file, then each page that a catalogue names."""
        yield from self._found.failed
        for file in self._found.files:
            try:
                yield self._read(file)
            except SourceError as error:
                yield Failed(str(file.path), str(error))
        for address, described in self._found.pages.items():
            yield self._pages.outcome(address, described)
        self.warnings += [
            f'front matter field "{name}" says nothing to the assistant ({count} file{"s" if count > 1 else ""})'
            + (f"; did you mean {meant}?" if meant else "")
            for (name, meant), count in self._unknown.items()
        ]

    def _read(self, file: FoundFile) -> Outcome:
        location = str(file.path)
        suffix = file.path.suffix.lower()
        require_readable(file.path)
        content = self._content(file)
        # What is next changes from day to day, so a calendar is read anew on another day.
        today = self._now.date() if suffix == CALENDAR_SUFFIX else None
        digest = digest_of(content, file.described, today)
        if self._known.is_unchanged(location, digest):
            return Unchanged(location)
        origin = Origin(location=location, digest=digest)
        if suffix == CALENDAR_SUFFIX:
            events, warnings = self._sandbox.calendar(content, location, self._now)
            self.warnings += warnings
            return Loaded(events, origin)
        document, problem = self._document(file, content)
        if problem:
            self.warnings.append(f"{location}: {problem}. The document goes in without it")
            # Read anew each time, so that this is said until it is mended.
            origin = Origin(location=location, digest="")
        return Loaded((document,), origin)

    def _content(self, file: FoundFile) -> bytes:
        try:
            if (size := file.path.stat().st_size) > self._max_bytes:
                raise SourceError(
                    f"it has {size / 1e6:.0f} MB and the limit is {self._max_bytes / 1e6:.0f} MB; "
                    "raise HALN_MAX_FILE_MB to read it"
                )
            return file.path.read_bytes()
        except OSError as error:
            raise SourceError(f"it cannot be read ({error.strerror}); check that you may read it") from None

    def _document(self, file: FoundFile, content: bytes) -> tuple[Document, str]:
        """Return the document of a file, and what its own words about it cannot be used for ("" where they all can)."""
        known_title = file.described.get("title")
        parsed = self._sandbox.file(file.path.name, content, str(known_title) if known_title else None)
        if file.path.suffix.lower() in _MARKDOWN:
            self._unknown.update(unknown_fields(parsed.front_matter).items())
        own, problem = usable({k: v for k, v in stated(parsed.front_matter).items() if k not in file.described})
        metadata = metadata_from(parsed.title, own, file.described)
        document = Document(
            location=str(file.path),
            suggested_id=file_id(file.path, metadata.title),
            metadata=metadata,
            sections=parsed.sections,
            coverage=parsed.coverage,
        )
        return document, "; ".join(filter(None, [*parsed.problems, problem]))
