"""Five attacks on the page by somebody who may be there: other people's things, forged forms, kept sessions, links."""

import re

import pytest

from bot.web.app import create_app
from knowledge.domain.examples import OPERATOR, State
from knowledge.permissions import Face, matrix
from tests.bot.web.conftest import ADDRESS, Browser, id_of
from tests.bot.web.test_peers import introduce
from tests.bot.web.test_share import FILLED, given, handed_in, state


@pytest.fixture
def other(sign_in):
    """A member who has nothing to do with what the others do."""
    return sign_in("zoe@example.org")


def test_what_is_others_is_neither_seen_nor_changed(seeker, helper, other, members, backend):
    address, example_id = introduce(seeker, helper, backend), given(seeker, title="A draft of Sam's")
    question = backend.peers.ask_peers(id_of(backend, "sam@example.org"), "How do we open a garden?").question_id
    before = backend.library.examples.find(example_id)
    introduction = address.rpartition("/")[2]
    for path in (address, f"/share/{example_id}", f"/share/{example_id}/check", "/peers/sets/none"):
        page = other.get(path)
        assert page.status_code == 404, path
        assert "Sam" not in page.text
    tried = [
        (address, {"action": "accept"}),
        (address, {"action": "withdraw"}),
        (f"{address}/write", {"text": "Let me in"}),
        (f"/share/{example_id}", FILLED),
        (f"/share/{example_id}/check", {}),
        (f"/share/{example_id}/withdraw", {}),
        (f"/peers/questions/{question or 'none'}", {"reply": "Mine", "action": "reply"}),
        (f"/peers/questions/{question or 'none'}/helpful", {"helpful": "yes", "author": "1"}),
    ]
    for path, fields in tried:
        answer = other.submit(path, **fields)
        assert answer.status_code in (400, 403, 404), path
        assert "Sam" not in answer.text, path
    assert backend.library.examples.find(example_id) == before
    assert backend.library.members.introduction(introduction).state == "accepted"
    assert all(
        message.kind != "peers.letter"
        for message in backend.library.outbox.waiting_for(id_of(backend, "kim@example.org"))
    )
    handed = handed_in(seeker)
    for path in (f"/review/{handed}", "/review", "/insights", "/insights/figures.csv", "/insights/report.md"):
        assert other.get(path).status_code == 403, path
    for path in (f"/review/{handed}", f"/review/{handed}/claim", f"/review/{handed}/take-down"):
        assert other.submit(path, action="approve", reason="Mine").status_code == 403, path
    assert state(members, handed) is State.SUBMITTED
    assert "sam@example.org" not in other.submit("/my-data/download", page="/my-data").text


def test_no_form_is_taken_that_is_not_from_our_page(members, sign_in):
    """Each page that takes a form, by a browser that is signed in, from a page elsewhere."""
    moderator = sign_in("mo@example.net")
    token = moderator.token()
    # What was mailed carries its own secret: one press in a mail program stops a digest (RFC 8058), without a cookie.
    without = {"POST:/digest/stop/{token}", "POST:/digest/confirm/{token}", "POST:/api/ask"}
    posts = [
        entry for entry, audience in matrix(Face.WEB).items() if entry.startswith("POST:") and entry not in without
    ]
    assert len(posts) > 30
    for entry in posts:
        path = re.sub(r"{\w+}", "none", entry.partition(":")[2])
        for fields, headers in (
            ({}, {}),
            ({"csrf": "0" * 64}, {}),
            ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
        ):
            answer = moderator.post(path, data=fields, headers=headers, follow_redirects=False)
            assert answer.status_code in (403, 404), (entry, fields, headers)
    assert moderator.get("/review").status_code == 200  # still signed in, and nothing happened


def test_a_session_begins_with_a_new_cookie_and_ends_for_good(members, postbox):
    browser = Browser(create_app(members), base_url=ADDRESS)
    browser.get("/")
    planted = browser.cookies["haln"]
    browser.submit("/sign-in", page="/sign-in", email="sam@example.org")
    link = postbox.link()
    browser.submit("/sign-in/link", page=link, token=link.partition("token=")[2])
    signed_in = browser.cookies["haln"]
    assert signed_in != planted
    for cookie, allowed in ((planted, False), (signed_in, True)):
        thief = Browser(create_app(members), base_url=ADDRESS, cookies={"haln": cookie})
        assert (thief.get("/my-data", follow_redirects=False).status_code == 200) is allowed
    # The link works once, in whatever browser.
    again = Browser(create_app(members), base_url=ADDRESS)
    again.submit("/sign-in/link", token=link.partition("token=")[2])
    assert again.get("/my-data", follow_redirects=False).status_code == 303
    browser.submit("/sign-out", page="/my-data")
    late = Browser(create_app(members), base_url=ADDRESS, cookies={"haln": signed_in})
    assert late.get("/my-data", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example", "///evil",
        "/%2F/evil.example", "javascript:alert(1)", "/\tevil", "/\r\nSet-Cookie: x=1", " /my-data", "https:evil",
        "/@evil.example", "http://localhost:8017@evil", "/my-data?next=https://evil.example", "/.//evil.example",
    ],
)  # fmt: skip
def test_no_link_of_ours_leads_elsewhere_after_signing_in(members, postbox, target):
    browser = Browser(create_app(members), base_url=ADDRESS)
    browser.submit("/sign-in", page="/sign-in", email="sam@example.org", next=target)
    link = postbox.link()
    done = browser.post(
        "/sign-in/link",
        data={"csrf": browser.token(link), "token": re.search(r"token=([\w-]+)", link)[1], "next": target},
        follow_redirects=False,
    )
    assert done.status_code == 303
    assert re.fullmatch(r"/[a-z-]+(?:/[a-z-]+)*", done.headers["location"]), done.headers["location"]
    assert "evil" not in done.headers.get("set-cookie", "")


def test_what_is_personal_is_kept_by_no_cache(seeker, helper, backend, sign_in):
    address, moderator = introduce(seeker, helper, backend), sign_in("mo@example.net")
    pages = ("/my-data", "/peers", "/peers/profile", "/peers/introductions", address, "/peers/questions", "/share", "/")
    answers = [seeker.get(path) for path in pages]
    answers += [
        moderator.get(path) for path in ("/review", "/insights", "/insights/figures.csv", "/insights/report.md")
    ]
    answers.append(seeker.submit("/my-data/download", page="/my-data"))
    for answer in answers:
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.url
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin"), answer.url


def test_who_is_banned_from_sharing_shares_nothing_here_and_still_sees_and_withdraws(sign_in, members):
    author = sign_in("sam@example.org")
    mine = handed_in(author)
    backend = members.backend
    backend.examples.set_banned(OPERATOR, id_of(backend, "sam@example.org"), banned=True)
    refused = author.submit("/share", page="/my-data", **FILLED)
    assert refused.status_code == 403
    assert "cannot share examples at the moment" in refused.text
    assert author.submit(f"/share/{mine}", page="/my-data", **FILLED).status_code == 403
    assert author.get("/my-data").status_code == author.get("/peers").status_code == 200
    assert author.answer().status_code == 200
    author.submit(f"/share/{mine}/withdraw", page="/my-data")
    assert state(members, mine) is State.WITHDRAWN
    moderator = sign_in("mo@example.net")
    waiting = handed_in(sign_in("kim@example.org"))
    backend.examples.set_banned(OPERATOR, id_of(backend, "mo@example.net"), banned=True)
    assert moderator.submit(f"/review/{waiting}", page="/my-data", action="approve").status_code == 403
    assert state(members, waiting) is State.SUBMITTED
