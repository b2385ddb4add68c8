"""Web pages as sites make them: without a main element, with line breaks, nested lists, captions, links in cells."""

import pytest

from indexer.parsing import parse_file

LEAD = (
    "Sample Trust moved its kitchen contracts to growers within twenty miles of the hospital in two years, and wrote "
    "down what it cost, who was paid, and what the growers said when the first year was over."
)


def parse(body, head="<title>How Sample Trust bought local</title>"):
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return parse_file("page.html", page.encode())


def text_of(body):
    return "\n\n".join(section.text for section in parse(f"<main><p>{LEAD}</p>{body}</main>").sections)[
        len(LEAD) :
    ].strip()


def chapters(count=12):
    return "".join(
        f"<h2>Chapter {c}</h2>" + "".join(f"<p>Point {p} of {c}. {LEAD}</p>" for p in range(count)) for c in "abc"
    )


LINKS = "<li><a href=/>Home</a></li><li><a href=/a>About us</a></li><li><a href=/n>News</a></li>"
MENU = '<div class="{}"><ul>' + LINKS + "</ul></div>"


@pytest.mark.parametrize(
    "layout",
    [
        "<h1>Plan</h1>{text}",
        "<div id=page><div class=wrap><h1>Plan</h1>{text}</div></div>",
        f"{MENU.format('navbar')}<div><h1>Plan</h1><div><div>{{text}}</div></div></div>{MENU.format('foot')}",
        "<header><h1>Plan</h1></header><section>{text}</section><footer>Sample Trust, charity 7</footer>",
        "<article><h1>Plan</h1>{text}</article>",
        "<div role=main><h1>Plan</h1>{text}</div>",
        "<table><tr><td><h1>Plan</h1>{text}</td></tr></table>",
    ],
)
@pytest.mark.parametrize("count", [1, 12])
def test_headings_are_kept_whatever_holds_the_text(layout, count):
    parsed = parse(layout.format(text=chapters(count)))
    assert [section.heading_path[-1] for section in parsed.sections] == ["Chapter a", "Chapter b", "Chapter c"]
    text = " ".join(section.text for section in parsed.sections)
    assert text.count("Point") == 3 * count
    for furniture in ("About us", "News", "charity"):
        assert furniture not in text


def test_text_in_several_boxes_is_all_read_and_comments_are_not():
    boxes = f"<div class=entry-content><h2>One</h2><p>{LEAD}</p></div><div class=more><p>Second. {LEAD}</p></div>"
    comments = f"<div id=comments><h3>2 comments</h3><p>Ann said: {LEAD}</p></div>"
    for body in (f"<div>{boxes}{comments}</div>", f"{boxes}{comments}", f"<div><div>{boxes}</div>{comments}</div>"):
        text = " ".join(section.text for section in parse(f"<div id=page><h1>Plan</h1>{body}</div>").sections)
        assert "Second." in text
        assert "Ann said" not in text


def test_articles_beside_each_other_are_all_read():
    cards = "".join(f"<article><h2>Story {n}</h2><p>{LEAD} Number {n}.</p></article>" for n in range(3))
    assert [s.heading_path for s in parse(f"<div>{cards}</div>").sections] == [("Story 0",), ("Story 1",), ("Story 2",)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "<p>Hollybank hub<br>12 Mill Lane<br/>Eastbrook<br />EB1 4ZZ</p>",
            "Hollybank hub, 12 Mill Lane, Eastbrook, EB1 4ZZ",
        ),
        ("<p>Open: Monday<br>\nFriday</p>", "Open: Monday, Friday"),
        ("<p>It was late.<br>It rained.</p>", "It was late. It rained."),
        ("<p>It rained so<br>that nobody came</p>", "It rained so that nobody came"),
        ("<address>Hub<br><br>1 Lane</address>", "Hub, 1 Lane"),
        ("<div>One box<div>another box</div>and its end</div>", "One box\n\nanother box\n\nand its end"),
        ("<p><b>Who</b><br>The council</p>", "Who, The council"),
        (
            "<ul><li>Fruit<ul><li>Apples</li><li>Pears<ol><li>Green</li></ol></li></ul></li><li>Roots</li></ul>",
            "- Fruit\n- Apples\n- Pears\n- Green\n- Roots",
        ),
        ("<ul><li><p>One thing.</p><p>And more.</p></li></ul>", "- One thing. And more."),
        (
            "<figure><img src=x><figcaption>The garden in June</figcaption></figure><p>After it.</p>",
            "The garden in June\n\nAfter it.",
        ),
        (
            "<table><caption>Jobs by year</caption><tr><th>Year</th><th>Jobs</th></tr>"
            "<tr><td>2020</td><td>40</td></tr></table>",
            "Jobs by year\n- Year: 2020; Jobs: 40",
        ),
        (
            "<dl><dt>Anchor</dt><dd>A large employer</dd><dt>Hub</dt><dd>A house</dd><dd>A yard</dd></dl>",
            "- Anchor: A large employer\n- Hub: A house; A yard",
        ),
        ("<details><summary>Who pays?</summary><p>The council.</p></details>", "Who pays?\n\nThe council."),
        ("<p>Tags: <a href=/a>Food</a><a href=/b>Land</a></p>", "Tags: Food Land"),
        (
            "<p>In 2024<sup>2</sup> we sowed 40 m<sup>2</sup> on the 1<sup>st</sup>.</p>",
            "In 2024 we sowed 40 m² on the 1st.",
        ),
        ("<p>Rose to 31%<sup><a href='#fn1'>[1]</a></sup> then.</p>", "Rose to 31% then."),
        ("<p>A<!-- not said -->B<script>no()</script> <span hidden>secret</span>end</p>", "AB end"),
        ("<blockquote>Said<br>Sam Sample</blockquote>", "Said, Sam Sample"),
        ("<h2>Register</h2><p>Come in.</p>", "Come in."),
    ],
)
def test_what_stands_apart_stays_apart(body, said):
    assert text_of(body) == said


