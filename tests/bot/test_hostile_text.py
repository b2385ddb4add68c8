"""Hostile text wherever a text can enter: what a reader sees of it on each face is inert, and links stay links.

Each test says how many cases it looks at; together they are more than two thousand.
"""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from urllib.parse import quote

import lxml.etree
import pytest
from rich.console import Console

from bot.discord.ask.answer_card import answer_card, point_card
from bot.discord.browse import events
from bot.discord.browse.glossary import Meaning
from bot.discord.browse.library_queries import Chosen
from bot.discord.browse.views import meaning_view, resources_view
from bot.discord.digest.card import digest_view
from bot.discord.examples.list_views import mine_view, own_view, queue_view
from bot.discord.examples.render import body
from bot.discord.peers.match_view import person
from bot.discord.peers.profile_view import profile_view
from bot.discord.runtime.markdown import address, link, safe, safe_cut, safe_with_links
from bot.mail.message import Mail, as_message
from bot.terminal.answers import show_answer
from bot.terminal.peers import print_matches
from bot.texts.learning_sets import sets_file
from bot.web.app import create_app
from indexer.pipeline import Indexer
from knowledge.calibration.gate import own_gate_path
from knowledge.digest.contents import Contents
from knowledge.domain.examples import Actor, Author, Role, State, Submission
from knowledge.domain.library import Metadata, NearDocument, StoredDocument
from knowledge.domain.members import ForPeer, LearningSet, LearningSets, Match, Matches, Member, Profile
from knowledge.examples.export import as_csv, as_markdown
from knowledge.examples.views import view_of
from knowledge.storage.listing_protocols import Listing
from tests import hostile
from tests.bot.answers import answer, citation, said
from tests.bot.web.conftest import ADDRESS, Browser, clock, make_site  # noqa: F401 - fixtures
from tests.fakes import WORD_GATE, WordReader
from tests.hostile import GOOD
from tests.knowledge.examples.conftest import content

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MANY, SOME = 1200, 240


def texts_of(view):
    """All that a message shows, its buttons and choices too."""
    found = []
    for item in view.walk_children():
        found += [item.content] if hasattr(item, "content") else []
        found += [str(item.label)] if getattr(item, "label", None) else []
        for option in getattr(item, "options", ()):
            found += [option.label, option.description or ""]
    return found


def faults_of(view, urls=(GOOD,)):
    """What Discord would do with a message besides showing it. Labels are shown as they are: nothing in them acts."""
    found = []
    for item in view.walk_children():
        found += hostile.discord_faults(item.content, urls, in_bold=True) if hasattr(item, "content") else []
        for option in getattr(item, "options", ()):
            found += hostile.hidden(option.label)
    return found


@pytest.mark.parametrize(
    "sink", [safe, safe_with_links, lambda text: safe_cut(text, 60), lambda text: link(text, GOOD)]
)
def test_what_others_wrote_stays_text_on_discord(sink):
    for text in hostile.generate(MANY):
        urls = (GOOD, "https://evil.example", "http") if sink is safe_with_links else (GOOD,)
        shown = sink(text)
        assert hostile.discord_faults(shown, urls) == [], (text, shown)
        assert "\n" not in shown


def test_a_link_leads_where_its_source_says_and_looks_like_it():
    assert link("[x](https://evil.example)", GOOD).endswith(f"](<{GOOD}>)")
    assert "<https://xn--" in safe_with_links("https://ехample.org/zq")
    assert safe_with_links(f"See {GOOD}") == f"See <{GOOD}>"


def cards(text):
    """The cards of an answer to a question, from a document, that say this text."""
    cited = citation(1, title=text, section=text, organisation=text, url=GOOD)
    shown = answer(said(text, strong=True, item=True, title=text), citations=(cited,), question=text, note=text)
    yield answer_card(shown, TODAY, heading="A member asked", note="Ask on.")
    yield answer_card(shown.model_copy(update={"written_by": "model", "understood": text}), TODAY)
    yield point_card(shown)
    near = NearDocument(document_id="d", title=text, url=GOOD, quote=text)
    yield answer_card(shown.model_copy(update={"answered": False, "nearest": (near,), "sentences": ()}), TODAY)


