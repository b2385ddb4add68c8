import logging
import re

import pytest

from bot.logging_setup import is_for_the_log
from bot.web.app import create_app
from bot.web.document_text import part_of
from bot.web.errors import TooManyError
from bot.web.rate_limits import Limited, RateLimits
from bot.web.security import MOST_BODY
from knowledge.domain.library import Section
from tests.bot.web.conftest import ADDRESS, Browser

PAGES = ("/", "/browse", "/search?q=jobs", "/documents/jobs", "/events", "/about", "/nothing")


@pytest.mark.parametrize("page", PAGES)
def test_pages_tell_browsers_to_run_nothing_of_others(browser, page):
    answer = browser.get(page)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src=)[^>]*>|\son\w+=|\sstyle=|javascript:", answer.text)
    for address in re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith("/"), address


def test_style_sheets_lead_nowhere_else(browser):
    for name in ("nhsuk-frontend.min.css", "haln.css"):
        sheet = browser.get(f"/static/{name}").text
        assert "@font-face" not in sheet
        assert [url for url in re.findall(r"url\(([^)]*)\)", sheet) if not url.startswith(("data:", "images/"))] == []
        for url in re.findall(r"url\((images/[^)]*)\)", sheet):
            assert browser.get(f"/static/{url}").status_code == 200


@pytest.mark.parametrize(
    "fields", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "\ud800".encode("utf-8", "replace")}]
)
def test_a_form_without_this_visitors_token_is_refused(browser, fields):
    browser.get("/")
    answer = browser.post("/ask", data={"question": "Which jobs?", **fields})
    assert answer.status_code == 403
    assert "send that again" in answer.text


def test_anothers_token_does_not_help(site, browser):
    other = Browser(create_app(site), base_url=ADDRESS)
    browser.get("/")
    assert browser.post("/ask", data={"question": "Which jobs?", "csrf": other.token()}).status_code == 403


def test_a_form_on_another_page_is_refused(browser):
    token = browser.token()
    answer = browser.post(
        "/ask", data={"question": "Which jobs?", "csrf": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_token_without_a_cookie_is_refused(site, browser):
    other = Browser(create_app(site), base_url=ADDRESS)
    assert other.post("/ask", data={"question": "Which jobs?", "csrf": browser.token()}).status_code == 403


def test_another_host_is_not_served(browser):
    assert browser.get("/", headers={"Host": "attacker.example"}).status_code == 421


def test_a_form_of_five_megabytes_is_turned_away_in_one_line(browser):
    token = browser.token()
    large = browser.post("/ask", data={"csrf": token, "question": "x" * 5_000_000})
    assert large.status_code == 413
    assert "larger than this page takes" in large.text


def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further(browser):
    token = browser.token()
    read = []

    def endless():
        yield f"csrf={token}&question=".encode()
        for _ in range(100):
            read.append(1)
            yield b"x" * (MOST_BODY // 4)

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/ask", content=endless(), headers=headers).status_code == 413


def test_questions_have_a_limit_that_says_when_there_is_room_again(make_site):
    browser = Browser(create_app(make_site(questions_per_minute=2)), base_url=ADDRESS)
    assert [browser.answer().status_code for _ in range(3)] == [200, 200, 429]
    again = browser.answer()
    assert 0 < int(again.headers["retry-after"]) <= 60
    assert "Try again in" in again.text


def test_limits_fill_again_and_keep_visitors_apart(settings):
    now = [0.0]
    limits = RateLimits(settings, lambda: now[0])
    for _ in range(settings.questions_per_minute):
        limits.count(Limited.QUESTION, "one")
    with pytest.raises(TooManyError):
        limits.count(Limited.QUESTION, "one")
    limits.count(Limited.QUESTION, "other")
    now[0] = 60 / settings.questions_per_minute
    limits.count(Limited.QUESTION, "one")


def test_an_error_that_nobody_expected_is_one_line_with_a_reference(site, browser, monkeypatch):
    def broken(*_):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(site.backend.library.store, "counts", broken)
    page = browser.get("/")
    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "secret" not in page.text
    assert page.headers["content-security-policy"]


def test_over_https_cookies_stay_there(make_site):
    site = make_site(web_url="https://assistant.example.org")
    browser = Browser(create_app(site), base_url="https://assistant.example.org")
    answer = browser.get("/")
    assert answer.headers["set-cookie"].startswith("__Host-haln=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_search_engines_come_in_when_the_operator_says_so(make_site):
    browser = Browser(create_app(make_site(web_listed="on")), base_url=ADDRESS)
    assert "x-robots-tag" not in browser.get("/browse").headers
    assert "noindex" not in browser.get("/browse").text
    assert "Disallow: /\n" not in browser.get("/robots.txt").text


def test_a_long_text_comes_in_pages_and_the_passage_decides_which():
    from knowledge.answering.in_document import Place

    sections = [Section(heading_path=(f"Part {n}",), text=f"Words of part {n}. " * 1000) for n in range(6)]
    first = part_of(sections, None, None)
    assert (first.number, first.pages) == (1, 6)
    place = Place(3, 0, 5)
    marked = part_of(sections, place, None)
    assert marked.number == 4
    assert [piece.text for block in marked.blocks for item in block.items for piece in item if piece.marked] == [
        "Words"
    ]


def test_searches_have_a_limit_by_address(make_site):
    browser = Browser(create_app(make_site(questions_per_minute=1)), base_url=ADDRESS)
    statuses = [browser.get("/search?q=roofs").status_code for _ in range(16)]
    assert statuses == [200] * 15 + [429]


def test_at_debug_no_question_no_address_and_no_secret_is_in_the_log(members, sign_in, postbox, caplog):
    token = "sample-token-of-the-interface"
    members.settings = members.settings.model_validate({**members.settings.model_dump(), "web_api_token": token})
    caplog.handler.addFilter(is_for_the_log)
    # The mail server and the browser of this test say what they do, too.
    caplog.handler.addFilter(lambda record: record.name not in ("mail.log", "httpx2"))
    caplog.set_level(logging.DEBUG)
    browser = sign_in("member@example.org")
    asked = "Who kept 40 entry jobs in Zanzibar?"
    assert "Zanzibar" in browser.answer(asked).text
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.post("/api/ask", json={"question": asked}, headers=headers).status_code == 200
    browser.submit("/my-data/forget", page="/my-data", sure="yes")
    link = postbox.link().partition("token=")[2]
    assert "a question was" in caplog.text
    for secret in ("Zanzibar", "member@example.org", token, link, browser.cookies["haln"]):
        assert secret not in caplog.text
