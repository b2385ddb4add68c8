"""Pages, sites, sitemaps, feeds and calendars into the library, from a real server on the loopback."""

import pytest

from knowledge.errors import SourceError
from knowledge.storage.source_protocols import SourceKind
from tests.indexer.counting import counts, ids
from tests.indexer.webserver import serving


def page(title, text="", links=()):
    anchors = "".join(f'<li><a href="{link}">to {link}</a></li>' for link in links)
    body = text or f"This page is about {title} and how the sample organisation did it with its neighbours in a year."
    return (
        f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{body}</p>"
        f"<h2>Details</h2><p>More is said about {title} here, so that there is a second part to be read and found.</p>"
        f"</main><nav><ul>{anchors}</ul></nav></body></html>"
    )


def test_a_page_is_added_once_and_asked_for_by_its_marks_after_that(index, server, library, embedder):
    url = server.says("/orchards", page("Orchards"), headers={"ETag": '"1"'})
    report = index().add([url])
    assert (counts(report), report.added_ids) == ((1, 0, 0, 0), ("orchards",))
    stored = library.store.document("orchards")
    assert (stored.metadata.title, stored.metadata.url) == ("Orchards", url)
    source = library.store.sources.at(url)
    assert (source.kind, source.error, source.documents) == (SourceKind.PAGE, None, 1)
    embedder.embedded.clear()
    assert counts(index().refresh()) == (0, 0, 1, 0)
    assert embedder.embedded == []
    assert server.asked[-1][1]["If-None-Match"] == '"1"'
    server.says("/orchards", page("Orchards", "A new first part about apples, which was not there before at all."))
    assert counts(index().refresh([str(source.id)])) == (0, 1, 0, 0)


def test_404_keeps_a_document_and_410_removes_it(index, server, library):
    url = server.says("/a", page("Apples"))
    index().add([url])
    server.says("/a", "gone?", status=404)
    report = index().refresh()
    assert (counts(report), len(report.failed)) == ((0, 0, 0, 0), 1)
    assert report.failed[0].error.endswith(f"take it out with `haln index remove {url}`")
    assert index().add([url]).failed == report.failed
    assert "404" in library.store.sources.at(url).error
    server.says("/a", "gone", status=410)
    report = index().refresh()
    assert (counts(report), report.removed_ids) == ((0, 0, 0, 1), ("apples",))
    assert library.searcher.search("apples", 5).results == ()


def test_a_page_that_its_sitemap_lists_and_its_server_does_not_find_says_how_to_take_it_out(index, server, library):
    url, new = server.says("/a", page("Apples")), f"{server.says('/x', 'x')}-not-there"
    listing = server.says("/s.xml", sitemap(url, new), media_type="text/xml")
    first = index().add([listing])
    assert [(failure.source, "index remove" in failure.error) for failure in first.failed] == [(new, False)]
    server.says("/a", "gone?", status=404)
    failed = {failure.source: failure.error for failure in index().refresh().failed}
    assert failed[url].endswith(f"take it out with `haln index remove {url}`")
    assert index().remove([url]).removed == ("apples",)
    server.says("/s.xml", "gone?", status=404)
    assert index().refresh().failed[0].error.endswith(f"`haln index remove {listing}`")
    assert "What the library has" not in index().add([new]).failed[0].error


def test_a_dead_link_that_never_was_in_the_library_is_a_note(index, server, library):
    alive, dead = server.says("/b", page("Pears")), f"{server.says('/x', 'x')}-dead"
    start = server.says("/a", page("Apples", links=[alive, dead]))
    report = index().add([start], depth=1)
    assert (report.added, report.failed) == (2, ())
    assert report.warnings == (f"{dead}: a page of the site links to it, but it is not there (status 404)",)
    server.says("/b", "gone?", status=404)
    assert [failure.source for failure in index().refresh().failed] == [alive]


def test_a_busy_server_is_left_alone_until_the_time_it_names(index, server, library):
    url = server.says("/a", page("Apples"))
    index().add([url])
    server.says("/a", "busy", status=429, headers={"Retry-After": "600"})
    assert "come back later" in index().refresh().failed[0].error
    server.says("/a", page("Apples"))
    asked = len(server.asked)
    report = index().refresh()
    assert "asked to wait until 2026-05-01T09:10:00+00:00" in report.failed[0].error
    assert len(server.asked) == asked
    assert counts(index().refresh(everything=True)) == (0, 0, 1, 0)
    assert library.store.sources.at(url).not_before is None


