import pytest

from bot.web.app import create_app
from knowledge.accounts.accounts import tidy_address
from tests.bot.web.conftest import ADDRESS, Browser


@pytest.fixture
def visitor(members):
    return Browser(create_app(members), base_url=ADDRESS)


def ask_for_link(browser, email="sam@example.org"):
    return browser.submit("/sign-in", page="/sign-in", email=email)


def test_a_link_in_a_mail_signs_in_once(sign_in, members, postbox):
    browser = sign_in("sam@example.org")
    to, mail = postbox.mails[-1]
    assert to == ["sam@example.org"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "15 minutes" in mail.get_content()
    other = Browser(create_app(members), base_url=ADDRESS)
    assert other.get(postbox.link()).status_code == 410
    again = other.submit("/sign-in/link", token=postbox.link().partition("token=")[2])
    assert again.status_code == 410
    assert "used already" in again.text
    assert "Sign out" in browser.get("/").text


def test_opening_a_link_uses_nothing_up(visitor, postbox):
    ask_for_link(visitor)
    for _ in range(3):  # as programs do that look into mails
        assert "Press the button" in visitor.get(postbox.link()).text


def test_a_link_is_good_for_a_quarter_of_an_hour(visitor, postbox, clock):
    ask_for_link(visitor)
    clock.later(minutes=16)
    assert visitor.get(postbox.link()).status_code == 410
    used = visitor.submit("/sign-in/link", token=postbox.link().partition("token=")[2])
    assert used.status_code == 410
    assert "Ask for a new link" in used.text


def test_who_may_not_sign_in_hears_the_same_and_gets_no_mail(visitor, postbox):
    allowed, other = ask_for_link(visitor), ask_for_link(visitor, "sam@elsewhere.example")
    assert len(postbox.mails) == 1
    assert "If this address may sign in" in allowed.text
    assert allowed.text == other.text


def test_an_address_that_the_server_does_not_know_is_told_to_nobody(visitor, postbox):
    postbox.refused.add("nobody@example.org")
    assert "If this address may sign in" in ask_for_link(visitor, "nobody@example.org").text


def test_a_mail_server_that_is_down_is_one_line(make_site):
    site = make_site(
        web_members="*", mail_server="127.0.0.1:1", mail_from="assistant@example.org", mail_security="none"
    )
    browser = Browser(create_app(site), base_url=ADDRESS)
    for email in ("sam@example.org", "x@y.example"):
        down = ask_for_link(browser, email)
        assert down.status_code == 503
        assert '<a href="#email">The mail server cannot be reached' in down.text


@pytest.mark.parametrize(
    "email",
    ["", "sam", "sam@", "@example.org", "a b@example.org", "sam@example.org\nBcc: x@y.org", "x" * 300 + "@example.org"],
)
def test_what_is_no_address_leads_to_its_field(visitor, postbox, email):
    answer = ask_for_link(visitor, email)
    assert answer.status_code == 400
    assert '<a href="#email">' in answer.text
    assert postbox.mails == []


def test_addresses_are_compared_in_small_letters():
    assert tidy_address(" Sam@Example.ORG ") == "sam@example.org"


def test_only_so_many_links_an_hour(visitor):
    assert [ask_for_link(visitor).status_code for _ in range(6)] == [200] * 5 + [429]


def test_signing_in_gives_a_new_cookie_and_signing_out_ends_it(sign_in, members):
    browser = sign_in("sam@example.org")
    known = browser.cookies["haln"]
    browser.submit("/sign-out")
    assert browser.cookies["haln"] != known
    copied = Browser(create_app(members), base_url=ADDRESS, cookies={"haln": known})
    assert "Sign out" not in copied.get("/").text


def test_a_cookie_that_was_planted_does_not_become_a_member(visitor, postbox, members):
    visitor.get("/")
    planted = visitor.cookies["haln"]
    ask_for_link(visitor)
    visitor.submit("/sign-in/link", token=postbox.link().partition("token=")[2])
    assert "Sign out" in visitor.get("/").text
    attacker = Browser(create_app(members), base_url=ADDRESS, cookies={"haln": planted})
    assert "Sign out" not in attacker.get("/").text


def test_a_session_ends_after_a_month_and_when_the_operator_takes_the_address_out(sign_in, make_site, members, clock):
    browser = sign_in("sam@example.org")
    stricter = make_site(
        web_members="other.example", mail_server="127.0.0.1:1", mail_from="a@example.org", mail_security="none"
    )
    same = Browser(create_app(stricter), base_url=ADDRESS, cookies={"haln": browser.cookies["haln"]})
    assert "Sign out" not in same.get("/").text
    clock.later(days=31)
    assert "Sign out" not in browser.get("/").text


def test_the_same_address_is_the_same_member(sign_in, members):
    sign_in("sam@example.org")
    sign_in("Sam@example.org".lower())
    connection = members.backend.library.accounts
    accounts = {connection.session(members.visitors.of(None).name, "2026")}
    assert accounts == {None}
    assert members.backend.library.accounts.account_for("sam@example.org", "web-other", "2026").member_id != "web-other"


@pytest.mark.parametrize("page", ["/share", "/my-data", "/review", "/share/ex-aaaaaaaa/check"])
def test_what_is_personal_leads_to_signing_in(visitor, page):
    answer = visitor.get(page)
    assert answer.url.path == "/sign-in"


@pytest.mark.parametrize(
    ("wanted", "seen"), [("/peers/profile", "/peers/profile"), ("//evil.example", "/my-data"), ("/x?y", "/my-data")]
)
def test_who_signs_in_sees_the_page_that_they_wanted_and_none_elsewhere(members, postbox, wanted, seen):
    browser = Browser(create_app(members), base_url=ADDRESS)
    page = browser.get("/peers/profile")
    assert '<input type="hidden" name="next" value="/peers/profile">' in page.text
    browser.submit("/sign-in", page="/sign-in", email="sam@example.org", next=wanted)
    link = postbox.link()
    token = link.partition("token=")[2].partition("&")[0]
    assert browser.submit("/sign-in/link", page=link, token=token, next=wanted).url.path == seen


def test_where_nobody_may_sign_in_it_is_not_offered(browser):
    assert "/sign-in" not in browser.get("/").text
    assert "Nobody can sign in here" in browser.get("/sign-in").text
    assert browser.submit("/sign-in", email="sam@example.org").status_code == 403
