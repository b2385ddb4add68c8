"""Hostile text on the faces that are files and streams: mail, charts, tables, feeds, calendars, logs and terminals.

And what reaches us from elsewhere: feeds, calendars, a language model. Each loop says how many cases it looks at;
together they are more than two thousand.
"""

import email
import email.policy
import io
import json
import logging
import sys
from xml.sax.saxutils import escape

import icalendar
import lxml.etree
import pytest
from rich.table import Table
from rich.text import Text
from starlette.testclient import TestClient

from bot.cli import run_command
from bot.discord.examples.card_parts import ExamplePreview
from bot.discord.examples.draft_card import draft_card, go_on_card
from bot.discord.examples.review_card import merge_panel, review_card, tags_panel
from bot.discord.examples.review_messages import TO_AUTHORS, to_author
from bot.discord.insights import views as insight_views
from bot.discord.peers.notice_views import opening_lines
from bot.discord.runtime.components import button, choice, link_rows
from bot.logging_setup import JsonFormatter, RedactingFormatter
from bot.mail.digest_mail import DigestWriter, preview_text
from bot.mail.message import Mail, as_message
from bot.terminal.visible_output import console, visible_output
from bot.texts import charts
from bot.texts import insights as insight_texts
from bot.web.app import create_app
from indexer.pipeline import Indexer
from indexer.web.fetcher import Fetcher
from knowledge.answering.generation.checks import foreign_matter
from knowledge.answering.generation.response_format import drafts
from knowledge.digest.contents import Contents
from knowledge.digest.events import Coming
from knowledge.digest.storage.protocols import Frequency
from knowledge.domain.examples import Duplicate
from knowledge.domain.insights import Disliked, FigureRow, FigureTable, Gap, Insights, Topic
from knowledge.domain.members import ForPeer, Opening, Profile
from knowledge.domain.outbox import Message
from knowledge.examples.views import Receipt
from tests import hostile
from tests.bot.test_hostile_text import (
    NOW,
    TODAY,
    compares_words,  # noqa: F401 - a fixture
    document,
    example,
    faults_of,
    texts_of,
)
from tests.bot.web.conftest import ADDRESS, Browser, clock, make_site  # noqa: F401 - fixtures
from tests.hostile import GOOD
from tests.indexer.webserver import serving

TOKEN = "sample-token-of-the-interface"


def news(text):
    stored = document(text)
    question = ForPeer(question_id="q", question=text, asker=None)
    coming = Coming(text, GOOD, TODAY, "1 June 2026", text)
    return Contents([stored], [stored], [coming], [question], stored, True)


def received(mail):
    """A mail as its recipient's program reads it."""
    return email.message_from_bytes(as_message(mail, "a@example.org").as_bytes(), policy=email.policy.default)


def test_a_digest_by_mail_in_both_forms_and_its_headers():
    writer = DigestWriter("https://assistant.example")
    stop = "https://assistant.example/stop"
    for text in hostile.generate(80, seed=20):
        mail = received(writer.mail("m@example.org", news(text), NOW, Frequency.WEEKLY, stop))
        assert set(mail.keys()) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version"),
            *("List-Unsubscribe", "List-Unsubscribe-Post"),
        }, text
        assert (mail["To"], mail["List-Unsubscribe"]) == ("m@example.org", f"<{stop}>")
        assert hostile.hidden(mail["Subject"]) == [], text
        plain, page = (part.get_content() for part in mail.iter_parts())
        assert hostile.hidden(plain.replace("\r\n", "\n")) == [], text
        assert hostile.web_faults(page, (GOOD, "https://assistant.example/")) == [], text
        # A digest as a file is for pasting.
        markdown = preview_text(writer, news(text), NOW, ".md")
        assert hostile.markdown_faults(markdown, (GOOD, "https://assistant.example/")) == [], text


def test_a_mail_says_what_others_wrote_and_nothing_else():
    for text in hostile.generate(160, seed=21):
        mail = received(Mail("m@example.org", f"From {text}", f"They write:\n\n> {text}\n", mark="haln-1"))
        assert hostile.hidden(mail["Subject"] + mail.get_content().replace("\r\n", "\n")) == [], text
        assert "Bcc" not in mail, text


def figures(text):
    rows = (FigureRow(name=text, figures=(7, None)),)
    return FigureTable(key="k", title="By region", columns=("Answered", "Others"), rows=rows, counted="So.")


def insights(text):
    topic = Topic(words=(text,), typical=text, questions=7, unanswered=2, unhelpful=1, latest="2026-05-01")
    gap = {"words": (text,), "typical": text, "question_id": "q", "questions": 7, "refused": 2, "unhelpful": 1}
    disliked = Disliked(question_id="q", question=text, answered=True, votes=1, reasons=(), said_at="2026-05-01")
    found = {"since": "2026-01-01", "until": "2026-06-01", "questions": 7, "answered": 5, "topics": (topic,)}
    found |= {"apart": 0, "gaps": (Gap(**gap, examples=(text,)),), "other_gaps": (), "outside": 0, "due": (text,)}
    return Insights(**found, disliked=(disliked,), tables=(figures(text),), notes=(), seconds=0.0)


