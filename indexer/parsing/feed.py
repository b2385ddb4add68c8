"""Feeds (RSS, Atom): what each entry says of itself."""

import io
from typing import Any, NamedTuple

from indexer.parsing.text import printable
from indexer.parsing.xml import refuse_entities
from knowledge.errors import SourceError


class FeedEntry(NamedTuple):
    """An entry of a feed. `link` and `html` are as the feed has them; `published` is a day (2021-03-25)."""

    link: str
    title: str | None
    html: str
    published: str | None
    author: str | None


def parse_feed(content: bytes, address: str) -> list[FeedEntry]:
    """Return the entries of the feed that `address` holds, in its order.

    Raises:
        SourceError: It is not a feed that can be read.
    """
    import feedparser

    refuse_entities(content)
    # As a stream: what looks like a path or an address feedparser would open or fetch by itself, past every check.
    feed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": address}, sanitize_html=True)
    if not feed.get("version"):
        raise SourceError("it is not a feed that can be read; check the address")
    return [_entry(entry) for entry in feed.entries]


def _entry(entry: dict[str, Any]) -> FeedEntry:
    texts = [str(part.get("value", "")) for part in entry.get("content", [])]
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return FeedEntry(
        link=str(entry.get("link") or ""),
        title=" ".join(printable(str(entry.get("title") or "")).split()) or None,
        html=max([*texts, str(entry.get("summary") or "")], key=len),
        published="{:04}-{:02}-{:02}".format(*moment[:3]) if isinstance(moment, tuple) else None,
        author=printable(str(entry.get("author") or "")) or None,
    )
