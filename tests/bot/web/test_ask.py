import asyncio
import re
import threading

import pytest

from bot.texts.languages import languages, translated
from bot.web import texts
from knowledge.answering.wording import FAREWELL, GREETING, THANKS
from tests.bot.web.conftest import QUESTION


def test_a_question_gets_a_cited_answer_under_an_address_of_its_own(browser):
    answer = browser.answer()
    assert re.search(r"/answers/[\w-]{16}$", str(answer.url))
    assert "kept <mark" in answer.text
    assert browser.get(answer.url).text.count("haln-cite") == 1


def test_each_citation_opens_the_document_at_the_passage(browser):
    link = re.search(r'class="haln-cite" href="([^"]+)"', browser.answer().text)[1]
    assert link.endswith("#passage")
    page = browser.get(link.replace("&amp;", "&"))
    assert '<mark id="passage">The Sample Hospital Trust kept 40 entry jobs' in page.text
    assert "Back to the answer" in page.text


def test_an_answer_is_escaped(browser):
    page = browser.answer("Who kept <script>alert(1)</script> entry jobs for local residents?").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_what_the_library_does_not_say_is_refused_with_what_is_nearest(browser):
    page = browser.answer("What is the capital of Mongolia called today?").text
    assert "No answer in the library" in page
    assert "Try other words" in page


def test_an_empty_question_leads_to_its_field(browser):
    page = browser.submit("/ask", question="  ")
    assert page.status_code == 400
    assert '<a href="#question">Enter a question</a>' in page.text
    assert 'aria-describedby="question-hint question-error"' in page.text
    assert "<title>Error: " in page.text


def test_a_question_that_is_too_long_is_given_back(browser):
    page = browser.submit("/ask", question="word " * 1000)
    assert page.status_code == 400
    assert "4000 characters or fewer" in page.text


def test_a_follow_up_is_understood_with_the_question_before(browser, site):
    browser.answer()
    followed = browser.answer("And what was the retention after one year?", follows="yes")
    assert followed.status_code == 200
    name = site.visitors.of(browser.cookies["haln"]).conversation
    assert len(site.backend.library.questions.turns(name)) == 2
    browser.submit("/ask/new")
    assert site.backend.library.questions.turns(name) == []


def test_a_new_question_begins_a_new_conversation(browser, site):
    browser.answer()
    browser.answer("What did Sample University plant?")
    name = site.visitors.of(browser.cookies["haln"]).conversation
    assert len(site.backend.library.questions.turns(name)) == 1


def test_feedback_is_noted_once_for_each_visitor(browser, site):
    question_id = str(browser.answer().url).rpartition("/")[2]
    thanked = browser.submit(f"/answers/{question_id}/feedback", helpful="yes")
    assert "Your feedback has been noted" in thanked.text
    browser.submit(f"/answers/{question_id}/feedback", helpful="no", reason="too_long")
    counts = site.backend.library.questions.feedback(question_id)
    assert (counts.helpful, counts.not_helpful) == (0, 1)


def test_without_a_question_log_the_answer_is_shown_at_once(make_site):
    from bot.web.app import create_app
    from tests.bot.web.conftest import ADDRESS, Browser

    browser = Browser(create_app(make_site(question_days=0)), base_url=ADDRESS)
    answer = browser.answer()
    assert answer.status_code == 200
    assert str(answer.url).endswith("/ask")
    link = re.search(r'class="haln-cite" href="([^"]+)"', answer.text)[1]
    assert '<mark id="passage">' in browser.get(link).text
    assert QUESTION in answer.text


def test_when_too_many_wait_the_question_is_not_lost(site, browser, monkeypatch):
    monkeypatch.setattr("bot.web.site._MOST_WAITING", 0)
    told = browser.answer()
    assert told.status_code == 503
    assert "Nothing was lost" in told.text
    assert f">{QUESTION}</textarea>" in told.text
    searched = browser.get("/search?q=roofs")
    assert (searched.status_code, searched.headers["Retry-After"]) == (503, "30")


def test_who_reads_welsh_is_greeted_in_welsh_and_told_that_the_library_is_english(browser):
    english = browser.get("/")
    assert '<a href="/?lang=cy" lang="cy" hreflang="cy">Cymraeg</a>' in english.text
    assert "Saesneg" not in english.text
    for welsh in (browser.get("/?lang=cy"), browser.get("/", headers={"Accept-Language": "fr, cy-GB;q=0.9, en;q=0.8"})):
        assert '<div lang="cy">' in welsh.text
        assert "Saesneg yw iaith y llyfrgell" in welsh.text
        assert '<a href="/?lang=en" hreflang="en">English</a>' in welsh.text
    for header in ("en, cy;q=0.5", "cy;q=0", "cy;q=much", ";;,", ""):
        assert '<div lang="cy">' not in browser.get("/", headers={"Accept-Language": header}).text
    said = browser.submit("/ask", page="/?lang=cy", question="Bore da", lang="cy")
    assert '<p lang="cy">Helo! Gofynnwch unrhyw beth' in said.text
    assert '<p lang="cy">' not in browser.submit("/ask", question="Hello").text


@pytest.mark.parametrize("spoken", [one for one in languages() if one.code != "en"], ids=lambda one: one.code)
def test_what_is_said_in_a_language_is_wholly_in_it_and_marked(browser, spoken):
    for text in (*texts.WELCOME, GREETING, THANKS, FAREWELL):
        assert translated(text, spoken.code) != text
    home = browser.get(f"/?lang={spoken.code}").text
    marked = re.search(rf'<div lang="{spoken.code}">(.*?)</div>', home, re.DOTALL)[1]
    assert home.count(f'lang="{spoken.code}"') == 1  # and all else is English, as the page says
    assert '<html lang="en-GB">' in home
    assert marked.count("<p>") == len(texts.WELCOME)
    for said in ("thanks", "goodbye"):
        page = browser.submit("/ask", page=f"/?lang={spoken.code}", question=said, lang=spoken.code).text
        assert page.count(f'<p lang="{spoken.code}">') == 1


async def test_an_answer_is_shown_while_many_ask(site, browser):
    path = browser.answer().url.path
    gate = threading.Event()
    waiting = [asyncio.create_task(site.model(lambda _: gate.wait())) for _ in range(60)]
    await asyncio.sleep(0)
    try:
        assert await asyncio.to_thread(lambda: browser.get(path).status_code) == 200
    finally:
        gate.set()
        await asyncio.gather(*waiting)
