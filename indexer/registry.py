"""Sources: what a text names, how each is read, and what is gone when it has been."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexer.renames import Renames
from indexer.report import Renamed
from indexer.sandbox import Sandbox
from indexer.sources.calendar import RECORDING
from indexer.sources.file_reader import FileReader, require_readable
from indexer.sources.files import absolute, is_pattern, scan
from indexer.sources.page_reader import PageLoader, kept, redirect
from indexer.sources.reader_protocol import Failed, Gone, Known, Loaded, Repeated, SourceReader, Unchanged, too_long
from indexer.sources.web import kind_of, web_reader
from indexer.storer import Item
from indexer.web.addresses import is_address, normalised
from indexer.web.fetcher import Fetched, Fetcher
from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.errors import HalnError, SourceBusyError, SourceError, SourceGoneError, SourceNotFoundError
from knowledge.library import Library
from knowledge.storage.source_protocols import Origin, Source, SourceKind, Withdrawal

_FILES = frozenset({SourceKind.FILE, SourceKind.FOLDER})


@dataclass
class SourceReading:
    """One source while it is read: what it gave, what failed in it, and how its reading ended."""

    source: Source
    reader: SourceReader
    root: Path | None = None
    unread: tuple[str, ...] = ()
    present: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    failed: list[Failed] = field(default_factory=list)
    error: HalnError | None = None
    left_away: list[Withdrawal] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    redirects: list[Origin] = field(default_factory=list)
    ended: bool = False


class SourceRegistry:
    """Opens and reads the sources of one library."""

    def __init__(
        self,
        library: Library,
        fetcher: Fetcher,
        sandbox: Sandbox,
        now: Callable[[], datetime],
        *,
        dry_run: bool = False,
    ) -> None:
        """Take the library; with `dry_run` everything is read as if for the first time, and nothing is noted in it."""
        self._dry_run = dry_run
        self._library = library
        self._store = library.store
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._now = now
        self._known: Known | None = None

    def open(self, named: str, depth: int = 0) -> SourceReading:
        """Register what a text names (a path, a pattern, a web address), ready to be read.

        Raises:
            SourceError: There is nothing there that can be a source.
            SourceBusyError: Its server may be asked later.
        """
        if is_address(named):
            address = normalised(named)
            known = self._store.sources.at(address)
            try:
                first = self._fetcher.fetch(address)
            except SourceGoneError:
                if known is None:
                    raise
                return self._web(known, None)  # reading it finds the same, and takes its document out
            except SourceNotFoundError as error:
                if known is None:
                    raise
                raise SourceError(kept(error, address)) from None
            if first is None:
                raise SourceError("the server did not send the page; try again later")
            kind = kind_of(first)
            depth = max(depth, known.depth if known else 0)
            return self._web(self._registered(kind, address, depth), first)
        return self._files(named)

    def reopen(self, source: Source) -> SourceReading:
        """Return a registered source, ready to be read again.

        Raises:
            SourceError: It is not there any more, or it is a file of a kind that is not read.
        """
        if source.kind not in _FILES:
            return self._web(source, None)
        path = Path(source.address)
        if source.kind is SourceKind.FILE and not path.exists() and path.parent.is_dir():
            raise SourceError(vanished_error(source))
        if source.kind is SourceKind.FILE and path.is_file():
            try:
                require_readable(path)
            except SourceError as error:  # earlier releases took such files as sources
                raise SourceError(f"{error}; `haln index remove {source.id}` forgets it") from None
        return self._files(source.address, source)

    def items(self, reading: SourceReading, withdrawn: Mapping[str, Withdrawal]) -> Iterator[Item]:
        """Yield the documents that a source gives; those that are known to be unchanged without their text.

        Documents at the locations `withdrawn` are left away: a person removed them. Whatever goes wrong with the
        source as a whole is noted in the reading, and so are files that were known under another name.
        """
        left_away = dict(withdrawn)
        renames = None if self._dry_run else Renames(self._store, self.known(), left_away)
        try:
            for outcome in reading.reader.read():
                if isinstance(outcome, Loaded | Unchanged | Repeated) and outcome.asked and not too_long(outcome.asked):
                    place = outcome.origin.location if isinstance(outcome, Loaded) else outcome.location
                    reading.redirects.append(redirect(outcome.asked, place))
                if isinstance(outcome, Loaded) and (failed := too_long(outcome.origin.location)):
                    reading.failed.append(failed)
                elif isinstance(outcome, Loaded):
                    if renames is not None:
                        reading.renamed += renames.take(outcome, reading.root, reading.unread)
                    reading.present.add(outcome.origin.location)
                    last = len(outcome.documents) - 1
                    for number, document in enumerate(outcome.documents):
                        if failed := too_long(document.location):
                            reading.failed.append(failed)
                            continue
                        reading.present.add(document.location)
                        if (withdrawal := left_away.get(document.location)) is not None:
                            reading.left_away.append(withdrawal)
                        else:
                            origin = outcome.origin if number == last else None
                            yield Item(document.location, document, origin, reading.source.id)
                elif isinstance(outcome, Unchanged):
                    reading.present.add(outcome.location)
                    same = self._at(outcome.location)
                    reading.present |= same
                    for location in sorted(same):
                        yield Item(location)
                elif isinstance(outcome, Repeated):
                    reading.present.add(outcome.location)
                elif isinstance(outcome, Gone):
                    reading.gone |= self._at(outcome.location)
                else:
                    if not outcome.missing:
                        reading.present |= self._at(outcome.location)
                    reading.failed.append(outcome)
            reading.ended = True
        except HalnError as error:
            if isinstance(error, SourceNotFoundError):
                error = SourceError(kept(error, reading.source.address))
            reading.error = error

    def close(self, reading: SourceReading) -> list[StoredDocument]:
        """Note how a reading ended; the documents that are gone with it, still to be removed."""
        sources = self._store.sources
        complete = reading.ended and reading.reader.complete
        here = self._now()
        for folder in reading.unread:
            reading.present.update(sources.stored(f"{folder}/"))  # what is in it is not known to be gone
        sources.set_origins(reading.redirects)
        gone = sources.gave(reading.source.id, reading.present, complete=complete)
        if complete and reading.root is not None:
            gone |= self._vanished(reading)
        gone = {place for place in gone if not self._is_kept(place, reading, here)} | reading.gone
        wait = [failure.wait for failure in reading.failed if failure.wait]
        error = str(reading.error) if reading.error else None
        if isinstance(reading.error, SourceBusyError) and reading.error.wait:
            wait.append(reading.error.wait)
        if error is None and reading.failed:
            error = f"{len(reading.failed)} not read, first {reading.failed[0].location}: {reading.failed[0].error}"
        later = (here + timedelta(seconds=max(wait))).astimezone(UTC).isoformat(timespec="seconds") if wait else None
        sources.checked(reading.source.id, error=error, not_before=later, read=reading.ended)
        found = (self._store.document_at(location) for location in sorted(gone))
        return [document for document in found if document is not None]

    def known(self) -> Known:
        """Return what the library had of every source when it was first asked here."""
        if self._dry_run:
            return Known({}, frozenset())
        if self._known is None:
            sources = self._store.sources
            self._known = Known(sources.origins(), frozenset(sources.stored()))
        return self._known

    def _files(self, named: str, source: Source | None = None) -> SourceReading:
        self._require_there(named)
        found = scan(named)
        if found.root is not None and not (found.files or found.pages or found.failed or found.other):
            self._refuse_if_stored(found.root, "is empty")
        is_folder = found.root is not None or is_pattern(found.address)
        if source is None:
            if not is_folder:
                require_readable(Path(found.address))  # else it would be a source that fails for ever
            kind = SourceKind.FOLDER if is_folder else SourceKind.FILE
            source = self._registered(kind, found.address, 0)
        reader = FileReader(
            found,
            self.known(),
            self._library.settings.max_file_mb * 1_000_000,
            PageLoader(self._fetcher, self._sandbox, self.known()),
            self._sandbox,
            self._now(),
        )
        return SourceReading(source, reader, found.root, found.unread)

    def _registered(self, kind: SourceKind, address: str, depth: int) -> Source:
        """Return the source with that address; for a dry run one that is noted nowhere."""
        if failed := too_long(address):
            raise SourceError(failed.error)
        if not self._dry_run:
            return self._store.sources.add(kind, address, depth)
        return Source(
            id=0,
            kind=kind,
            address=address,
            depth=depth,
            added_at="",
            last_checked=None,
            last_success=None,
            error=None,
            not_before=None,
            documents=0,
        )

    def _web(self, source: Source, first: Fetched | None) -> SourceReading:
        reader = web_reader(
            source.kind,
            source.address,
            source.depth,
            first,
            self._fetcher,
            self._sandbox,
            self.known(),
            self._library.settings.web_max_pages,
            self._now(),
        )
        return SourceReading(source, reader)

    def _require_there(self, named: str) -> None:
        """Refuse a folder that is not there: most often a drive is not connected, and nothing is removed for that."""
        path = absolute(named)
        try:
            missing = not path.exists()
        except OSError:
            raise SourceError("this cannot be the path of a file or a folder") from None
        if missing and not is_pattern(named):
            self._refuse_if_stored(path, "is not there")

    def _refuse_if_stored(self, path: Path, how: str) -> None:
        if count := len(self._store.sources.stored(f"{path}/")):
            raise SourceError(
                f"the folder {how}, though {count} documents of the library came from it; they stay. Connect its drive "
                f"or bring it back; if it is gone for good, run `haln index remove {path}`"
            )

    def _vanished(self, reading: SourceReading) -> set[str]:
        """Return the documents below a folder whose file is no longer in it."""
        under = self._store.sources.stored(f"{reading.root}/")
        places = reading.present | {failure.location for failure in reading.failed if not failure.missing}

        def there(location: str) -> bool:
            return location in places or location.partition("#")[0] in places

        return {location for location in under if not there(location)}

    def _is_kept(self, location: str, reading: SourceReading, now: datetime) -> bool:
        """Return whether a document stays that its calendar does not list any more: a past event with a recording."""
        calendar, mark, _ = location.partition("#")
        document = self._store.document_at(location)
        if document is None or document.metadata.kind is not Kind.EVENT or not mark or calendar not in reading.present:
            return False
        over = (document.metadata.ends or document.metadata.starts or "") < now.astimezone(UTC).strftime("%Y-%m-%dT%H")
        return over and any(RECORDING in section.text for section in self._store.sections(document.id))

    def _at(self, location: str) -> set[str]:
        """Return a location itself, and the documents that a calendar there gave."""
        known = self.known()
        if location in known.stored:
            return {location}
        return {stored for stored in known.stored if stored.startswith(f"{location}#")} or {location}


def vanished_error(source: Source) -> str:
    """Return what is said of a file that was a source and is not there any more."""
    return (
        f"the file is not there any more, and so its document was removed; `haln index remove {source.id}` forgets it"
    )


def due(sources: Sequence[Source], now: datetime) -> list[Source]:
    """Return the sources whose server does not ask to wait longer."""
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    return [source for source in sources if source.not_before is None or source.not_before <= moment]