def test_insights_as_charts_tables_report_and_cards():
    for text in hostile.generate(160, seed=22):
        found = insights(text)
        drawn = charts.svg(found.tables[0])
        assert hostile.svg_faults(drawn) == [], text
        assert hostile.csv_faults(insight_texts.as_csv(found.tables)) == [], text
        assert hostile.markdown_faults(insight_texts.as_markdown(found, "2026")) == [], text
        view, files = insight_views.overview(found)
        assert all(hostile.hidden(file.description or "") == [] for file in files)
        member = Profile(id="1", display_name=text[:200], role=text[:200])
        for shown in (view, insight_views.gap("q", text, [text], [member]), insight_views.vote(found.disliked[0])):
            assert faults_of(shown) == labels(shown) == [], text


def labels(view):
    """What is hidden in the names of buttons and choices, which Discord shows as they are."""
    return [fault for text in texts_of(view) for fault in hostile.hidden(text, {"\u200b", "\u2060"})]


def test_cards_of_review_and_drafts_and_what_authors_are_told():
    for text in hostile.generate(160, seed=23):
        view = example(text)
        near = Duplicate(kind="document", id="d", title=text, url=GOOD, similarity=0.9)
        receipt = Receipt(id=view.id, state=view.state, version=view.version, duplicates=(near,))
        shown = ExamplePreview(view=view, receipt=receipt, readable=(("ex-2", text),))
        cards = [review_card(shown), draft_card(shown), merge_panel("k", shown), tags_panel(view)]
        cards += [go_on_card("k", text, "today")]
        data = {"example": "ex-1", "title": text, "reason": text, "answers": 2, "month": "2026-05"}
        cards += [to_author(Message(recipient="1", kind=kind, data=data)) for kind in TO_AUTHORS]
        for card in cards:
            assert faults_of(card) == labels(card) == [], text
        opening = Opening(introduction_id="i", members=("1", "2"), writes_first="1", first_line=text, in_common=(text,))
        assert hostile.discord_faults("\n".join(opening_lines(opening)), in_bold=True) == [], text


def test_names_of_buttons_and_choices():
    import discord

    for text in hostile.generate(160, seed=24):
        option = discord.SelectOption(label=text[:100], value="v", description=text[:100])
        items = [button("read", "k", text[:80]), choice("read", "k", "Choose", [option]), *link_rows([(text, GOOD)])]
        view = discord.ui.LayoutView(timeout=None)
        for item in items:
            view.add_item(item if isinstance(item, discord.ui.ActionRow) else discord.ui.ActionRow(item))
        assert labels(view) == [], text


@pytest.mark.parametrize("formatter", [RedactingFormatter("%(levelname)s %(message)s"), JsonFormatter()])
def test_a_name_in_the_log_makes_no_line_and_orders_nothing(formatter):
    for text in hostile.generate(160, seed=25):
        record = logging.LogRecord("indexer.x", logging.WARNING, __file__, 1, "%s was not read", (text,), None)
        line = formatter.format(record)
        assert "\n" not in line, text
        assert hostile.hidden(line) == [], text
        assert line.startswith(("WARNING ", "{"))


