"""Being told when there is an answer: with an account, with a confirmed address, and who no mail reaches."""

import re

import pytest

from bot.web import texts
from bot.web.app import create_app
from bot.web.notifications import Notifications
from indexer.pipeline import Indexer
from knowledge.insights.curated import CuratedAnswers
from knowledge.privacy.member_data import PersonalData
from tests.bot.web.conftest import ADDRESS, Browser

QUESTION = "Where does the Sample Trust keep bees?"


@pytest.fixture
def bees(members, sources):
    """The library comes to hold the answer."""

    def come():
        (sources / "bees.md").write_text("# Bees\n\nThe Sample Trust keeps bees on the roof of its kitchen.\n")
        Indexer(members.backend.library).add([str(sources)])

    return come


async def told(site):
    notifications = Notifications(site)
    await notifications.look()
    await notifications.flush()


def asked(browser):
    page = browser.answer(QUESTION)
    assert texts.FOLLOW_BUTTON in page.text
    return page.url.path


async def test_who_has_signed_in_is_told_once(members, sign_in, postbox, bees):
    browser = sign_in("sam@example.org")
    path = asked(browser)
    waits = browser.submit(f"{path}/follow", page=path)
    assert "Do not tell me" in waits.text
    postbox.mails.clear()
    await told(members)
    assert postbox.mails == []
    bees()
    await told(members)
    await told(members)
    ((recipients, mail),) = postbox.mails
    assert recipients == ["sam@example.org"]
    assert "keeps bees on the roof of its kitchen" in mail.get_content()
    assert mail["Subject"] == texts.FOLLOW_SUBJECT


async def test_one_can_change_ones_mind(members, sign_in, postbox, bees):
    browser = sign_in("sam@example.org")
    path = asked(browser)
    browser.submit(f"{path}/follow", page=path)
    assert texts.FOLLOW_BUTTON in browser.submit(f"{path}/follow", page=path, stop="yes").text
    postbox.mails.clear()
    bees()
    await told(members)
    assert postbox.mails == []


async def test_an_address_is_told_once_it_is_confirmed_and_then_deleted(members, postbox, bees):
    browser = Browser(create_app(members), base_url=ADDRESS)
    path = asked(browser)
    assert browser.submit(f"{path}/follow", page=path, email="no address").status_code == 400
    assert texts.FOLLOW_SENT in browser.submit(f"{path}/follow", page=path, email="Vi@example.com").text
    link = re.search(r"http\S+(/follow/\S+)", postbox.mails[-1][1].get_content())[1]
    postbox.mails.clear()
    assert members.backend.servers.follow_requests.waiting() == []  # opening the mail alone does nothing
    assert "Yes, tell me" in browser.get(link).text
    assert texts.FOLLOW_CONFIRMED in browser.submit(link, page=link).text
    bees()
    await told(members)
    ((recipients, mail),) = postbox.mails
    assert recipients == ["vi@example.com"]
    assert "keeps bees" in mail.get_content()
    assert members.backend.servers.follow_requests.recipients_at("vi@example.com") == []
    assert browser.get(link).status_code == 410


async def test_an_address_that_is_not_confirmed_or_not_wanted_is_told_nothing(members, postbox, bees, clock):
    browser = Browser(create_app(members), base_url=ADDRESS)
    path = asked(browser)
    requests = members.backend.servers.follow_requests
    for _ in range(2):  # twice the same: one address, the same link
        browser.submit(f"{path}/follow", page=path, email="vi@example.com")
    (recipient,) = requests.recipients_at("vi@example.com")
    link = f"/follow/{recipient}"
    browser.submit(link, page=link)
    assert texts.FOLLOW_STOPPED in browser.submit(link, page=link, stop="yes").text
    browser.submit(f"{path}/follow", page=path, email="vi@example.com")
    clock.later(days=2)
    assert browser.submit(f"/follow/{requests.recipients_at('vi@example.com')[0]}").status_code == 410
    requests.expire(clock())
    assert requests.recipients_at("vi@example.com") == []
    postbox.mails.clear()
    bees()
    await told(members)
    assert postbox.mails == []


async def test_whom_no_mail_reaches_sees_the_answer_when_they_are_here_next(members, sign_in, postbox, bees):
    browser = sign_in("sam@example.org")
    path = asked(browser)
    browser.submit(f"{path}/follow", page=path)
    postbox.refused.add("sam@example.org")
    bees()
    await told(members)
    home = browser.get("/").text
    assert texts.FOLLOW_HELD in home
    link = re.search(r'<a href="(/answers/\w+)">' + re.escape(QUESTION), home)[1]
    assert "keeps bees" in browser.get(link).text
    assert texts.FOLLOW_HELD not in browser.get("/").text


