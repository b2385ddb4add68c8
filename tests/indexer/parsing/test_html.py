"""Web pages: main content, metadata, and what is made to break a reader."""

import pytest

from indexer.parsing import parse_file
from knowledge.errors import SourceError

PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}">
<title>How Sample Trust bought local – Sample Foundation</title>
<meta property="og:title" content="How Sample Trust bought local">
<meta property="og:site_name" content="Sample Foundation">
<meta name="author" content="Sam Sample">
<meta property="article:published_time" content="2021-03-25T10:00:00Z">
<link rel="canonical" href="https://example.org/local"></head><body>
<div id="cookie-banner" role="dialog"><p>We use cookies to make this site work better for you and for us.</p>
<button>Accept all cookies</button></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<main><article><h1>How Sample Trust bought local</h1>
<p>Sample Trust moved {spent} of its kitchen contracts to growers within twenty miles of the hospital in two years.</p>
<h2>What happened</h2>
<p>The buyers met forty growers in the café, and found that delivery rounds were too small for the wholesalers.</p>
<ul><li>Schools shared one van with the hospital.</li><li>The council lent its cold store.</li></ul>
<h3>What it cost</h3>
<table><tr><th>Year</th><th>Pounds</th></tr><tr><td>2020</td><td>4,000</td></tr></table>
<h2>Advice to others</h2><p>Start with the food that is eaten most, and ask the growers what they can bring.</p>
</article></main>
<aside><h2>Related articles</h2><ul><li><a href="/x">Another article about something else</a></li></ul></aside>
<footer><p>© Sample Foundation. Registered charity. <a href="/privacy">Privacy policy</a></p></footer>
<script>var x = "never shown";</script></body></html>"""


def page(charset="utf-8", spent="£40,000"):
    return PAGE.format(charset=charset, spent=spent)


def parse(content):
    return parse_file("page.html", content)


def test_the_main_content_is_read_under_its_headings():
    parsed = parse(page().encode())
    assert parsed.title == "How Sample Trust bought local"
    assert [section.heading_path for section in parsed.sections] == [
        (),
        ("What happened",),
        ("What happened", "What it cost"),
        ("Advice to others",),
    ]
    assert parsed.sections[1].text.endswith(
        "- Schools shared one van with the hospital.\n- The council lent its cold store."
    )
    assert parsed.sections[2].text == "- Year: 2020; Pounds: 4,000"


def table(*rows, head="td"):
    cells = [[head] * len(rows[0]), *(["td"] * len(row) for row in rows[1:])]
    html = "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for tag, cell in zip(tags, row, strict=True)) + "</tr>"
        for tags, row in zip(cells, rows, strict=True)
    )
    start, rest = page().split("<table>")
    return parse(f"{start}<table>{html}</table>{rest.split('</table>')[1]}".encode()).sections[2].text


def test_a_row_of_a_table_reads_without_the_others():
    marked = table(["Year", "Started"], ["2022/23", "38"], ["2023/24", ""], ["All 38", "40"], head="th")
    assert marked == "- Year: 2022/23; Started: 38\n- 2023/24\n- Year: All 38; Started: 40"
    bold = table(["<strong>Need</strong>", "<b>Who</b>"], ["Legal advice", "Trust"])
    assert bold == "- Need: Legal advice; Who: Trust"
    told = table(["Need", "Cost", "Who paid"], ["Legal advice", "£2,500", "Trust"], ["Signs", "£90", "Council"])
    assert told == "- Need: Legal advice; Cost: £2,500; Who paid: Trust\n- Need: Signs; Cost: £90; Who paid: Council"


def test_a_table_without_a_header_row_names_no_columns():
    assert table(["Manager", "Sam Sample"], ["Jobs", "40"]) == "- Manager | Sam Sample\n- Jobs | 40"
    assert table(["2020", "40", "30"], ["2021", "50", "20"]) == "- 2020 | 40 | 30\n- 2021 | 50 | 20"


def test_menus_banners_related_links_scripts_and_footers_are_gone():
    text = " ".join(section.text for section in parse(page().encode()).sections)
    for furniture in ("cookie", "About us", "Another article", "charity", "Privacy", "never shown"):
        assert furniture not in text


def test_what_a_page_says_of_itself():
    assert parse(page().encode()).front_matter == {
        "author": "Sam Sample",
        "published": "2021-03-25",
        "url": "https://example.org/local",
        "source_title": "Sample Foundation",
    }


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8"])
def test_the_declared_encoding_is_believed(charset):
    parsed = parse(page(charset).encode(charset, "xmlcharrefreplace"))
    assert "£40,000" in parsed.sections[0].text
    assert "café" in parsed.sections[1].text


def test_a_wrong_declaration_is_found_out():
    assert "£40,000" in parse(page("utf-8").encode("cp1252")).sections[0].text
    assert "£40,000" in parse(page("no-such-thing").encode()).sections[0].text
    assert "£40,000" in parse(page("utf-8").encode("utf-16")).sections[0].text


def test_a_page_without_headings_or_metadata_is_read():
    parsed = parse(b"<p>Sample Council planted an orchard of forty trees beside the clinic in the spring of 2021.</p>")
    assert parsed.sections[0].text.startswith("Sample Council planted")
    assert parsed.title == "page"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<div>" * 5000 + b"deep" + b"</div>" * 5000, "nested|no main content"),
        (b"<span><b>" * 100_000, "nested|no main content|not a web page"),
        (b"", "the file is empty"),
        (b"<html><body><script>app()</script></body></html>", "no main content"),
        (b"\x00\x01\x02" * 100, "not a text file"),
    ],
    ids=["deep", "deeper, unclosed", "empty", "made by scripts", "binary"],
)
def test_a_page_that_cannot_be_read_says_so(content, message):
    with pytest.raises(SourceError, match=message):
        parse(content)
