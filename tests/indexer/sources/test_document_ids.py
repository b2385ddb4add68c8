"""What documents from the web are called: telling, and the same for good."""

from pathlib import Path

import pytest

from indexer.sources.document_ids import file_id, web_id
from tests.indexer.counting import counts, ids
from tests.indexer.sources.test_web_sources import RSS, entry, page


@pytest.mark.parametrize(
    ("address", "title", "name"),
    [
        ("https://x.org/a", "Leeds buys its food nearby", "leeds-buys-its-food-nearby"),
        ("https://x.org/a", "a", "x-org-a"),
        ("https://x.org/about/index.html", None, "x-org-about"),
        ("https://www.x.org/about/", "About us", "x-org-about"),
        ("https://x.org/", "Home page", "x-org"),
        ("https://x.org/2021/default.aspx", "Untitled document", "x-org-2021"),
        ("https://x.org/p?id=7", "page", "x-org-p-id-7"),
        ("https://x.org/x", "健康", "x-org-x"),
        ("https://x.org/" + "long/" * 30 + "end.html", "Index", "x-org-end"),
    ],
)
def test_an_id_tells_what_it_is_of(address, title, name):
    assert web_id(address, title) == name


@pytest.mark.parametrize(
    ("path", "title", "name"),
    [
        ("reports/Food Plan.pdf", "Another title", "food-plan"),
        ("reports/a.md", "Apples and pears", "a"),
        ("reports/index.html", "Apples and pears", "apples-and-pears"),
        ("reports/README.md", "Home", "reports"),
        ("index.html", "Index", "index"),
    ],
)
def test_a_file_keeps_its_name_unless_that_is_every_folders(path, title, name):
    assert file_id(Path(path), title) == name


def test_a_long_title_ends_with_a_whole_word():
    name = web_id("https://x.org/a", "Neighbourhoods " * 20)
    assert set(name.split("-")) == {"neighbourhoods"}
    assert 60 < len(name) <= 80


def test_pages_of_one_name_get_ids_of_their_own_and_keep_them(index, server, library):
    urls = [server.says(f"/{place}/index.html", page("Apples and pears")) for place in "ab"]
    plain = server.says("/plums/index.html", page("Index"))
    assert index().add([*urls, plain]).added == 3
    by_place = f"127-0-0-1-{server.port}-plums"
    assert ids(library) == {"apples-and-pears", "apples-and-pears-2", by_place}
    server.says("/b/index.html", page("Quinces"))
    server.says("/plums/index.html", page("Plums"))
    assert counts(index().refresh()) == (0, 2, 1, 0)
    assert ids(library) == {"apples-and-pears", "apples-and-pears-2", by_place}
    assert library.store.document("apples-and-pears-2").metadata.title == "Quinces"


def test_an_entry_of_a_feed_is_named_in_the_same_way(index, server):
    whole = "The hospital bought its apples from the farm next door for a year and wrote down what came of it. " * 10
    items = entry("https://elsewhere.invalid/news/7", "News", whole)
    feed = server.says("/feed", RSS.format(items), media_type="application/rss+xml")
    assert index().add([feed]).added_ids == ("elsewhere-invalid-news-7",)
