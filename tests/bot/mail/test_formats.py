import re

import lxml.html

from bot.mail.formats import as_html, as_text, escaped, linked
from tests import hostile

SAMPLE = f"""\
# New since Monday

## In the library

- {linked("A *title* [with] <marks> & more", "https://example.org/a(b)?c=d&e=<f>")}\\
  *case study · {escaped("R&D_trust *bold*")}*

- {linked("Without an address", None)}

---

{linked("Stop", "https://example.org/stop")}
"""


def test_text_of_others_is_shown_as_it_is():
    page, text = as_html(SAMPLE, "A & B"), as_text(SAMPLE)
    assert "<title>A &amp; B</title>" in page
    assert ">A *title* [with] &lt;marks&gt; &amp; more</a>" in page
    assert "R&amp;D_trust *bold*" in page
    assert "* A *title* [with] <marks> & more\n  case study · R&D_trust *bold*\n  https://example.org/a(b)" in text


def test_no_address_but_of_the_web_becomes_a_link():
    for address in ("javascript:alert(1)", "data:text/html,x", "vbscript:x"):
        assert "<a" not in as_html(linked("Press", address), "")


def test_html_of_others_stays_text():
    page = as_html("<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>", "")
    assert "<script" not in page
    assert "<img" not in page


def test_outlook_finds_the_style_at_each_element_and_no_table():
    page = as_html(SAMPLE, "")
    for tag in ("h1", "h2", "ul", "li", "p", "em", "hr", "a"):
        assert f"<{tag} " in page
        assert re.search(rf"<{tag}\b(?![^>]*style=)", page) is None
    assert not re.search(r"<table|<style|<script|float|flex|position:", page)


def test_plain_text_is_narrow_and_each_address_stands_alone():
    text = as_text("- " + linked("word " * 40, "https://example.org/" + "x" * 90))
    lines = text.splitlines()
    assert max(len(line) for line in lines if "http" not in line) <= 72
    assert lines[-1] == "  https://example.org/" + "x" * 90


def test_hostile_text_is_shown_as_it_is_and_adds_no_element():
    for text in hostile.generate(300, seed=16):
        page = as_html(f"- {linked(text, 'https://example.org/')}  \n  *{escaped(text)}*\n\nEnd\n", text)
        [item] = lxml.html.document_fromstring(page).findall(".//li")
        assert {one.tag for one in item.iter()} <= {"li", "a", "em", "br", "p"}, text
        assert [one.get("href") for one in item.iter("a")] in (["https://example.org/"], []), text