def document(text, **fields):
    metadata = Metadata(title=text, kind="report", organisation=text, source_title=text, url=GOOD, place=text, **fields)
    values = {"id": "d1", "location": "/d1.md", "content_hash": "0", "chunk_count": 1, "updated_at": "2026-05-01"}
    return StoredDocument(metadata=metadata, **values)


def test_cards_of_answers_documents_events_and_the_digest():
    for text in hostile.generate(SOME, seed=1):
        stored = document(text)
        coming = events.Coming(text, GOOD, TODAY, "1 June 2026", text)
        views = [*cards(text), meaning_view(Meaning(text, text, stored))]
        question = ForPeer(question_id="q", question=text, asker=None)
        views.append(digest_view(Contents([stored], [stored], [coming], [question], stored, True), NOW, "Foot"))
        for view in views:
            assert faults_of(view) == [], text


def test_cards_of_people():
    for text in hostile.generate(SOME, seed=2):
        values = dict.fromkeys(
            ("display_name", "role", "organisation", "region", "working_on", "can_offer"), text[:200]
        )
        profile = Profile(id="1", looking_for=text[:200], **values)
        member = Member.model_construct(profile=profile, findable=True, paused=False, waiting=False, most_requests=None)
        assert faults_of(profile_view(member)) == [], text
        assert hostile.discord_faults(person(profile), in_bold=True) == [], text


def test_people_in_a_terminal_and_in_a_table(capsys):
    for text in hostile.generate(SOME, seed=3):
        profile = Profile(id="1", display_name=text[:200], role=text[:200], organisation=text[:200])
        named = profile.model_dump(include={"display_name", "role", "organisation"})
        match = Match(member_id="1", score=1, reasons=(), mutual=False, fits=True, **named)
        print_matches(Matches(member="1", matches=(match,), note=None, timings_ms={}))
        printed = capsys.readouterr().out
        assert hostile.terminal_faults(printed) == [], text
        group = LearningSet(topic=text, members=("1",), reason=text, first_question=text)
        found = LearningSets(sets=(group,), unplaced=(), optimal=True)
        assert hostile.csv_faults(sets_file(found, {"1": profile}, ".csv")) == [], text


def example(text):
    """A published example that says this wherever it says anything."""
    fields = ("title", "what", "for_whom", "what_happened", "differently", "measured", "organisation")
    submission = Submission(
        id="ex-1",
        state=State.PUBLISHED,
        version=2,
        content=content(**dict.fromkeys(fields, text)),
        author=Author(member="1", name=text),
        **dict.fromkeys(("created_at", "updated_at", "state_since"), "2026-05-01T10:00:00+00:00"),
    )
    return view_of(submission, Actor("1", Role.MEMBER), NOW)


def test_examples_in_cards_and_tables():
    for text in hostile.generate(SOME, seed=4):
        view = example(text)
        for card in (own_view(view), queue_view([view], {}, 0), mine_view([view], 0)):
            assert faults_of(card) == [], text
        assert hostile.discord_faults("\n".join(body(view)), in_bold=True) == [], text
        assert hostile.csv_faults(as_csv([view])) == [], text
        pages = "\n".join(as_markdown([view]).values())
        assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(https?://evil", pages), text


def test_mail_gets_no_header_and_no_recipient_of_others():
    for text in hostile.generate(SOME, seed=5):
        mail = as_message(Mail(to="m@example.org", subject=text, text=text, mark="haln-1"), "a@example.org")
        assert set(mail.keys()) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
        }
        headers = mail.as_bytes().partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nbcc:" not in headers, text
        assert str(mail["To"]) == "m@example.org"