def test_the_wish_is_exported_and_forgotten(members, sign_in):
    browser = sign_in("sam@example.org")
    path = asked(browser)
    browser.submit(f"{path}/follow", page=path)
    (waiting,) = members.backend.servers.follow_requests.waiting()
    personal: PersonalData = members.backend.privacy
    assert [one["question_id"] for one in personal.export(waiting.recipient)["waiting_for"]] == [waiting.question_id]
    assert personal.forget(waiting.recipient).removed["follow_requests"] == 1
    assert members.backend.servers.follow_requests.waiting() == []


def test_an_operator_can_forget_an_address_that_has_no_account(members, postbox):
    browser = Browser(create_app(members), base_url=ADDRESS)
    path = asked(browser)
    browser.submit(f"{path}/follow", page=path, email="visitor@example.com")
    personal: PersonalData = members.backend.privacy
    assert personal.export("visitor@example.com")["address_waits_for_answers"] == 1
    forgotten = personal.forget("visitor@example.com")
    assert (forgotten.removed, forgotten.left) == ({"follow_addresses": 1}, 0)


async def test_a_confirmation_says_nothing_that_a_stranger_typed(members, postbox):
    browser = Browser(create_app(members), base_url=ADDRESS)
    page = browser.answer("Your mailbox is locked. Where is https://evil.example/unlock kept?")
    browser.submit(f"{page.url.path}/follow", page=page.url.path, email="vi@example.com")
    sent = postbox.mails[-1][1]
    assert "evil.example" not in sent["Subject"] + sent.get_content()
    assert "unlock" not in sent.get_content()


async def test_what_is_answered_already_is_waited_for_by_nobody(members, sign_in, postbox):
    browser, postbox.mails[:] = Browser(create_app(members), base_url=ADDRESS), []
    path = browser.answer().url.path
    assert browser.submit(f"{path}/follow", page=path, email="vi@example.com").url.path == path
    assert postbox.mails == []
    assert members.backend.servers.follow_requests.recipients_at("vi@example.com") == []
    member = sign_in("sam@example.org")
    member.submit(f"{path}/follow", page=path)
    assert members.backend.servers.follow_requests.waiting() == []


async def test_an_address_that_is_not_confirmed_is_deleted_though_the_library_stays_as_it_is(members, clock):
    browser = Browser(create_app(members), base_url=ADDRESS)
    requests, path = members.backend.servers.follow_requests, asked(browser)
    await told(members)
    browser.submit(f"{path}/follow", page=path, email="vi@example.com")
    clock.later(hours=23)
    await told(members)
    assert len(requests.recipients_at("vi@example.com")) == 1
    clock.later(hours=2)
    await told(members)
    assert requests.recipients_at("vi@example.com") == []


async def test_who_asks_again_has_another_day_and_what_is_over_counts_for_nothing(members, clock):
    requests, now = members.backend.servers.follow_requests, clock()
    for number in range(5):
        requests.add_address("vi@example.com", f"question-{number}", now, 5)
    assert requests.add_address("vi@example.com", "question-5", now, 5) is None
    clock.later(hours=20)
    again = requests.add_address("vi@example.com", "question-0", clock(), 5)
    clock.later(hours=20)
    assert requests.confirm(again.recipient, clock())
    assert requests.add_address("vi@example.com", "question-5", clock(), 5) is not None
    assert len(requests.recipients_at("vi@example.com")) == 2


async def test_an_answer_that_a_moderator_writes_is_told_too(members, sign_in, postbox):
    browser = sign_in("sam@example.org")
    path = asked(browser)
    browser.submit(f"{path}/follow", page=path)
    await told(members)
    postbox.mails.clear()
    source = members.backend.library.store.documents()[0].id
    CuratedAnswers(members.backend.library, members.now).write(QUESTION, "They keep bees on the roof. [1]", [source])
    await told(members)
    ((recipients, mail),) = postbox.mails
    assert recipients == ["sam@example.org"]
    assert "They keep bees on the roof." in mail.get_content()


def test_an_address_left_without_sign_in_goes_with_the_account_of_that_address(members, sign_in, postbox):
    visitor = Browser(create_app(members), base_url=ADDRESS)
    path = asked(visitor)
    visitor.submit(f"{path}/follow", page=path, email="sam@example.org")
    sign_in("sam@example.org")
    me = members.backend.library.accounts.account_with("sam@example.org").member_id
    personal: PersonalData = members.backend.privacy
    assert personal.export(me)["address_waits_for_answers"] == 1
    assert personal.forget(me).removed["follow_addresses"] == 1
    assert members.backend.servers.follow_requests.recipients_at("sam@example.org") == []
