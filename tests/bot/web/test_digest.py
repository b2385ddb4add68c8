"""The digest on the web page: choosing it, and the two links that need no sign-in."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.web import texts
from bot.web.app import create_app
from knowledge.digest.storage.protocols import Frequency, Means
from tests.bot.web.conftest import ADDRESS


@pytest.fixture
def members(make_site, postbox):
    return make_site(
        web_members="example.org",
        web_url=ADDRESS,
        mail_server=f"127.0.0.1:{postbox.port}",
        mail_from="assistant@example.org",
        mail_security="none",
    )


@pytest.fixture
def digests(members):
    return members.backend.digests


@pytest.fixture
def sam(sign_in):
    return sign_in("sam@example.org")


@pytest.fixture
def stranger(members):
    """A mail program: it has no cookie, and sends no token."""
    return TestClient(create_app(members), base_url=ADDRESS)


def my_id(digests, members):
    return members.backend.library.accounts.account_with("sam@example.org").member_id


def test_a_member_chooses_changes_and_stops(sam, digests, members):
    me = my_id(digests, members)
    page = sam.get("/my-data").text
    assert "Once a week, by email to sam@example.org" in page
    assert "direct message" not in page  # nobody on Discord
    done = sam.submit("/my-data/digest", page="/my-data", digest="monthly:email")
    assert texts.DIGEST_CHOSEN[Frequency.MONTHLY] in done.text
    assert digests.choice(me).frequency is Frequency.MONTHLY
    done = sam.submit("/my-data/digest", page="/my-data", digest="none")
    assert texts.DIGEST_STOPPED in done.text
    assert digests.choice(me) is None


@pytest.mark.parametrize("chosen", ["", "daily:email", "weekly:direct", "weekly:email:x"])
def test_what_is_not_offered_is_not_taken(sam, digests, members, chosen):
    assert sam.submit("/my-data/digest", page="/my-data", digest=chosen).status_code == 400
    assert digests.choice(my_id(digests, members)) is None


def test_choosing_needs_a_sign_in_and_a_token(stranger, sam):
    assert stranger.post("/my-data/digest", data={"digest": "none"}).status_code == 401
    assert sam.post("/my-data/digest", data={"digest": "none"}).status_code == 403


def test_an_address_that_is_off_is_shown(sam, digests, members):
    sam.submit("/my-data/digest", page="/my-data", digest="weekly:email")
    digests.address_failed("sam@example.org", gone=True)
    assert "Mail to sam@example.org came back" in sam.get("/my-data").text
    sam.submit("/my-data/digest", page="/my-data", digest="weekly:email")
    assert "came back" not in sam.get("/my-data").text


def test_one_press_in_a_mail_program_stops_it(sam, stranger, digests, members):
    me = my_id(digests, members)
    sam.submit("/my-data/digest", page="/my-data", digest="weekly:email")
    address = f"/digest/stop/{digests.stop_token(me)}"
    # Programs that look into mails open links: that alone changes nothing.
    assert "Press the button" in stranger.get(address).text
    assert digests.choice(me) is not None
    for _ in range(2):
        done = stranger.post(address, content=b"List-Unsubscribe=One-Click")
        assert done.status_code == 200
        assert texts.DIGEST_STOPPED in done.text
        assert digests.choice(me) is None


def test_a_forged_address_stops_nothing(sam, stranger, digests, members):
    me = my_id(digests, members)
    sam.submit("/my-data/digest", page="/my-data", digest="weekly:email")
    for token in (me, f"{me}.", f"{me}.{'0' * 32}", f"{digests.stop_token(me)}0"):
        assert stranger.post(f"/digest/stop/{token}").status_code == 410
    assert digests.choice(me) is not None


def test_an_address_from_discord_is_confirmed_by_its_link(stranger, digests, clock):
    token = digests.confirmation("42", Frequency.WEEKLY, "kim@example.com")
    assert "kim@example.com" in stranger.get(f"/digest/confirm/{token}").text
    assert digests.choice("42") is None
    assert texts.DIGEST_CHOSEN[Frequency.WEEKLY] in stranger.post(f"/digest/confirm/{token}").text
    chosen = digests.choice("42")
    assert (chosen.means, chosen.email) == (Means.EMAIL, "kim@example.com")
    digests.stop("42")
    clock.now += timedelta(hours=25)
    assert stranger.post(f"/digest/confirm/{token}").status_code == 410
    assert stranger.get(f"/digest/confirm/{token[:-1]}").status_code == 410
    assert digests.choice("42") is None
