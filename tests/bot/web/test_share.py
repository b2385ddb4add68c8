import re

import pytest

from knowledge.domain.examples import OPERATOR, State

FILLED = {
    "what": "We moved the hospital kitchen's potatoes to two farms nearby.",
    "for_whom": "For growers within ten miles, who had lost their wholesaler.",
    "what_happened": "One of two farms delivered every week; the other gave up in winter.",
    "differently": "We would have agreed on a store for the winter first.",
    "measured": "By the invoices of one year.",
    "outcome": "partly",
    "pillars": ["procurement", "environment"],
    "title": "Potatoes from nearby",
    "happened": "March 2023",
    "nation": "wales",
    "region": "Gwent",
    "level": "local",
    "organisation": "Sample Hospital Trust",
    "name": "Sam Sample",
    "credit": "organisation",
    "clearance": "yes",
}


@pytest.fixture
def author(sign_in):
    return sign_in("sam@example.org")


@pytest.fixture
def moderator(sign_in):
    return sign_in("mo@example.net")


def given(browser, **changes):
    """Fill the form in; the example's id."""
    checked = browser.submit("/share", page="/share", **{**FILLED, **changes})
    return re.search(r"/share/(ex-\w+)", str(checked.url) + checked.text)[1]


def handed_in(browser, **changes):
    example_id = given(browser, **changes)
    browser.submit(f"/share/{example_id}/check", page=f"/share/{example_id}/check")
    return example_id


def state(members, example_id):
    return members.backend.library.examples.find(example_id).state


def test_an_example_is_written_checked_handed_in_reviewed_and_found(author, moderator, members):
    example_id = given(author)
    check = author.get(f"/share/{example_id}/check").text
    assert "Potatoes from nearby" in check
    assert "We moved the hospital kitchen&#39;s potatoes" in check
    assert "Still needed" not in check
    author.submit(f"/share/{example_id}/check", page=f"/share/{example_id}/check")
    assert state(members, example_id) is State.SUBMITTED
    assert "Potatoes from nearby" in moderator.get("/review").text
    page = moderator.get(f"/review/{example_id}").text
    assert "Sam Sample" not in page  # only the organisation is to be named
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    done = moderator.submit(f"/review/{example_id}", page=f"/review/{example_id}", action="approve", version=version)
    assert "It is in the library" in done.text
    assert state(members, example_id) is State.PUBLISHED
    assert "Potatoes from nearby" in author.get("/browse?kind=example").text
    assert "Published" in author.get("/my-data").text


def test_what_is_missing_is_said_with_a_link_to_its_field(author, members):
    example_id = given(author, outcome="", clearance="no")
    check = author.get(f"/share/{example_id}/check").text
    assert f'<a href="/share/{example_id}#outcome">How it went</a>' in check
    assert f'<a href="/share/{example_id}#clearance">' in check
    author.submit(f"/share/{example_id}/check", page=f"/share/{example_id}/check")
    assert state(members, example_id) is State.DRAFT


def test_what_cannot_be_read_is_given_back_and_the_rest_is_kept(author, members):
    page = author.submit("/share", page="/share", **{**FILLED, "happened": "when the cows came home"})
    assert page.status_code == 400
    assert '<a href="#happened">When did it happen?: cannot be' in page.text
    assert "when the cows came home" in page.text
    assert "has been kept as a draft" in page.text
    example_id = re.search(r'action="/share/(ex-\w+)"', page.text)[1]
    assert members.backend.library.examples.find(example_id).content.title == "Potatoes from nearby"
    author.submit(f"/share/{example_id}", page=f"/share/{example_id}", **FILLED)
    assert members.backend.library.examples.find(example_id).content.happened_from == "2023-03"


def test_a_text_that_is_too_long_is_given_back(author):
    page = author.submit("/share", page="/share", **{**FILLED, "what": "x" * 5000})
    assert page.status_code == 400
    assert '<a href="#what">' in page.text
    assert "x" * 5000 in page.text


def test_a_draft_is_changed_and_deleted(author, members):
    example_id = given(author)
    author.submit(f"/share/{example_id}", page=f"/share/{example_id}", **{**FILLED, "title": "Another title"})
    assert "Another title" in author.get("/my-data").text
    author.submit(f"/share/{example_id}/withdraw", page=f"/share/{example_id}/check")
    assert members.backend.library.examples.find(example_id) is None