def test_a_traceback_in_the_log_orders_nothing_either():
    try:
        raise ValueError("zq\x1b[31m\x9b2J\u202e")
    except ValueError:
        record = logging.LogRecord("bot.x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    for formatter in (RedactingFormatter("%(message)s"), JsonFormatter()):
        assert hostile.hidden(formatter.format(record)) == []
    assert "\n  File" in RedactingFormatter("%(message)s").format(record)


def test_what_is_printed_is_seen_and_orders_nothing(monkeypatch):
    printed = io.StringIO()
    monkeypatch.setattr(sys, "stdout", printed)
    with visible_output():
        for text in hostile.generate(160, seed=26):
            print(text)
            coloured = console()
            coloured.print(text, soft_wrap=True)
            table = Table(text.replace("\n", " "), box=None)
            table.add_row(text)
            coloured.print(table)
        sys.stdout.write("a,b\r\nc,d\r\n")
    assert hostile.hidden(printed.getvalue().replace("\r\n", "\n")) == []
    assert printed.getvalue().endswith("a,b\r\nc,d\r\n")
    assert "[link=https://evil.example]zql[/link]" in printed.getvalue()
    assert sys.stdout is printed


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_colours_of_our_own_reach_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with visible_output():
        console().print(Text("zq\x1b[2J", style="bold"))
        shown = sys.stdout.getvalue()
    assert shown == "\x1b[1mzq [2J\x1b[0m\n"


@pytest.fixture
def odd_files(tmp_path):
    """Files whose names and contents give orders to a terminal, one of which cannot be read."""
    folder = tmp_path / "odd"
    folder.mkdir()
    for number, text in enumerate([*hostile.KINDS["terminal"], *hostile.KINDS["direction"][:2]]):
        name = text.replace("/", "∕")
        (folder / f"{number}{name}.{'pdf' if number % 3 else 'txt'}").write_bytes(text.encode())
    return folder


def test_commands_that_name_files_order_nothing(odd_files, settings, monkeypatch, capsys):
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    commands = (["index", "add", "--dry-run", str(odd_files)], ["index", "show", "\x1b[31mzq"], ["\x9b2J\u202ezq"])
    for command in commands:
        assert run_command(command) in (1, 2), command
        out, err = capsys.readouterr()
        assert hostile.hidden(out + err) == [], command
        assert "zq" in out + err
    run_command(["index", "add", "--dry-run", "--json", str(odd_files)])
    out, _ = capsys.readouterr()
    assert hostile.hidden(out) == []
    assert any("\x1b" in failure["source"] for failure in json.loads(out)["failed"])  # a program is told all


RSS = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{}</channel></rss>'


def listed(text, number):
    """A feed's entry that says this wherever it says anything; the bytes that no XML may hold are left out."""
    said = escape("".join(c for c in text if c.isprintable() or c in "\n\t\u202e\u200b\u2066\x85"))
    whole = f"Entry {number} of the orchard says: {text} " + "and there are many apples in it every year " * 20
    return (
        f"<item><title>{said}</title><link>https://elsewhere.invalid/{number}</link><author>{said}</author>"
        f"<content:encoded>{escape(escape(''.join(c for c in whole if c.isprintable())))}</content:encoded></item>"
    )


def announced(text, number):
    """An event that says this wherever it says anything, with an address of its own."""
    event = icalendar.Event()
    event.add("uid", f"{number}")
    for name in ("summary", "location", "description"):
        event.add(name, text.replace("\0", ""))
    event.add("url", f"https://elsewhere.invalid/{number}")
    event.add("dtstart", NOW.replace(year=2099))
    return event


@pytest.fixture
def site(make_site, compares_words):  # noqa: F811
    """A site whose library has read a hostile feed and a hostile calendar."""
    made = make_site(questions_per_minute=1000, web_api_token=TOKEN)
    library = made.backend.library
    chosen = library.settings.model_copy(update={"web_private": "on", "web_delay_seconds": 0.0, "web_max_pages": 60})
    library.settings = chosen
    calendar = icalendar.Calendar()
    for number, text in enumerate(hostile.generate(30, seed=27)):
        calendar.add_component(announced(text, number))
    feed = RSS.format("".join(listed(text, number) for number, text in enumerate(hostile.generate(45, seed=28))))
    with serving() as server:
        sources = [
            server.says("/feed", feed, media_type="application/rss+xml"),
            server.says("/events.ics", calendar.to_ical(), media_type="text/calendar"),
        ]
        report = Indexer(library, fetcher=Fetcher(chosen, sleep=lambda _: None)).add(sources)
    assert not report.failed, report.failed
    assert report.added > 60
    return made


def test_feeds_and_calendars_come_in_and_go_out_inert(site):
    store = site.backend.library.store
    for one in store.documents():
        said = [one.metadata.title, one.metadata.author or "", one.metadata.place or "", one.id]
        said += [section.text for section in store.sections(one.id)]
        assert hostile.hidden("\n".join(said)) == [], one.location
    browser = Browser(create_app(site), base_url=ADDRESS)
    for one in store.documents()[::2]:
        page = browser.get(f"/documents/{one.id}")
        assert (page.status_code, hostile.web_faults(page.text)) == (200, []), one.id
    assert lxml.etree.fromstring(browser.get("/new.xml").content).findall(".//item")
    out = icalendar.Calendar.from_ical(browser.get("/events.ics").content)
    events = list(out.walk("VEVENT"))
    assert len(events) == 30
    for event in events:
        assert set(event) <= {"UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "URL"}
        assert event["URL"].startswith(("https://elsewhere.invalid/", ADDRESS)), event["URL"]


def test_programs_get_data_and_no_headers_of_others(site):
    browser = TestClient(create_app(site), base_url=ADDRESS, headers={"Authorization": f"Bearer {TOKEN}"})
    for number, text in enumerate(hostile.generate(120, seed=29)):
        for got in (
            *([browser.post("/api/ask", json={"question": text})] if number % 24 == 0 else []),
            browser.get("/api/search", params={"q": text}),
            browser.get(f"/api/documents/{text.encode().hex()}"),
        ):
            assert got.headers["content-type"] == "application/json", text
            assert got.headers["x-content-type-options"] == "nosniff"
            assert got.status_code in (200, 400, 404), text
            assert isinstance(got.json(), dict), text
            assert not {"bcc", "x-zq"} & set(got.headers)


def test_what_a_language_model_writes_is_plain_words_or_nothing():
    """Of what it says no address, mention or mark is left that its passages do not have; what is left is text."""
    for text in hostile.generate(240, seed=30):
        for reply in (text, json.dumps({"sentences": [{"text": f"It is said that {text}", "citations": [1]}]})):
            for draft in drafts(reply):
                assert hostile.hidden(draft.text) == [], text
                if not foreign_matter(draft.text, "The orchard has a wall."):
                    assert "evil" not in draft.text, text
                    assert hostile.discord_faults(draft.text) == [], (text, draft.text)