def test_a_heading_over_two_lines_is_one_and_a_form_is_left_out():
    form = "<form><h3>News</h3><label>Your email <input name=e></label><button>Sign up</button></form>"
    parsed = parse(f"<main><h2>Our<br>Work</h2><p>{LEAD}</p>{form}</main>")
    assert [(section.heading_path, section.text) for section in parsed.sections] == [(("Our Work",), LEAD)]
    assert [left.reason for left in parsed.left_out] == ["form controls"]
    whole = f"<form><input type=hidden name=s><main><h2>Work</h2><p>{LEAD} {LEAD}</p></main></form>"
    assert [section.heading_path for section in parse(whole).sections] == [("Work",)]


def rows(*cells):
    return (
        "<table><tr><th>Field</th><th>Value</th></tr>"
        + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in cells)
        + "</table>"
    )


def test_cells_keep_every_word_they_say():
    table = rows(
        ("Email", "<a href='mailto:hub@example.org'>hub@example.org</a>"),
        ("Write", "<a href='mailto:hub@example.org?subject=x'>Send us a message</a>"),
        ("Call", "<a href='tel:+441632960001'>01632 960 001</a>"),
        ("Search", "<a href=/map>the map</a>"),
        ("Where", "<p>12 Mill Lane</p><p>Eastbrook</p>"),
        ("Days", "<ul><li>Monday</li><li>Friday</li></ul>"),
    )
    assert text_of(table).splitlines() == [
        "- Field: Email; Value: hub@example.org",
        "- Field: Write; Value: Send us a message (hub@example.org)",
        "- Field: Call; Value: 01632 960 001",
        "- Field: Search; Value: the map",
        "- Field: Where; Value: 12 Mill Lane, Eastbrook",
        "- Field: Days; Value: Monday, Friday",
    ]


def test_a_cell_over_several_rows_is_said_in_each():
    table = (
        "<table><tr><th>Town</th><th>Year</th><th>Jobs</th></tr>"
        "<tr><td rowspan=2>Eastbrook</td><td>2020</td><td>4</td></tr>"
        "<tr><td>2021</td><td>7</td></tr></table>"
    )
    assert text_of(table) == "- Town: Eastbrook; Year: 2020; Jobs: 4\n- Town: Eastbrook; Year: 2021; Jobs: 7"


def test_a_paragraph_of_links_and_a_list_that_a_sentence_leads_to_are_text():
    body = "<p>Write to <a href=/hub>the hub</a> or <a href=/yard>the yard</a>.</p><p>These helped:</p><ul>" + "".join(
        f"<li><a href=/{n}>Trust {n}</a></li>" for n in "abcd"
    )
    assert (
        text_of(f"{body}</ul>")
        == "Write to the hub or the yard.\n\nThese helped:\n- Trust a\n- Trust b\n- Trust c\n- Trust d"
    )


def test_what_is_left_out_is_named():
    body = (
        f"<div class='cookie-bar'>We use cookies.</div><nav><a href=/>Home page</a></nav><main><p>{LEAD}</p>"
        f"<div style='display:none'>Not shown</div><p>Email</p></main><footer>Charity 7</footer>"
    )
    assert {(left.reason, left.text) for left in parse(body).left_out} == {
        ("cookie notices", "We use cookies."),
        ("hidden text", "Not shown"),
        ("menus", "Home page"),
        ("menus", "Email"),
        ("page headers and footers", "Charity 7"),
    }


def test_words_after_a_comment_or_a_script_count():
    from lxml import html

    from indexer.parsing.html_content import words_of

    element = html.fromstring("<div>one<!-- x -->two <script>no()</script>three <b>four</b> five</div>")
    assert words_of(element) == ["one", "two", "three", "four", "five"]
