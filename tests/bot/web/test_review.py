"""What moderators do to an example on the web page beside approving or declining it."""

import re

import pytest

from knowledge.domain.examples import OPERATOR, Action, Actor, Role, State
from knowledge.domain.vocabulary import Nation, Pillar
from tests.bot.web.test_share import FILLED, handed_in, state


@pytest.fixture
def author(sign_in):
    return sign_in("sam@example.org")


@pytest.fixture
def moderator(sign_in):
    return sign_in("mo@example.net")


@pytest.fixture
def example_id(author):
    return handed_in(author)


@pytest.fixture
def act(moderator, members):
    """Do something to an example, on the version that its page shows."""

    def act_on(example_id, what, **fields):
        path = f"/review/{example_id}"
        version = members.backend.library.examples.find(example_id).version
        return moderator.submit(f"{path}/{what}" if what else path, page=path, version=version, **fields)

    return act_on


@pytest.fixture
def published_id(act, example_id):
    act(example_id, "", action="approve")
    return example_id


def content(members, example_id):
    return members.backend.library.examples.find(example_id).content


def test_one_says_that_they_are_on_it_and_leaves_it_again(act, example_id, moderator, members):
    assert "You are on this one" in act(example_id, "claim", action="claim").text
    assert state(members, example_id) is State.IN_REVIEW
    assert "you are on it" in moderator.get("/review").text
    assert "I am on this one" in act(example_id, "claim", action="release").text
    members.backend.examples.review(Actor("web-other", Role.MODERATOR), example_id, Action.CLAIM)
    page = moderator.get(f"/review/{example_id}").text
    assert "Another moderator is on this one" in page


def test_tags_are_corrected_and_what_is_left_empty_stays(act, example_id, members):
    done = act(
        example_id, "tags", pillars=["estates"], nation="scotland", region="Fife", happened="April 2022", outcome=""
    )
    assert "The tags are saved" in done.text
    found = content(members, example_id)
    assert (found.pillars, found.nation, found.region) == ((Pillar.ESTATES,), Nation.SCOTLAND, "Fife")
    assert found.happened_from == "2022-04"
    assert found.outcome == "partly"


@pytest.mark.parametrize(
    ("fields", "said"), [({"happened": "one day"}, "When did it happen"), ({"nation": "narnia"}, "Choose tags from")]
)
def test_tags_that_cannot_be_are_said(act, example_id, members, fields, said):
    refused = act(example_id, "tags", pillars=["estates"], **fields)
    assert refused.status_code == 400
    assert said in refused.text
    assert content(members, example_id).pillars != (Pillar.ESTATES,)


def test_a_version_that_has_changed_meanwhile_is_not_tagged(moderator, example_id, members):
    path = f"/review/{example_id}"
    members.backend.examples.tag(OPERATOR, example_id, region="Gwent East")
    refused = moderator.submit(f"{path}/tags", page=path, version=1, pillars=["estates"], region="Fife")
    assert refused.status_code == 400
    assert content(members, example_id).region == "Gwent East"


def test_one_is_merged_into_its_near_duplicate(act, author, published_id, members, moderator):
    again = handed_in(author, title="Potatoes once more")
    page = moderator.get(f"/review/{again}").text
    assert f'value="{published_id}"' in page
    done = act(again, "merge", into=published_id)
    assert "Merged" in done.text
    merged = members.backend.library.examples.find(again)
    assert (merged.state, merged.merged_into) == (State.DECLINED, published_id)


def test_one_is_merged_into_another_by_its_number_and_not_into_nothing(act, author, published_id, members):
    other = handed_in(author, title="Buses", what="We run a bus to the night shift.", what_happened="It is full.")
    for into in ("", "ex-nothing0", other):
        refused = act(other, "merge", into="other", other=into)
        assert refused.status_code == 400, into
    assert state(members, other) is State.SUBMITTED
    act(other, "merge", into="other", other=published_id)
    assert members.backend.library.examples.find(other).merged_into == published_id


def test_what_is_published_is_corrected_by_a_reviewed_version(act, moderator, published_id, members, sign_in):
    assert f"/review/{published_id}" in moderator.get("/review").text
    begun = act(published_id, "correct")
    draft_id = re.search(r"/share/(ex-\w+)", str(begun.url))[1]
    assert draft_id != published_id
    form = f"/share/{draft_id}"
    moderator.submit(form, page=form, **{**FILLED, "title": "Potatoes from very near"})
    moderator.submit(f"{form}/check", page=f"{form}/check")
    assert content(members, published_id).title == "Potatoes from nearby"
    draft = members.backend.library.examples.find(draft_id)
    assert (draft.state, draft.corrects) == (State.SUBMITTED, published_id)
    # Nobody approves a correction of their own.
    assert "another moderator has to" in moderator.get(f"/review/{draft_id}").text
    members.backend.examples.review(OPERATOR, draft_id, "approve")
    assert content(members, published_id).title == "Potatoes from very near"


def test_what_is_published_is_taken_down_with_a_reason(act, published_id, members):
    assert act(published_id, "take-down", why="").status_code == 400
    assert state(members, published_id) is State.PUBLISHED
    assert "Taken down" in act(published_id, "take-down", why="Its author asked for it.").text
    assert state(members, published_id) is State.WITHDRAWN


def test_members_change_nothing(author, example_id, members):
    for what in ("claim", "tags", "merge", "correct", "take-down"):
        assert author.submit(f"/review/{example_id}/{what}", page="/my-data", into="x", why="x").status_code == 403
    assert state(members, example_id) is State.SUBMITTED


def test_one_that_is_not_there_is_not_found(moderator):
    for what in ("claim", "tags", "merge", "correct", "take-down"):
        gone = moderator.submit(f"/review/ex-nothing0/{what}", page="/my-data", other="x", why="x")
        assert gone.status_code == 404, what
