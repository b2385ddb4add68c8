"""Addresses that a web page or a sitemap leads to."""

import zlib

from indexer.parsing.xml import parse_xml
from knowledge.errors import SourceError

# As the sitemaps protocol says.
_MOST_UNPACKED_BYTES = 50_000_000


def page_links(content: bytes) -> tuple[str, list[str]]:
    """Return the base that a page states for its links ("" where none), and the links as they are written, in order.

    None where the page cannot be read, or asks programs to follow none of them.
    """
    from lxml import html
    from lxml.etree import LxmlError

    try:
        tree = html.document_fromstring(content)
    except (LxmlError, ValueError):
        return "", []
    if "nofollow" in str(tree.xpath("string(//meta[@name='robots']/@content)")).lower():
        return "", []
    links = [str(link) for link in tree.xpath("//a[not(contains(@rel, 'nofollow'))]/@href")]
    return str(tree.xpath("string(//base/@href)")), links


def parse_sitemap(content: bytes) -> tuple[bool, list[str]]:
    """Return whether a sitemap is an index of sitemaps, and the addresses that it lists, as they are written.

    Raises:
        SourceError: It is not XML, damaged, or unpacks to more than fifty megabytes.
    """
    root = parse_xml(_unpacked(content))
    return str(root.tag).endswith("sitemapindex"), [place.text or "" for place in root.iter("{*}loc")]


def _unpacked(content: bytes) -> bytes:
    """Return a sitemap that is kept packed, unpacked."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpack = zlib.decompressobj(47)
    try:
        text = unpack.decompress(content, _MOST_UNPACKED_BYTES)
    except zlib.error:
        raise SourceError("the packed sitemap is damaged; tell the site's owner") from None
    if unpack.unconsumed_tail:
        raise SourceError("the sitemap unpacks to more than 50 MB; tell the site's owner, or add the pages you want")
    if not unpack.eof:
        raise SourceError("the packed sitemap is cut short: its end is missing; try again later")
    return text