def test_what_is_not_yours_is_not_there(author, sign_in):
    example_id = given(author)
    other = sign_in("alex@example.org")
    for path in (f"/share/{example_id}", f"/share/{example_id}/check"):
        assert other.get(path).status_code == 404
    for path in (f"/share/{example_id}", f"/share/{example_id}/check", f"/share/{example_id}/withdraw"):
        assert other.submit(path, page="/share", **FILLED).status_code == 404


def test_members_do_not_review_and_nobody_their_own(author, moderator, members):
    example_id = handed_in(author)
    assert author.get("/review").status_code == 403
    assert author.submit(f"/review/{example_id}", page="/share", action="approve").status_code == 403
    own = handed_in(moderator, title="The moderator's own")
    assert "another moderator has to" in moderator.get(f"/review/{own}").text
    refused = moderator.submit(f"/review/{own}", page="/share", action="approve")
    assert refused.status_code == 403
    assert state(members, own) is State.SUBMITTED


def test_changes_need_a_reason_which_the_author_reads(author, moderator, members):
    example_id = handed_in(author)
    path = f"/review/{example_id}"
    assert '<a href="#reason">' in moderator.submit(path, page=path, action="request_changes").text
    assert '<a href="#action">' in moderator.submit(path, page=path).text
    moderator.submit(path, page=path, action="request_changes", reason="Please say which farms.")
    assert state(members, example_id) is State.CHANGES_REQUESTED
    assert "Please say which farms." in author.get("/my-data").text
    author.submit(
        f"/share/{example_id}", page=f"/share/{example_id}", **{**FILLED, "what": "We moved it to Sample Farm."}
    )
    assert state(members, example_id) is State.SUBMITTED


def test_of_two_moderators_one_is_told_what_happened(author, moderator, sign_in, members):
    example_id = handed_in(author)
    path = f"/review/{example_id}"
    moderator.submit(path, page=path, action="decline", reason="It is not ours.", version="2")
    late = moderator.submit(path, page="/share", action="approve", version="2")
    assert late.status_code == 400
    assert "There is a problem" in late.text


def test_what_may_identify_somebody_is_confirmed_by_name(author, moderator, members):
    example_id = handed_in(author, measured="Her number is NHS9434765919.")
    path = f"/review/{example_id}"
    asked = moderator.submit(path, page=path, action="approve")
    assert asked.status_code == 400
    labels = re.findall(r'name="confirmed" type="checkbox" value="([^"]+)"', asked.text)
    assert labels
    assert state(members, example_id) is State.SUBMITTED
    done = moderator.submit(path, page=path, action="approve", confirmed=labels)
    assert "It is in the library" in done.text


def test_everything_can_be_downloaded_and_forgotten(author, members, postbox):
    author.answer("How many entry jobs for local residents were kept?")
    example_id = given(author)
    member_id = members.backend.library.examples.find(example_id).author.member
    held = author.submit("/my-data/download", page="/my-data")
    assert held.headers["content-disposition"].startswith("attachment")
    data = held.json()
    assert data["account"]["email"] == "sam@example.org"
    assert data["library_questions"][0]["question"].startswith("How many entry jobs")
    assert data["examples"][0]["id"] == example_id
    assert len(data["conversation"]) == 1
    assert '<a href="#sure">' in author.submit("/my-data/forget", page="/my-data").text
    gone = author.submit("/my-data/forget", page="/my-data", sure="yes", published="without_name")
    assert "You are forgotten" in gone.text
    assert members.backend.privacy.traces(member_id) == {}
    assert not members.backend.privacy.holds(member_id)
    assert "Sign out" not in author.get("/").text
    for path in members.settings.data_dir.glob("haln.db*"):
        assert b"sam@example.org" not in path.read_bytes()


def test_an_id_is_never_shown_as_a_name(author, moderator, members):
    example_id = handed_in(author, credit="named", name="", organisation="")
    assert "web-" not in moderator.get(f"/review/{example_id}").text
    assert members.backend.examples.show(OPERATOR, example_id).credited_to == "A member of the network"