def test_a_site_is_followed_politely_within_its_limits(index, server, library):
    server.says("/robots.txt", "User-agent: *\nDisallow: /secret\n", media_type="text/plain")
    server.says(
        "/", page("Home", links=["/one", "/secret", "https://elsewhere.invalid/x", "/one#part", "mailto:a@b.c"])
    )
    server.says("/one", page("One", links=["/two", "/missing", "/photo.jpg"]))
    server.says("/two", page("Two", links=["/three"]))
    server.says("/three", page("Three"))
    report = index().add([server.url("/")], depth=2)
    assert report.added == 3
    assert {failure.source.rpartition("/")[2] for failure in report.failed} == {"secret"}
    assert [warning.partition(": ")[0] for warning in report.warnings] == [server.url("/missing")]
    assert server.paths() == ["/", "/one", "/two", "/missing"]
    server.says("/one", page("One"))
    server.says("/", page("Home", links=["/one"]))
    assert counts(index().refresh()) == (0, 0, 2, 1)
    assert "two" not in ids(library)


def test_a_site_larger_than_the_limit_says_so_and_removes_nothing(index, server, library):
    server.says("/", page("Home", links=[f"/p{n}" for n in range(40)]))
    for n in range(40):
        server.says(f"/p{n}", page(f"Part {n}"))
    report = index().add([server.url("/")], depth=1)
    assert (report.added, len(report.warnings)) == (20, 1)
    assert "HALN_WEB_MAX_PAGES" in report.warnings[0]


SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def sitemap(*urls):
    return SITEMAP.format("".join(f"<url><loc>{url}</loc></url>" for url in urls))


def test_a_sitemap_gives_its_pages_and_takes_them_away(index, server, library):
    pages = [server.says(f"/{name}", page(name)) for name in ("apples", "pears", "plums")]
    url = server.says("/sitemap.xml", sitemap(*pages, "https://elsewhere.invalid/x"), media_type="text/xml")
    assert counts(index().add([url])) == (3, 0, 0, 0)
    assert library.store.sources.at(url).kind is SourceKind.SITEMAP
    server.says("/sitemap.xml", sitemap(*pages[:2]), media_type="text/xml")
    server.says("/pears", page("pears"), status=500)
    report = index().refresh()
    assert (counts(report), len(report.failed)) == ((0, 0, 1, 1), 1)
    assert ids(library) == {"apples", "pears"}
    server.says("/sitemap.xml", sitemap(), media_type="text/xml")
    assert "lists no pages" in index().refresh(everything=True).failed[0].error
    assert ids(library) == {"apples", "pears"}


def test_adding_again_what_is_gone_for_good_takes_it_out(index, server, library):
    url = server.says("/a", page("Apples"))
    index().add([url])
    server.says("/a", "gone", status=410)
    assert index().add([url]).removed_ids == ("apples",)
    assert "410" in index().add([server.says("/b", "gone", status=410)]).failed[0].error


def test_a_sitemap_longer_than_the_limit_says_so(index, server):
    pages = [server.says(f"/p{n}", page(f"Part {n}")) for n in range(30)]
    report = index().add([server.says("/s.xml", sitemap(*pages), media_type="text/xml")])
    assert (report.added, len(report.warnings)) == (20, 1)


def test_a_feed_that_turns_into_a_path_opens_no_file(index, server, library, tmp_path):
    (tmp_path / "inside.xml").write_text(RSS.format(entry("https://elsewhere.invalid/x", "Inside", "secret " * 200)))
    url = server.says("/feed", RSS.format(""), media_type="application/rss+xml")
    index().add([url])
    server.says("/feed", str(tmp_path / "inside.xml"), media_type="application/rss+xml")
    assert "not a feed" in index().refresh().failed[0].error
    assert ids(library) == set()


def test_an_index_of_sitemaps_is_followed(index, server):
    one = server.says("/s1.xml", sitemap(server.says("/a", page("apples"))), media_type="text/xml")
    index_of = SITEMAP.replace("urlset", "sitemapindex").format(f"<sitemap><loc>{one}</loc></sitemap>")
    assert index().add([server.says("/s.xml", index_of, media_type="text/xml")]).added == 1


RSS = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{}</channel></rss>'


def entry(link, title, text):
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>Thu, 25 Mar 2021 10:00:00 GMT</pubDate>"
        f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"
    )


