"""One bad file, name, link or header never stops the others, and never puts something worse in a good page's place."""

import gzip
import os
import random
import zlib
from pathlib import Path

import pytest

from indexer.pipeline import Indexer
from indexer.web.network import Decompressor
from tests.indexer.parsing.test_html import page


def locations(library):
    return {Path(document.location).name for document in library.store.documents()}


@pytest.fixture
def bad_name(sources):
    """A file whose name is not UTF-8."""
    name = os.fsencode(sources) + b"/caf\xe9.md"
    try:
        with open(name, "wb") as stream:  # noqa: PTH123
            stream.write(b"# A cafe\n\nIt opened in May.")
    except OSError:
        pytest.skip("this system has no such names")
    return os.fsdecode(name)


def test_a_name_that_is_not_utf8_hides_no_other_file(library, sources, bad_name):
    report = Indexer(library).add([str(sources)])
    assert (report.added, len(report.failed)) == (3, 1)
    assert report.failed[0].source.endswith("caf?.md")
    assert "not text in UTF-8" in report.failed[0].error
    assert report.model_dump_json().encode()


def test_nor_does_it_when_it_is_named_itself_or_by_a_pattern(library, sources, bad_name):
    report = Indexer(library).add([bad_name, str(sources / "*.md"), "https://example.org/\udcff"])
    assert report.added == 2
    assert len(report.failed) == 2  # the same for both ways to name it
    removal = Indexer(library).remove([bad_name])
    assert removal.removed == ()
    assert len(removal.not_found) == 1
    assert Indexer(library).refresh().unchanged == 2


def test_a_folder_whose_name_is_not_utf8_hides_nothing_else(library, sources, bad_name):
    folder = os.fsencode(sources) + b"/caf\xe9s"
    os.mkdir(folder)  # noqa: PTH102
    with open(folder + b"/a.md", "wb") as stream:  # noqa: PTH123
        stream.write(b"Some text.")
    report = Indexer(library).add([str(sources)])
    assert (report.added, len(report.failed)) == (3, 2)


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.md").write_text("The password of the sample server is in this file.")
    (folder / "catalogue.csv").write_text("root:x:0:0\n")
    return folder


def test_a_link_out_of_its_folder_is_not_followed_and_said(library, sources, outside):
    (sources / "link.md").symlink_to(outside / "secret.md")
    (sources / "more").symlink_to(outside)
    (sources / "catalogue.csv").symlink_to(outside / "catalogue.csv")
    (sources / "gone.md").symlink_to(outside / "nothing.md")
    (sources / "round.md").symlink_to(sources / "round.md")
    (sources / "again.md").symlink_to(sources / "jobs.md")
    for named in (sources, sources / "*", sources / "**" / "*.md"):
        report = Indexer(library).add([str(named)])
        assert locations(library) == {"jobs.md", "food.txt", "green.md", "again.md"}
        assert any("link.md" in warning and "not followed" in warning for warning in report.warnings)
        assert not any("root:x" in line for line in (*report.warnings, *(f.error for f in report.failed)))


def test_what_a_link_led_to_before_is_taken_out(library, sources, outside):
    (sources / "link.md").write_text("An honest file of this name.")
    Indexer(library).add([str(sources)])
    (sources / "link.md").unlink()
    (sources / "link.md").symlink_to(outside / "secret.md")
    assert Indexer(library).refresh().removed == 1
    assert locations(library) == {"jobs.md", "food.txt", "green.md"}


def test_a_folder_or_file_that_is_named_through_a_link_is_read(library, sources, tmp_path):
    (tmp_path / "way").symlink_to(sources)
    (tmp_path / "file.md").symlink_to(sources / "jobs.md")
    assert Indexer(library).add([str(tmp_path / "way")]).added == 3
    assert Indexer(library).add([str(tmp_path / "file.md")]).failed == ()


WAITS = [
    "²",
    "٣",
    "-1",
    "1e9",
    "9" * 90,
    "9" * 5000,
    "nan",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "x, 99 y 99999",
    ";",
    " ",
]


@pytest.mark.parametrize("wait", WAITS)
def test_a_server_that_asks_for_an_odd_wait_stops_nothing_else(index, server, wait, sources):
    said = wait.encode().decode("latin-1")
    busy = server.says("/busy", "", status=503, headers={"Retry-After": said})
    report = index().add([busy, str(sources)])
    assert report.added == 3
    assert "status 503" in report.failed[0].error
    server.says("/busy", page())
    assert index().add([busy]).added == 1
    server.says("/busy", "", status=429, headers={"Retry-After": said})
    assert "busy" in index().refresh(everything=True).failed[0].error


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_half_a_packed_page_does_not_take_the_place_of_a_whole_one(index, server, library, pack, kept):
    name = "gzip" if pack is gzip.compress else "deflate"
    words = random.Random(1)
    text = page().replace("</article>", " ".join(f"word{words.random()}" for _ in range(500)) + "</article>")
    whole = pack(text.encode())
    url = server.says("/p", whole, headers={"Content-Encoding": name})
    index().add([url])
    before = [library.store.sections(document.id) for document in library.store.documents()]
    server.says("/p", whole[: int(len(whole) * kept)], headers={"Content-Encoding": name})
    report = index().refresh()
    assert (report.updated, report.removed) == (0, 0)
    assert "only a part" in report.failed[0].error
    assert [library.store.sections(document.id) for document in library.store.documents()] == before


def test_half_a_packed_sitemap_takes_no_page_away(index, server, library):
    pages = "".join(f"<url><loc>{server.says(f'/{n}', page())}</loc></url>" for n in range(3))
    packed = gzip.compress(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{pages}</urlset>".encode())
    url = server.says("/sitemap.xml.gz", packed, media_type="application/gzip")
    assert index().add([url]).added == 3
    server.says("/sitemap.xml.gz", packed[:-9], media_type="application/gzip")
    report = index().refresh()
    assert report.removed == 0
    assert "cut short" in report.failed[0].error


def test_a_packed_body_of_several_members_is_whole():
    packed = gzip.compress(b"one ") + gzip.compress(b"two ") + gzip.compress(b"three")
    for size in (1, 7, 1000):
        unpack = Decompressor()
        parts = [unpack.take(packed[at : at + size], 1000) for at in range(0, len(packed), size)]
        assert unpack.is_whole
        assert b"".join(parts).startswith(b"one ")
    assert b"".join(parts) == b"one two three"
    assert Decompressor().is_whole


def test_a_feed_that_cannot_be_read_is_one_line(index, server, sources):
    deep = "<a>" * 100_000
    url = server.says(
        "/feed", f"<?xml version='1.0'?><rss version='2.0'><channel>{deep}", media_type="application/rss+xml"
    )
    report = index().add([url, str(sources)])
    assert report.added == 3
    assert all("\n" not in failure.error for failure in report.failed)
