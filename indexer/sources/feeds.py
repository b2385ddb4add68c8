"""Feeds (RSS, Atom) and sitemaps: lists of pages."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

from indexer.parsing import parse_file
from indexer.parsing.text import printable
from indexer.parsing.xml import parse_xml, refuse_entities
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


class _ListReader:
    """What readers of addresses that list others have in common. `complete` says whether what is not listed is gone."""

    def __init__(
        self, address: str, first: Fetched | None, most: int, fetcher: Fetcher, known: Known, *, complete: bool
    ) -> None:
        self.complete = complete
        self.total = 1
        self.warnings: list[str] = []
        self._address = normalised(address)
        self._first = first
        self._most = most
        self._fetcher = fetcher
        self._known = known
        self._loader = PageLoader(fetcher, known)


class FeedReader(_ListReader):
    """Reads the entries of a feed. Entries that a feed drops stay in the library: feeds only list the newest."""

    def __init__(self, address: str, first: Fetched | None, most: int, fetcher: Fetcher, known: Known) -> None:
        super().__init__(address, first, most, fetcher, known, complete=False)

    def read(self) -> Iterator[Outcome]:
        """Each entry: from the feed where that has the whole text, else from its page."""
        import feedparser

        fetched = self._first or self._fetcher.fetch(self._address)
        if fetched is None:
            return
        refuse_entities(fetched.content)
        # As a stream: what looks like a path or an address feedparser would open or fetch by itself, past every check.
        feed = feedparser.parse(
            io.BytesIO(fetched.content), response_headers={"content-location": fetched.address}, sanitize_html=True
        )
        if not feed.get("version"):
            raise SourceError("it is not a feed that can be read; check the address")
        entries = feed.entries[: self._most]
        self.total = len(entries)
        for entry in entries:
            link = joined(fetched.address, str(entry.get("link") or ""))
            if link is None:
                continue
            try:
                yield self._entry(entry, link)
            except HalnError as error:
                yield self._loader.failed(link, error)

    def _entry(self, entry: dict[str, object], link: str) -> Outcome:
        texts = [str(part.get("value", "")) for part in entry.get("content", [])]  # type: ignore[attr-defined]
        html = max([*texts, str(entry.get("summary") or "")], key=len)
        words = len(re.sub(r"<[^>]+>", " ", html).split())
        if words < _WHOLE_ARTICLE_WORDS and same_site(link, self._address):
            return self._loader.outcome(link)
        title = " ".join(printable(str(entry.get("title") or "")).split()) or None
        digest = digest_of(html.encode(), title)
        if self._known.is_unchanged(link, digest):
            return Unchanged(link)
        page = f"<html><body><article>{html}</article></body></html>"
        parsed = parse_file("entry.html", page.encode(), title)
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        published = "{:04}-{:02}-{:02}".format(*moment[:3]) if isinstance(moment, tuple) else None
        author = printable(str(entry.get("author") or "")) or None
        document = Document(
            location=link,
            suggested_id=web_id(link, title),
            metadata=metadata_from(parsed.title, {"url": link, "published": published, "author": author}),
            sections=parsed.sections,
            coverage=parsed.coverage,
        )
        return Loaded((document,), Origin(location=link, digest=digest))


class SitemapReader(_ListReader):
    """Reads the pages of a sitemap, or of the sitemaps that an index lists. Pages on other sites are left out."""

    def __init__(self, address: str, first: Fetched | None, most: int, fetcher: Fetcher, known: Known) -> None:
        super().__init__(address, first, most, fetcher, known, complete=True)

    def read(self) -> Iterator[Outcome]:
        """Each page that the sitemap lists."""
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
        root = parse_xml(_unpacked(fetched.content))
        places = [
            link
            for loc in root.iter("{*}loc")
            if (link := joined(fetched.address, loc.text or "")) and same_site(link, self._address)
        ]
        if not str(root.tag).endswith("sitemapindex"):
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


def _unpacked(content: bytes) -> bytes:
    """A sitemap that is kept packed, unpacked; at most fifty megabytes, as the sitemaps protocol says."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        unpack = zlib.decompressobj(47)
        text = unpack.decompress(content, 50_000_000)
    except (zlib.error, gzip.BadGzipFile):
        raise SourceError("the packed sitemap is damaged; tell the site's owner") from None
    if unpack.unconsumed_tail:
        raise SourceError("the sitemap unpacks to more than 50 MB; tell the site's owner, or add the pages you want")
    return text
