"""The kinds of web sources: each address's kind and its reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from indexer.sandbox import Sandbox
from indexer.sources.feeds import FeedReader, SitemapReader
from indexer.sources.page_reader import PageReader
from indexer.sources.reader_protocol import Known, Loaded, Outcome, SourceReader, Unchanged, digest_of
from indexer.web.addresses import normalised
from indexer.web.fetcher import Fetched, Fetcher
from knowledge.storage.source_protocols import Origin, SourceKind

_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF)[\s>]")
_LOOKED_AT = 4000
_PACKED = b"\x1f\x8b"


def kind_of(fetched: Fetched) -> SourceKind:
    """Return what a web address is, by what it holds: servers are often wrong about its type."""
    start = fetched.content[:_LOOKED_AT]
    if b"BEGIN:VCALENDAR" in start[:200] or fetched.media_type == "text/calendar":
        return SourceKind.CALENDAR
    if start.startswith(_PACKED) and ".xml" in fetched.address:
        return SourceKind.SITEMAP
    if b"<html" in start.lower():
        return SourceKind.PAGE
    root = _ROOT.search(start)
    if root is None:
        return SourceKind.PAGE
    return SourceKind.SITEMAP if root.group(1) in (b"urlset", b"sitemapindex") else SourceKind.FEED


def web_reader(
    kind: SourceKind,
    address: str,
    depth: int,
    first: Fetched | None,
    fetcher: Fetcher,
    sandbox: Sandbox,
    known: Known,
    most_pages: int,
    now: datetime,
) -> SourceReader:
    """Return the reader of a web source. `first` is what its address holds, where that was asked for already."""
    if kind is SourceKind.SITEMAP:
        return SitemapReader(address, first, most_pages, fetcher, sandbox, known)
    if kind is SourceKind.FEED:
        return FeedReader(address, first, most_pages, fetcher, sandbox, known)
    if kind is SourceKind.CALENDAR:
        return CalendarReader(address, first, fetcher, sandbox, known, now)
    return PageReader(address, first, depth, most_pages, fetcher, sandbox, known)


class CalendarReader:
    """Reads the events of a calendar's address."""

    def __init__(
        self,
        address: str,
        first: Fetched | None,
        fetcher: Fetcher,
        sandbox: Sandbox,
        known: Known,
        now: datetime,
    ) -> None:
        self.complete = True
        self.total = 1
        self.warnings: list[str] = []
        self._address = normalised(address)
        self._first = first
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._known = known
        self._now = now

    def read(self) -> Iterator[Outcome]:
        """Yield all events at once: they come from one answer."""
        # Always asked for in full: which time of a repeated event is next changes without the calendar.
        fetched = self._first or self._fetcher.fetch(self._address)
        if fetched is None:
            return
        digest = digest_of(fetched.content, self._now.date())
        if self._known.is_unchanged(self._address, digest):
            yield Unchanged(self._address)
            return
        documents, warnings = self._sandbox.calendar(fetched.content, self._address, self._now)
        self.total = len(documents)
        self.warnings += warnings
        yield Loaded(documents, Origin(location=self._address, digest=digest))
