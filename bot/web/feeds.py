"""News of the library as an RSS feed, robots.txt, and the search box for other people's pages."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web import texts
from bot.web.site import HERE, site_of
from knowledge.settings import Switch

_DAYS = 60
_MOST = 50
_ATOM = "http://www.w3.org/2005/Atom"


async def new_items(request: Request) -> Response:
    """Return the newest documents as RSS 2.0."""
    site = site_of(request)
    since = site.now() - timedelta(days=_DAYS)
    found = await site.db(lambda backend: backend.library.store.added_since(since))
    rss = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM})
    channel = etree.SubElement(rss, "channel")
    for name, text in (
        ("title", f"{texts.NAME}: new in the library"),
        ("link", site.address(request, "/browse")),
        ("description", f"What is new in the library of the {texts.NETWORK}."),
        ("language", "en-GB"),
    ):
        etree.SubElement(channel, name).text = text
    own = site.address(request, "/new.xml")
    etree.SubElement(channel, f"{{{_ATOM}}}link", href=own, rel="self", type="application/rss+xml")
    for document in found[:_MOST]:
        item = etree.SubElement(channel, "item")
        address = site.address(request, f"/documents/{document.id}")
        etree.SubElement(item, "title").text = document.metadata.title
        etree.SubElement(item, "link").text = address
        etree.SubElement(item, "guid", isPermaLink="false").text = f"{document.id}/{document.updated_at}"
        etree.SubElement(item, "category").text = document.metadata.kind.label
        moment = datetime.fromisoformat(document.updated_at)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        etree.SubElement(item, "pubDate").text = format_datetime(moment)
        said_by = document.metadata.organisation or document.metadata.source_title
        etree.SubElement(item, "description").text = " · ".join(filter(None, [document.metadata.kind.label, said_by]))
    made = etree.tostring(rss, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return Response(made, media_type="application/rss+xml; charset=utf-8")


async def robots(request: Request) -> Response:
    """Tell search engines whether they may come in."""
    listed = site_of(request).settings.web_listed is Switch.ON
    return PlainTextResponse(
        "User-agent: *\n" + ("Disallow: /answers/\nDisallow: /ask\n" if listed else "Disallow: /\n")
    )


async def about(request: Request) -> Response:
    """Say what this is, what is kept, and how to put the search box on a page."""
    site = site_of(request)
    return await site.page(
        request, "about.html", title=texts.ABOUT_TITLE, settings=site.settings, address=site.address(request)
    )


async def embedded(request: Request) -> Response:
    """Return the search box alone, for a frame on another page."""
    return await site_of(request).page(request, "embed.html", title=texts.SEARCH_TITLE)


async def embed_script(_: Request) -> Response:
    """Return the script that puts the search box in the place of its own tag."""
    source = (HERE / "static" / "embed.js").read_text(encoding="utf-8")
    return Response(source, media_type="text/javascript; charset=utf-8", headers={"Access-Control-Allow-Origin": "*"})


ROUTES = (
    Route("/new.xml", new_items),
    Route("/robots.txt", robots),
    Route("/about", about),
    Route("/embed", embedded),
    Route("/embed.js", embed_script),
)
