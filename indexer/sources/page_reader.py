"""Web pages, and files at web addresses, as documents; and the pages of one site that a page links to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from indexer.parsing.files import SUPPORTED_SUFFIXES
from indexer.sandbox import Sandbox
from indexer.sources.document_ids import web_id
from indexer.sources.metadata import metadata_from, usable
from indexer.sources.reader_protocol import Failed, Gone, Known, Loaded, Outcome, Repeated, Unchanged, digest_of
from indexer.web.addresses import joined, normalised, same_site
from indexer.web.fetcher import Fetched, Fetcher
from knowledge.domain.library import Document
from knowledge.errors import HalnError, SourceBusyError, SourceError, SourceGoneError, SourceNotFoundError
from knowledge.storage.source_protocols import Origin

# How an origin is marked that is no page but leads to one.
_LEADS_TO = "leads to "
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "message/rfc822": ".eml",
}


def redirect(asked: str, location: str) -> Origin:
    """Return the note that what was asked for at one address is stored under another."""
    return Origin(location=asked, digest=f"{_LEADS_TO}{location}")


def target(asked: str, known: Known) -> str:
    """Return the location that an address led to when it was last asked for; the address itself if to no other."""
    origin = known.origins.get(asked)
    return origin.digest.removeprefix(_LEADS_TO) if origin and origin.digest.startswith(_LEADS_TO) else asked


def home(asked: str, known: Known) -> str:
    """Return the location under which the library has what is found at an address; the address itself if it has none.

    A page that was stored before it moved keeps its first location, as long as nothing else is stored at the new one.
    """
    location = target(asked, known)
    return location if known.has(location) else asked


def identity(asked: str, found: str, known: Known) -> str:
    """Return the location to store a page under that was asked for at one address and found at another."""
    if asked == found or (known.has(asked) and not known.has(found)):
        return asked
    one, other = urlsplit(asked), urlsplit(found)
    # A visit's own number, added to the address, is another one at each visit.
    return asked if (one.netloc, one.path) == (other.netloc, other.path) and not one.query else found


class PageLoader:
    """Makes documents of what web addresses hold."""

    def __init__(self, fetcher: Fetcher, sandbox: Sandbox, known: Known) -> None:
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._known = known
        self._given: set[str] = set()

    def outcome(self, address: str, described: Mapping[str, object] | None = None) -> Outcome:
        """Return what came of asking for an address; `described` is what an editor says of it."""
        try:
            asked = normalised(address)
            location = home(asked, self._known)
            marks = self._known.origins.get(location) if self._known.has(location) and not described else None
            fetched = self._fetcher.fetch(asked, marks.etag if marks else None, marks.last_modified if marks else None)
            if fetched is not None:
                return self.read(asked, fetched, described or {})
            return self._repeated(location, asked) or Unchanged(location, None if location == asked else asked)
        except HalnError as error:
            return self.failed(address, error)

    def has(self, location: str) -> bool:
        """Return whether the library holds a document of this location."""
        return self._known.has(location)

    def failed(self, location: str, error: HalnError) -> Outcome:
        """Return an error of one page as what came of it."""
        if isinstance(error, SourceGoneError):
            return Gone(location)
        location = home(location, self._known)
        if isinstance(error, SourceNotFoundError) and self.has(location):
            return Failed(location, kept(error, location))
        return Failed(location, str(error), error.wait or None if isinstance(error, SourceBusyError) else None)

    def read(self, location: str, fetched: Fetched, described: Mapping[str, object]) -> Outcome:
        """Return what was fetched at an address as a document, at the location where it is found in the end.

        Raises:
            SourceError: It is not of a kind that can be read, or there is no text in it.
        """
        asked, location = location, identity(location, fetched.address, self._known)
        led = None if location == asked else asked
        if repeated := self._repeated(location, asked):
            return repeated
        digest = digest_of(fetched.content, dict(described), fetched.address, fetched.media_type)
        if self._known.is_unchanged(location, digest):
            return Unchanged(location, led)
        name = file_name(fetched)
        title = described.get("title")
        parsed = self._sandbox.file(name, fetched.content, str(title) if title else None)
        # What a page says of itself wrongly is no reason to refuse what it says.
        own, _ = usable({**parsed.front_matter, "url": _link(parsed.front_matter.get("url"), fetched)})
        metadata = metadata_from(parsed.title, own, described)
        document = Document(
            location=location,
            suggested_id=web_id(location, metadata.title),
            metadata=metadata,
            sections=parsed.sections,
            coverage=parsed.coverage,
        )
        origin = Origin(location=location, digest=digest, etag=fetched.etag, last_modified=fetched.last_modified)
        return Loaded((document,), origin, led)

    def _repeated(self, location: str, asked: str) -> Repeated | None:
        """Return that a page was given before in this reading; else it is from now on."""
        if location in self._given:
            return Repeated(location, asked)
        self._given.add(location)
        return None


class PageReader:
    """Reads a page, and those of its site that it leads to within `depth` links, at most `most_pages` altogether."""

    def __init__(
        self,
        address: str,
        first: Fetched | None,
        depth: int,
        most_pages: int,
        fetcher: Fetcher,
        sandbox: Sandbox,
        known: Known,
    ) -> None:
        self.complete = True
        self.total = 1
        self.warnings: list[str] = []
        self._address = normalised(address)
        self._first = first
        self._depth = depth
        self._most_pages = most_pages
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._loader = PageLoader(fetcher, sandbox, known)

    def read(self) -> Iterator[Outcome]:
        """Yield the page, then those it leads to, nearest first."""
        if self._depth == 0 and self._first is None:
            yield self._loader.outcome(self._address)
            return
        waiting = [self._address]
        seen = set(waiting)
        for depth in range(self._depth + 1):
            following: list[str] = []
            for address in waiting:
                try:
                    fetched = self._fetched(address)
                    if depth < self._depth:
                        following += self._new(fetched, seen)
                    yield self._loader.read(address, fetched, {})
                except HalnError as error:
                    # What only this page leads to is not known to be gone.
                    self.complete = False
                    if depth and isinstance(error, SourceNotFoundError) and not self._loader.has(address):
                        self.warnings.append(
                            f"{address}: a page of the site links to it, but it is not there (status 404)"
                        )
                    else:
                        yield self._loader.failed(address, error)
            waiting = following

    def _new(self, fetched: Fetched, seen: set[str]) -> list[str]:
        """Return the addresses that a page leads to and that were not seen yet, as many as may be read."""
        new = [link for link in links(fetched, self._sandbox) if link not in seen]
        room = self._most_pages - len(seen)
        if len(new) > room and self.complete:
            self.complete = False
            self.warnings.append(
                f"{self._address}: only {self._most_pages} pages of the site are read (HALN_WEB_MAX_PAGES)"
            )
        seen.update(new[:room])
        self.total = len(seen)
        return new[:room]

    def _fetched(self, address: str) -> Fetched:
        if self._first is not None and address == self._address:
            return self._first
        fetched = self._fetcher.fetch(address)
        if fetched is None:
            raise SourceError("the server says that nothing changed without being asked; try again later")
        return fetched


def links(fetched: Fetched, sandbox: Sandbox) -> list[str]:
    """Return the addresses on the same site that a page leads to, in order, each once.

    Raises:
        SourceError: Reading the page costs too much.
    """
    if file_name(fetched).rpartition(".")[2] not in ("html", "htm"):
        return []
    stated, written = sandbox.links(fetched.content)
    base = (joined(fetched.address, stated) if stated else None) or fetched.address
    found = [joined(base, link) for link in written]
    return [link for link in dict.fromkeys(found) if link and same_site(link, fetched.address) and _may_be_read(link)]


def file_name(fetched: Fetched) -> str:
    """Return a name whose ending tells the parser: by what the server says it is, else by the address, else a page."""
    path = PurePosixPath(unquote(urlsplit(fetched.address).path))
    suffix = path.suffix.lower()
    said = _SUFFIXES.get(fetched.media_type)
    # Servers call files text/plain or nothing at all when they do not know better than their names.
    if said is None or (said == ".txt" and suffix in SUPPORTED_SUFFIXES):
        said = suffix if suffix in SUPPORTED_SUFFIXES or fetched.media_type.startswith(("image/", "video/")) else None
    if said is None and fetched.content.startswith(b"%PDF-"):
        said = ".pdf"
    return f"{path.stem or 'page'}{said or '.html'}"


def kept(error: SourceNotFoundError, address: str) -> str:
    """Return a line saying that what the library has of an address stays, and how to take it out."""
    return (
        f"{error}. It may come back, so what the library has of it stays; if it is gone for good, take it out with "
        f"`haln index remove {address}`"
    )


def _may_be_read(link: str) -> bool:
    suffix = PurePosixPath(urlsplit(link).path).suffix.lower()
    return not suffix or suffix in SUPPORTED_SUFFIXES or suffix in (".php", ".aspx", ".asp", ".jsp", ".shtml")


def _link(canonical: object, fetched: Fetched) -> str | None:
    """Return the address that a citation leads to: the page's own idea of it where that is on the same site."""
    if urlsplit(fetched.address).scheme == "file":
        return None
    if isinstance(canonical, str) and (link := joined(fetched.address, canonical)) and same_site(link, fetched.address):
        return link
    return fetched.address
