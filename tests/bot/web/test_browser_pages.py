"""Pages with data on them in a real browser: axe, 320 pixels, the tab key, no scripts, and on paper."""

import re
from urllib.parse import urlsplit

import pytest

from bot.web.app import create_app
from indexer.pipeline import Indexer
from knowledge.calibration.gate import own_gate_path
from knowledge.dates import utc_now
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.domain.library import Answer
from knowledge.domain.members import LearningSet
from tests.bot.web.conftest import ADDRESS, QUESTION, Browser, id_of
from tests.bot.web.test_browser import DESKTOP, NARROW, Axe, pytestmark  # noqa: F401 - marks this, too
from tests.bot.web.test_browser import chromium as chromium
from tests.bot.web.test_share import handed_in
from tests.fakes import WORD_GATE
from tests.knowledge.guidance.test_indicators import JOBS, MEASURED, PROJECT
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

COFFEE = "/peers/coffee"
UNKNOWN = "Which zoo keeps green roofs for penguins?"
EVENT = (
    "---\ntitle: Open grounds webinar\nkind: event\nstarts: '2099-09-01T13:00:00Z'\n---\n\n"
    "Opening hospital or clinic grounds to the public.\n"
)
DUE = "---\ntitle: Old guidance\nkind: toolkit\nreview_by: '2020'\ntrue_as_of: '2019'\n---\n\nBuy nearby.\n"


@pytest.fixture(autouse=True)
def _today(clock):
    clock.now = utc_now()  # questions are logged by the clock of the machine


@pytest.fixture
def members(make_site, postbox):
    """A site with everything on it: members, a moderator, mail, and an address for its links."""
    return make_site(
        web_members="example.org",
        web_moderators="mo@example.net",
        web_url=ADDRESS,
        mail_server=f"127.0.0.1:{postbox.port}",
        mail_from="assistant@example.org",
        mail_security="none",
    )


@pytest.fixture
def furnished(members, backend, seeker, helper, sign_in, clock, sources, monkeypatch):
    """A site on which much has happened, and the paths of its pages by who reads them."""
    gate = own_gate_path(members.settings.data_dir, backend.library.reader.name)
    gate.write_text(WORD_GATE.model_dump_json())
    monkeypatch.setattr("indexer.sandbox.personal_data.SandboxedCheck.find", lambda _, text: [])
    for name, text in {"webinar": EVENT, "entry": JOBS + MEASURED, "due": DUE}.items():
        (sources / f"{name}.md").write_text(text)
    Indexer(backend.library).add([str(sources)])
    moderator, visitor = sign_in("mo@example.net"), Browser(create_app(members), base_url=ADDRESS)
    sam, kim = id_of(backend, "sam@example.org"), id_of(backend, "kim@example.org")
    return {
        "visitor": [*visitors(visitor, backend), *follows(visitor, backend)],
        "sam": [*examples(seeker, moderator, backend), *peers(seeker, helper, backend, sam, kim, clock), "/my-data"],
        "mo": insights(moderator, backend, seeker),
        "browsers": {"visitor": visitor, "sam": seeker, "mo": moderator},
    }


def logged(backend, question, **fields):
    return backend.library.questions.log(Answer(question=question, **{"answered": False, "text": "No.", **fields}))


def visitors(visitor, backend):
    answered = backend.unlogged.ask(QUESTION)
    refused = logged(backend, "Opening hospital or clinic grounds to the public?", reason="No.")
    return [
        f"/answers/{backend.library.questions.log(answered)}",
        f"/answers/{refused}",
        "/search?q=zebra+crossings+nowhere",
        "/browse?nation=wales&pillar=employment",
        "/documents/due",
        f"/measure?project={PROJECT}",
        "/events",
        "/?lang=cy",
        "/sign-in/link?token=expired",
    ]


def follows(visitor, backend):
    """Pages that mails lead to."""
    sam = id_of(backend, "sam@example.org")
    confirmation = backend.digests.confirmation("100000000000000001", Frequency.WEEKLY, "ann@example.org")
    return [
        f"/digest/stop/{backend.digests.stop_token(sam)}",
        f"/digest/confirm/{confirmation}",
        "/digest/stop/forged",
        "/follow/nobody",
    ]


def examples(author, moderator, backend):
    waiting = handed_in(author)
    draft = re.search(r"/share/(ex-\w+)", str(author.submit("/share", page="/share", what="Half of it.").url))[1]
    backend.digests.choose(id_of(backend, "sam@example.org"), Frequency.WEEKLY, Means.EMAIL, "sam@example.org")
    return [f"/share/{draft}", f"/share/{draft}/check", f"/share/{waiting}"]


