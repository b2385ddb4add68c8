"""Pages that lead on to another address, and pages that fail: each is stored once, and none stops the others."""

import pytest

from tests.indexer.counting import counts, ids
from tests.indexer.sources.test_web_sources import page, sitemap


def leads_to(server, path, target, status=301):
    return server.says(path, "", status=status, headers={"Location": target})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_page_that_its_sitemap_lists_under_two_addresses_is_stored_once(index, server, library, status):
    new = server.says("/new", page("Apples"))
    old = leads_to(server, "/old", "/new", status)
    for listing in (sitemap(old, new), sitemap(new, old)):
        url = server.says("/s.xml", listing, media_type="text/xml")
        assert index().add([url]).failed == ()
        assert ids(library) == {"apples"}
        assert library.store.document("apples").location == new
    assert counts(index().refresh()) == (0, 0, 1, 0)


def test_a_page_and_its_sitemap_that_know_it_by_other_addresses_share_one_document(index, server, library):
    new, old = server.says("/new", page("Apples")), leads_to(server, "/old", "/new")
    assert counts(index().add([old])) == (1, 0, 0, 0)
    assert library.store.document("apples").location == new
    assert counts(index().add([server.says("/s.xml", sitemap(new), media_type="text/xml")])) == (0, 0, 1, 0)
    assert index().remove([old]).removed == ()
    assert ids(library) == {"apples"}


def test_a_page_is_kept_by_the_address_that_led_to_it_when_that_fails(index, server, library):
    server.says("/new", page("Apples"), headers={"ETag": '"1"'})
    old = leads_to(server, "/old", "/new")
    index().add([old])
    assert counts(index().refresh()) == (0, 0, 1, 0)
    assert server.asked[-1][1]["If-None-Match"] == '"1"'
    for status in (404, 500):
        server.says("/old", "no", status=status)
        report = index().refresh()
        assert (counts(report), len(report.failed)) == ((0, 0, 0, 0), 1)
        assert ids(library) == {"apples"}
    server.says("/old", "gone", status=410)
    index().refresh()
    assert ids(library) == set()


def test_a_page_that_moves_keeps_its_document(index, server, library):
    old = server.says("/old", page("Apples"))
    index().add([old])
    server.says("/new", page("Apples"))
    leads_to(server, "/old", "/new")
    report = index().refresh()
    assert (report.removed, report.failed, ids(library)) == (0, (), {"apples"})


def test_a_removed_page_comes_back_when_the_address_that_leads_to_it_is_added_again(index, server, library):
    server.says("/new", page("Apples"))
    old = leads_to(server, "/old", "/new")
    index().add([old])
    index().remove(["apples"])
    index().refresh()
    assert ids(library) == set()
    index().add([old])
    assert [document.location for document in library.store.documents()] == [server.url("/new")]


def test_a_number_for_the_visit_makes_no_other_page(index, server, library):
    visits = iter(range(100))
    server.answers["/a"] = lambda _: _visit(server, next(visits))
    url = server.url("/a")
    index().add([url])
    assert library.store.document("apples").location == url
    index().refresh()
    assert library.store.document("apples").location == url


def _visit(server, number):
    server.says(f"/a?visit={number}", page("Apples"))
    from tests.indexer.webserver import Answer

    return Answer(status=302, headers={"Location": f"/a?visit={number}"})


def test_pages_of_a_site_that_lead_to_one_are_read_once(index, server, library):
    server.says("/", page("Home", links=["/old", "/new", "/older"]))
    server.says("/new", page("Apples"))
    leads_to(server, "/old", "/new")
    leads_to(server, "/older", "/old")
    assert counts(index().add([server.url("/")], depth=1)) == (2, 0, 0, 0)
    assert counts(index().refresh()) == (0, 0, 2, 0)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_that_fails_without_asking_to_wait_stops_nothing(index, server, library, status):
    names = ("apples", "pears", "plums")
    pages = [server.says(f"/{name}", page(name)) for name in names]
    listing = server.says("/s.xml", sitemap(*pages), media_type="text/xml")
    index().add([listing])
    server.says("/pears", page("pears"), status=status)
    assert [failure.source for failure in index().refresh().failed] == [pages[1]]
    server.says("/plums", page("plums", "A new first part about plums, which was not there before at all."))
    report = index().refresh()
    assert (counts(report), ids(library)) == ((0, 1, 1, 0), set(names))
    assert [failure.source for failure in report.failed] == [pages[1]]
    assert "asked to wait" not in report.failed[0].error


def test_a_page_whose_server_asks_to_wait_is_left_alone(index, server, library):
    pages = [server.says(f"/{name}", page(name)) for name in ("apples", "pears")]
    listing = server.says("/s.xml", sitemap(*pages), media_type="text/xml")
    index().add([listing])
    server.says("/pears", "busy", status=503, headers={"Retry-After": "600"})
    index().refresh()
    assert "asked to wait" in index().refresh().failed[0].error


def test_a_part_of_a_sitemap_that_fails_stops_no_other_and_removes_nothing(index, server, library):
    one, two = server.says("/apples", page("apples")), server.says("/pears", page("pears"))
    parts = [server.says(f"/{n}.xml", sitemap(place), media_type="text/xml") for n, place in enumerate((one, two))]
    listing = "<sitemapindex>" + "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts) + "</sitemapindex>"
    index().add([server.says("/s.xml", listing, media_type="text/xml")])
    server.says("/0.xml", "", status=500)
    report = index().refresh()
    assert (counts(report), ids(library)) == ((0, 0, 1, 0), {"apples", "pears"})
    assert "status 500" in report.warnings[0]


def test_a_feed_reads_on_after_an_entry_that_fails(index, server, library):
    entries = "".join(
        f"<item><title>{name}</title><link>{server.says(f'/{name}', page(name))}</link></item>"
        for name in ("apples", "pears")
    )
    feed = server.says(
        "/feed", f"<rss version='2.0'><channel>{entries}</channel></rss>", media_type="application/rss+xml"
    )
    server.says("/apples", "", status=500)
    assert [failure.source for failure in index().add([feed]).failed] == [server.url("/apples")]
    server.says("/apples", page("apples"))
    assert counts(index().refresh()) == (1, 0, 1, 0)
