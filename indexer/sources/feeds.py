"""Feeds (RSS, Atom) and sitemaps: lists of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from indexer.parsing.feed import FeedEntry
from indexer.sandbox import Sandbox
from indexer.sources.document_ids import web_id
from indexer.sources.metadata import metadata_from
from indexer.sources.page_reader import PageLoader
from indexer.sources.reader_protocol import Known, Loaded, Outcome, Unchanged, digest_of
from indexer.web.addresses import joined, normalised, same_site
from indexer.web.fetcher import Fetched, Fetcher
from knowledge.domain.library import Document
from knowledge.errors import HalnError, SourceError
from knowledge.storage.source_protocols import Origin

# An entry with this many words is the whole article; a shorter one is a teaser for its page.
_WHOLE_ARTICLE_WORDS = 150
_DEEPEST_SITEMAP = 3
_TAG = re.compile(r"<[^<>]+>")


class _ListReader:
    """The common part of readers of addresses that list others. `complete` says whether what is not listed is gone."""

    def __init__(
        self,
        address: str,
        first: Fetched | None,
        most: int,
        fetcher: Fetcher,
        sandbox: Sandbox,
        known: Known,
        *,
        complete: bool,
    ) -> None:
        self.complete = complete
        self.total = 1
        self.warnings: list[str] = []
        self._address = normalised(address)
        self._first = first
        self._most = most
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._known = known
        self._loader = PageLoader(fetcher, sandbox, known)


class FeedReader(_ListReader):
    """Reads the entries of a feed. Entries that a feed drops stay in the library: feeds only list the newest."""

    def __init__(
        self, address: str, first: Fetched | None, most: int, fetcher: Fetcher, sandbox: Sandbox, known: Known
    ) -> None:
        super().__init__(address, first, most, fetcher, sandbox, known, complete=False)

    def read(self) -> Iterator[Outcome]:
        """Yield each entry: from the feed where that has the whole text, else from its page."""
        fetched = self._first or self._fetcher.fetch(self._address)
        if fetched is None:
            return
        entries = self._sandbox.feed(fetched.content, fetched.address)[: self._most]
        self.total = len(entries)
        for entry in entries:
            link = joined(fetched.address, entry.link)
            if link is None:
                continue
            try:
                yield self._entry(entry, link)
            except HalnError as error:
                yield self._loader.failed(link, error)

    def _entry(self, entry: FeedEntry, link: str) -> Outcome:
        words = len(_TAG.sub(" ", entry.html).split())
        if words < _WHOLE_ARTICLE_WORDS and same_site(link, self._address):
            return self._loader.outcome(link)
        digest = digest_of(entry.html.encode(), entry.title)
        if self._known.is_unchanged(link, digest):
            return Unchanged(link)
        page = f"<html><body><article>{entry.html}</article></body></html>"
        parsed = self._sandbox.file("entry.html", page.encode(), entry.title)
        said = {"url": link, "published": entry.published, "author": entry.author}
        document = Document(
            location=link,
            suggested_id=web_id(link, entry.title),
            metadata=metadata_from(parsed.title, said),
            sections=parsed.sections,
            coverage=parsed.coverage,
        )
        return Loaded((document,), Origin(location=link, digest=digest))


class SitemapReader(_ListReader):
    """Reads the pages of a sitemap, or of the sitemaps that an index lists. Pages on other sites are left out."""

    def __init__(
        self, address: str, first: Fetched | None, most: int, fetcher: Fetcher, sandbox: Sandbox, known: Known
    ) -> None:
        super().__init__(address, first, most, fetcher, sandbox, known, complete=True)

    def read(self) -> Iterator[Outcome]:
        """Yield each page that the sitemap lists."""
        # One more than are read, so that it is known whether there are more; an index may list sitemaps without end.
        pages = list(islice(_distinct(self._pages(self._address, self._first, 0)), self._most + 1))
        if not pages:
            raise SourceError("the sitemap lists no pages of its own site; what the library has of it stays")
        if len(pages) > self._most:
            self.complete = False
            self.warnings.append(
                f"{self._address}: it lists more than {self._most} pages; the rest is not read (HALN_WEB_MAX_PAGES)"
            )
        self.total = min(len(pages), self._most)
        for page in pages[: self._most]:
            yield self._loader.outcome(page)

    def _pages(self, address: str, fetched: Fetched | None, depth: int) -> Iterator[str]:
        fetched = fetched or self._fetcher.fetch(address)
        if fetched is None:
            return
        is_index, listed = self._sandbox.sitemap(fetched.content)
        links = (joined(fetched.address, place) for place in listed)
        places = [link for link in links if link and same_site(link, self._address)]
        if not is_index:
            yield from places
        elif depth < _DEEPEST_SITEMAP:
            for place in places[: self._most]:
                try:
                    yield from self._pages(place, None, depth + 1)
                except HalnError as error:
                    # What only this part lists is not known to be gone.
                    self.complete = False
                    self.warnings.append(f"{place}: this part of the sitemap was not read: {error}")


def _distinct(items: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item