def peers(seeker, helper, backend, sam, kim, clock):
    found = seeker.submit("/peers", page="/peers", topic="")
    search, member = (re.search(rf'name="{name}" value="([^"]+)"', found.text)[1] for name in ("search", "member"))
    asked = seeker.submit("/peers/ask", page="/peers", search=search, member=member, topic="Lawns")
    [introduction] = backend.library.members.introductions_of(sam)
    assert asked.status_code == 200
    add(backend.peers, "200000000000000002", GARDEN, display_name="Lee Sample", organisation="Sample House")
    question = backend.peers.ask_peers(sam, WANTS_GARDEN["looking_for"], named=True)
    backend.peers.reply(kim, question.question_id, "Ask the estates team.")
    backend.peers.ask_peers(kim, WANTS_GARDEN["looking_for"], named=True)
    sets = []
    for topic in ("Open grounds", "Fixed grounds"):
        made = LearningSet(topic=topic, members=(sam, kim), reason="", first_question="Who has opened theirs?")
        sets.append(backend.peers.keep_set(made, None, None).id)
        backend.peers.start_set(sets[-1])
    days = list(backend.library.members.days_of(sets[1]))
    backend.peers.choose_days(kim, sets[1], (days[0],))
    backend.peers.fix_day(sets[1])
    helper.submit(f"/peers/introductions/{introduction.id}", page="/peers", action="accept")
    add(backend.peers, "200000000000000002", GARDEN, display_name="Lee Sample", organisation="Sample House")
    seeker.submit(COFFEE, page=COFFEE, action="join")
    return [
        f"/peers?search={search}",
        "/peers/introductions",
        f"/peers/introductions/{introduction.id}",
        "/peers/questions",
        *(f"/peers/sets/{one}" for one in sets),
        COFFEE,
    ]


def insights(moderator, backend, author):
    for number in range(6):  # one topic
        logged(backend, f"How do we open hospital grounds to group {number} of the public?")
        logged(backend, f"Which trust pays the real living wage to group {number}?", answered=True)
    page = moderator.answer(UNKNOWN)
    disliked = re.search(r"/answers/([\w-]+)/feedback", page.text)[1]
    moderator.submit(f"/answers/{disliked}/feedback", page=f"/answers/{disliked}", helpful="no", reason="wrong")
    moderator.submit(
        *("/insights/answers/new",),
        page=f"/insights/answers/new?gap={disliked}",
        question=UNKNOWN,
        text="None that we know of [1].",
        sources="green",
    )
    address = re.search(r"/insights/answers/(?!new)\w+", moderator.get("/insights/answers").text)[0]
    [waiting] = re.findall(r'href="(/review/ex-\w+)"', moderator.get("/review").text)
    published = handed_in(author, title="Carrots from nearby", what="We moved the hospital kitchen's carrots.")
    path = f"/review/{published}"
    version = backend.library.examples.find(published).version
    moderator.submit(path, page=path, version=version, action="approve")
    return [
        "/insights",
        f"/insights/gaps/{disliked}",
        "/insights/answers",
        f"/insights/answers/new?gap={disliked}",
        address,
        "/review",
        waiting,
        path,
    ]


@pytest.fixture
def served(furnished, address):
    """The address of the page once there is something on it."""
    return address


TAB_STOPS = """() => {
  const seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0 && !one.disabled;
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  window.stops = all.filter(seen).filter((one) => one.type !== "radio");
  window.reached = new Set();
  document.addEventListener("focusin", (event) => window.reached.add(event.target));
  return window.stops.length;
}"""
NOT_REACHED = "() => window.stops.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML.slice(0, 120))"


def reached_by_tab(page):
    """What cannot be reached with the tab key alone."""
    for _ in range(page.evaluate(TAB_STOPS) + 8):  # groups of radio buttons have a stop each
        page.keyboard.press("Tab")
    return page.evaluate(NOT_REACHED)


def test_every_page_with_data_is_accessible(chromium, furnished, served):
    faults = []
    for who in ("visitor", "sam", "mo"):
        context = chromium.new_context(viewport=NARROW, base_url=served, bypass_csp=True)
        jar = furnished["browsers"][who].cookies.jar
        context.add_cookies([{"name": one.name, "value": one.value, "url": served} for one in jar])
        page = context.new_page()
        for path in furnished[who]:
            faults += [(path, *fault) for fault in faults_of(page, path)]
        context.close()
    assert faults == []


def faults_of(page, path):
    """Yield what is wrong with a page: its status, axe's findings, what is too wide, out of reach, or needs scripts."""
    answer, place = page.goto(path), path.partition("?")[0]
    if answer.status != REFUSED.get(place, 200) or urlsplit(page.url).path != place:
        yield "status", answer.status, page.url
    for one in Axe().run(page).response["violations"]:
        yield "axe", one["id"], one["nodes"][0]["html"][:200]
    for size in (DESKTOP, NARROW):
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
            yield "sticks out", size["width"]
    for one in reached_by_tab(page):
        yield "no tab stop", one
    if page.locator("h1").count() != 1 or "<h1" not in answer.text():
        yield "made by scripts", page.locator("h1").all_inner_texts()
    page.emulate_media(media="print")
    shown = page.locator("nav, form button, .haln-noprint").filter(visible=True)
    if shown.count() or not page.locator("main").is_visible():
        yield "on paper", shown.first.evaluate("one => one.outerHTML.slice(0, 120)")
    page.emulate_media(media="screen")


REFUSED = {
    "/sign-in/link": 410,
    "/follow/nobody": 410,
    "/digest/stop/forged": 410,
}