@pytest.fixture
def hostile_folder(tmp_path):
    """Files that say hostile things: in their text, front matter, names, a catalogue and a calendar."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    rows = [["path", "title", "organisation", "url"]]
    for number, text in enumerate(hostile.generate(30, seed=6)):
        front = json.dumps({"title": text, "organisation": text, "source_title": text, "place": text})
        # JSON is YAML: whatever the text, it is one value.
        (folder / f"note-{number}.md").write_text(
            f"---\n{front[1:-1].replace(', ', chr(10))}\n---\n\nNote {number} of the orchard says: {text}\n",
            encoding="utf-8",
            errors="replace",
        )
    for number, text in enumerate(hostile.generate(16, seed=7)):
        name = f"{number} {text}".replace("/", "∕").replace("\0", "")[:60]
        (folder / f"{name}.txt").write_text(f"{text}\n\nThe orchard has a wall.\n", encoding="utf-8", errors="replace")
    for number, text in enumerate(hostile.generate(12, seed=8)):
        (folder / f"listed-{number}.txt").write_text("The orchard has a gate.\n")
        rows.append([f"listed-{number}.txt", text, text, GOOD])
    with (folder / "catalogue.csv").open("w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows(rows)
    entries = [
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:{one}\r\nLOCATION:{one}\r\nDTSTART:20990610T100000Z\r\nEND:VEVENT"
        for number, text in enumerate(hostile.generate(16, seed=9))
        if (one := text.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n"))
    ]
    calendar = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *entries, "END:VCALENDAR", ""])
    (folder / "events.ics").write_text(calendar, encoding="utf-8", errors="replace", newline="")
    return folder


@pytest.fixture
def compares_words(settings, monkeypatch):
    """A reader that compares words, in the place of the model."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    own_gate_path(settings.data_dir, WordReader.name).write_text(WORD_GATE.model_dump_json())
    monkeypatch.setattr("knowledge.library.packaged_reader", lambda device: WordReader())


@pytest.fixture
def site(make_site, hostile_folder, compares_words):  # noqa: F811
    opened = make_site(questions_per_minute=1000)
    Indexer(opened.backend.library).add([str(hostile_folder)])
    return opened


def test_what_documents_say_is_inert_on_every_face(site):
    library, console = site.backend.library, Console(file=io.StringIO(), force_terminal=True, width=100)
    stored = library.store.documents()
    assert len(stored) > 60, [one.location for one in stored]
    for number, one in enumerate(stored):
        assert faults_of(resources_view(Listing(1, 1, [one]), Chosen()), urls(one)) == [], one.location
        if number % 4:
            continue
        given = site.backend.unlogged.ask(f"What does note {number} of the orchard say?")
        show_answer(console, given)
        assert faults_of(answer_card(given, TODAY)) == [], given.text
    assert hostile.terminal_faults(console.file.getvalue()) == []
    assert "\x1b]8" not in console.file.getvalue()
    browser = Browser(create_app(site), base_url=ADDRESS)
    addresses = [f"/documents/{quote(one.id)}" for one in stored[::3]]
    addresses += ["/", "/browse", "/browse?page=2", "/events", "/search?q=orchard"]
    for path in addresses:
        page = browser.get(path)
        assert (page.status_code, hostile.web_faults(page.text)) == (200, []), path
    assert lxml.etree.fromstring(browser.get("/new.xml").content).findall(".//item")
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(browser.get("/events.ics").text)}
    assert names <= {
        *("BEGIN", "END", "PRODID", "VERSION", "X-WR-CALNAME", "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND"),
        *("LOCATION", "URL"),
    }
    token = browser.token()
    for number, text in enumerate(hostile.generate(120, seed=10)):
        pages = [browser.get("/", params={"q": text})]
        if number % 12 == 0:
            pages += [browser.get("/search", params={"q": text})]
            pages += [browser.post("/ask", data={"csrf": token, "question": text})]
        for page in pages:
            assert page.status_code in (200, 400), (text, page.status_code)
            assert hostile.web_faults(page.text) == [], text


def urls(one):
    """Where a document may lead: to its own address, written as a browser writes it."""
    own = one.metadata.url
    return (GOOD, address(own)) if own else (GOOD,)


def unfolded(calendar):
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]