def test_a_feed_gives_whole_articles_and_the_pages_of_teasers(index, server, library):
    whole = "The hospital bought its apples from the farm next door for a year and wrote down what came of it. " * 10
    teaser = server.says("/teased", page("Teased", "The whole text of what the feed only teases is on its own page."))
    items = entry("https://elsewhere.invalid/whole", "Whole article", whole) + entry(teaser, "Teased", "Read more.")
    url = server.says("/feed", RSS.format(items), media_type="application/rss+xml")
    report = index().add([url])
    assert sorted(report.added_ids) == ["teased", "whole-article"]
    article = library.store.document("whole-article").metadata
    assert (article.published, article.url) == ("2021-03-25", "https://elsewhere.invalid/whole")
    server.says("/feed", RSS.format(entry(teaser, "Teased", "Read more.")), media_type="application/rss+xml")
    assert counts(index().refresh()) == (0, 0, 1, 0)
    assert ids(library) == {"teased", "whole-article"}


@pytest.mark.parametrize("link", ["http://{inside}/x", "file:///etc/hostname"])
def test_a_feed_or_page_that_leads_into_the_private_network_is_refused_there(index, library, server, link):
    """Only the test's own server is allowed, by its port; another one of this machine is not."""
    with serving() as inside:
        inside.says("/x", page("Inside"))
        link = link.format(inside=f"127.0.0.1:{inside.port}")
        feed = server.says("/s.xml", RSS.format(entry("/hop", "Hop", "Short.")), media_type="application/rss+xml")
        server.says("/hop", "", status=302, headers={"Location": link})
        page_of_links = server.says("/links", page("Links", links=[link]))
        catalogue_page = link
        report = index().add([feed, page_of_links, catalogue_page], depth=1)
        assert report.added_ids == ("links",)
        assert [("HALN_WEB_PRIVATE" in f.error or "a file of this machine" in f.error) for f in report.failed] == [
            True
        ] * 2
        assert inside.asked == []


def test_entities_in_a_feed_are_refused(index, server):
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><rss version="2.0">&b;</rss>'
    for path in ("/feed", "/sitemap.xml"):
        text = bomb if path == "/feed" else bomb.replace("rss", "urlset")
        report = index().add([server.says(path, text, media_type="text/xml")])
        assert "entities" in report.failed[0].error


def test_a_catalogue_describes_web_pages_too(index, server, library, sources):
    url = server.says("/report", page("Orchard report"))
    (sources / "catalogue.csv").write_text(f"path,title,kind,nation\n{url},The orchard report,report,wales\n")
    assert index().add([str(sources)]).added == 4
    metadata = library.store.document("the-orchard-report").metadata
    assert (metadata.title, metadata.kind, metadata.nation, metadata.url) == (
        "The orchard report",
        "report",
        "wales",
        url,
    )
    assert counts(index().refresh()) == (0, 0, 4, 0)
    (sources / "catalogue.csv").unlink()
    assert counts(index().refresh()) == (0, 0, 3, 1)


def test_a_page_that_two_sources_give_stays_until_both_let_go(index, server, library):
    url = server.says("/a", page("Apples"))
    listing = server.says("/s.xml", sitemap(url), media_type="text/xml")
    index().add([url, listing])
    assert ids(library) == {"apples"}
    assert index().remove([listing]).removed == ()
    assert ids(library) == {"apples"}
    assert index().remove([url]).removed == ("apples",)


def test_other_kinds_of_file_at_an_address(index, server, library):
    text = "name,text\nApples,They were bought nearby\n"
    url = server.says("/files/Sample%20jobs.csv", text, media_type="text/csv")
    index().add([url])
    assert library.store.document("sample-jobs").metadata.title == "Sample jobs"
    assert library.store.document_chunks("sample-jobs")[0].locator == "row 2"
    report = index().add([server.says("/photo", b"\x89PNG\r\n\0\0", media_type="image/png")])
    assert report.failed


def test_one_bad_source_stops_no_other(index, server, library, sources):
    good = server.says("/good", page("Good"))
    report = index().add(["http://127.0.0.1:1/", good, "ftp://x/y", str(sources), server.url("/none")])
    assert report.added == 4
    assert len(report.failed) == 3


def test_a_document_that_somebody_removed_stays_away_until_it_is_added_again(index, server, library, sources):
    url = server.says("/a", page("Apples"))
    index().add([url, str(sources)])
    index().remove(["apples", "food"])
    refreshed = index().refresh()
    assert counts(refreshed) == (0, 0, 2, 0)
    assert [gone.location for gone in refreshed.left_away] == [url, str(sources / "food.txt")]
    assert counts(index().add([str(sources)])) == (0, 0, 2, 0)
    assert counts(index().add([str(sources)], again=True)) == (1, 0, 2, 0)
    assert counts(index().add([url])) == (1, 0, 0, 0)


def test_refreshing_what_is_no_source_says_so(index):
    with pytest.raises(SourceError, match="haln index sources"):
        index().refresh(["nothing"])
