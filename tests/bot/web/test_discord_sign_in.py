import asyncio
import contextlib
import re

import pytest
from pydantic import SecretStr

from bot.web.app import create_app, expire_accounts
from bot.web.discord_oauth import DiscordOAuth, Endpoints
from knowledge.domain.examples import Actor, Content, Role
from knowledge.errors import SettingsError
from knowledge.servers.types import Server
from knowledge.settings import Settings
from tests.bot.web.conftest import ADDRESS, Browser
from tests.bot.web.discord_stand_in import CLIENT, SECRET, DiscordStandIn
from tests.knowledge.matching.people import GARDEN, add

SERVER, ROLE = 300000000000000001, 400000000000000001
SAM = "200000000000000001"


@pytest.fixture
def discord():
    stand_in = DiscordStandIn()
    stand_in.roles = {str(SERVER): []}
    yield stand_in
    stand_in.close()


@pytest.fixture
def members(make_site, postbox, discord):
    """A site on which people sign in by mail and by Discord."""
    site = make_site(
        web_members="example.org",
        mail_server=f"127.0.0.1:{postbox.port}",
        mail_from="assistant@example.org",
        mail_security="none",
        discord_client_id=CLIENT,
        discord_client_secret=SECRET,
        discord_servers=str(SERVER),
    )
    site.discord = DiscordOAuth(site.settings, Endpoints(f"{discord.address}/authorize", f"{discord.address}/api"))
    site.backend.servers.settings.save_server(Server(id=SERVER, moderator_role=ROLE))
    return site


@pytest.fixture
def visitor(members):
    return Browser(create_app(members), base_url=ADDRESS)


def leave(browser):
    answer = browser.get("/sign-in/discord", follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def sign_in_by_discord(browser, discord):
    return browser.get(discord.agree(leave(browser)))


def test_who_is_on_our_server_signs_in_with_discords_id_and_no_key_is_kept(visitor, discord, members):
    assert "Sign in by Discord" in visitor.get("/sign-in").text
    page = sign_in_by_discord(visitor, discord)
    assert str(page.url) == f"{ADDRESS}/my-data"
    assert "signed in as a member of our Discord server" in page.text
    assert members.backend.library.accounts.account(SAM).email is None
    assert discord.revoked == ["token-0"]
    files = members.settings.data_dir.glob("haln.db*")
    assert not any(b"token-0" in file.read_bytes() for file in files)
    assert visitor.get("/review").status_code == 403


def test_who_signs_in_sees_the_page_that_they_wanted(visitor, discord):
    page = visitor.get("/peers/introductions")
    assert 'href="/sign-in/discord?next=%2Fpeers%2Fintroductions"' in page.text
    address = visitor.get("/sign-in/discord?next=/share", follow_redirects=False).headers["location"]
    assert visitor.get(discord.agree(address)).url.path == "/share"


def test_what_somebody_has_on_discord_is_theirs_here(visitor, discord, members):
    add(members.backend.peers, SAM, GARDEN, display_name="Sam on Discord")
    sign_in_by_discord(visitor, discord)
    assert "Sam on Discord" in visitor.get("/peers/profile").text


def test_the_moderators_role_on_discord_counts_for_a_day(visitor, discord, clock):
    discord.roles = {str(SERVER): [str(ROLE)]}
    sign_in_by_discord(visitor, discord)
    assert visitor.get("/review").status_code == 200
    clock.later(hours=25)
    assert "Sign out" in visitor.get("/").text
    assert visitor.get("/review").status_code == 403


def test_what_discord_said_is_believed_for_a_week(visitor, discord, clock):
    sign_in_by_discord(visitor, discord)
    clock.later(days=8)
    assert "Sign out" not in visitor.get("/").text


def test_who_is_on_none_of_our_servers_stays_outside(visitor, discord):
    discord.roles = {"5": []}
    page = sign_in_by_discord(visitor, discord)
    assert page.status_code == 403
    assert "none of the network&#39;s servers" in page.text
    assert "Sign out" not in visitor.get("/").text


def test_a_sign_in_that_was_begun_elsewhere_or_is_used_or_too_old_is_refused(visitor, discord, members, clock):
    other = Browser(create_app(members), base_url=ADDRESS)
    other.get("/")
    address = discord.agree(leave(visitor))
    assert other.get(address).status_code == 403  # the state is another visitor's
    assert visitor.get(address.replace("state=", "state=x")).status_code == 403
    asked = len(discord.asked)
    clock.later(minutes=11)
    assert visitor.get(address).status_code == 403
    assert len(discord.asked) == asked  # the code went nowhere
    again = discord.agree(leave(visitor))
    assert visitor.get(again).status_code == 200
    assert visitor.get(again).status_code == 403
    assert visitor.get("/sign-in/discord/back?code=made-up&state=made.up.now").status_code == 403
    made_up = re.sub("code=[^&]*", "code=made-up", discord.agree(leave(visitor)))
    assert visitor.get(made_up).status_code == 403


def test_who_says_no_is_back_at_signing_in(visitor, discord):
    state = discord.agree(leave(visitor)).partition("state=")[2]
    page = visitor.get(f"/sign-in/discord/back?error=access_denied&state={state}")
    assert str(page.url) == f"{ADDRESS}/sign-in"


def test_discord_that_is_down_is_one_line(visitor, discord):
    back = discord.agree(leave(visitor))
    discord.down = True
    page = visitor.get(back)
    assert page.status_code == 503
    assert "Discord does not answer" in page.text


def test_a_secret_that_discord_does_not_take_is_in_the_log_and_not_on_the_page(visitor, discord, members, caplog):
    settings = members.settings.model_copy(update={"discord_client_secret": SecretStr("another")})
    endpoints = Endpoints(f"{discord.address}/authorize", f"{discord.address}/api")
    members.discord = DiscordOAuth(settings, endpoints)
    page = sign_in_by_discord(visitor, discord)
    assert page.status_code == 503
    assert "check HALN_DISCORD_CLIENT_SECRET" in caplog.text
    assert "SECRET" not in page.text


def test_a_mail_account_is_joined_and_everything_of_it_with_it(sign_in, discord, members):
    browser = sign_in("sam@example.org")
    backend = members.backend
    former = backend.library.accounts.account_with("sam@example.org").member_id
    for member_id in (former, "100000000000000009", "100000000000000010"):
        add(backend.peers, member_id, GARDEN, display_name="Sample")
    introduction = backend.peers.ask(former, "100000000000000009", "Gardens")
    backend.peers.block(former, "100000000000000010")
    browser.submit("/share", page="/share", what="Potatoes from nearby")
    question = browser.answer()
    browser.submit(f"{question.url.path}/feedback", page=question.url.path, helpful="yes")
    before = backend.privacy.export(former)
    page = sign_in_by_discord(browser, discord)
    assert "You are signed in as sam@example.org" in page.text
    proof = page.text.partition('name="proof" value="')[2].partition('"')[0]
    joined = browser.submit("/sign-in/discord/join", page="/my-data", proof=proof)
    assert "signed in as sam@example.org, which is joined to your Discord account" in joined.text
    assert "Potatoes from nearby" in joined.text
    after = backend.privacy.export(SAM)
    assert backend.privacy.traces(former) == {"former_accounts": 1}
    assert [one["introduction_id"] for one in after["introductions"]] == [introduction.id]
    assert after["blocked"] == ["100000000000000010"]
    for part in ("feedback", "library_questions", "examples"):
        assert len(after[part]) == len(before[part]) == 1, part
    assert after["account"]["former_ids"] == [former]
    # By mail they come to the same account.
    browser.submit("/sign-out")
    other = sign_in("sam@example.org")
    assert backend.library.accounts.account_with("sam@example.org").member_id == SAM
    assert "Potatoes from nearby" in other.get("/my-data").text
    # Who deletes the one deletes both.
    other.submit("/my-data/forget", page="/my-data", sure="yes", published="without_name")
    assert backend.privacy.traces(SAM) == backend.privacy.traces(former) == {}


def test_where_both_have_a_profile_the_one_from_discord_stays(members):
    backend, now = members.backend, "2026-03-02T09:00:00.000+00:00"
    former = backend.library.accounts.account_for("sam@example.org", "web-aaaaaaaaaaaaa", now).member_id
    backend.library.accounts.account_of_discord(SAM, now)
    add(backend.peers, former, GARDEN, display_name="By mail")
    add(backend.peers, SAM, GARDEN, display_name="On Discord")
    for one, what in ((former, "Beans"), (SAM, "Peas")):
        backend.examples.draft(Actor(one, Role.MEMBER), Content(what=what), origin="web")
    backend.peers.ask(former, SAM)
    backend.privacy.join(former, SAM)
    assert backend.peers.profile(SAM).profile.display_name == "On Discord"
    assert backend.peers.standings(SAM) == []
    given = backend.examples.data_of(Actor(SAM, Role.MEMBER))
    assert {one.content.what for one in given} == {"Beans", "Peas"}
    assert backend.privacy.traces(former) == {"former_accounts": 1}


def test_a_proof_of_somebody_elses_joins_nothing(sign_in, discord, members):
    browser, other = sign_in("sam@example.org"), sign_in("kim@example.org")
    page = sign_in_by_discord(browser, discord)
    proof = page.text.partition('name="proof" value="')[2].partition('"')[0]
    assert other.submit("/sign-in/discord/join", page="/my-data", proof=proof).status_code == 403
    forged = f"999{proof[3:]}"
    assert browser.submit("/sign-in/discord/join", page="/my-data", proof=forged).status_code == 403


def test_an_address_is_joined_from_discord_and_taken_away_again(visitor, discord, postbox, members, sign_in):
    sign_in("sam@example.org")
    sign_in_by_discord(visitor, discord)
    assert "Join a mail address" in visitor.get("/my-data").text
    visitor.submit("/sign-in", page="/sign-in", email="sam@example.org")
    assert "by Discord, asked to join" in postbox.mails[-1][1].get_content()
    stranger = Browser(create_app(members), base_url=ADDRESS)
    elsewhere = stranger.get(postbox.link())
    assert elsewhere.status_code == 403
    token = postbox.link().partition("token=")[2]
    assert stranger.submit("/sign-in/link", token=token).status_code == 410
    assert stranger.get("/my-data").url.path == "/sign-in"


def test_joining_from_discord_takes_the_account_of_the_address_along(visitor, discord, postbox, members, sign_in):
    sign_in("sam@example.org")
    former = members.backend.library.accounts.account_with("sam@example.org").member_id
    sign_in_by_discord(visitor, discord)
    visitor.submit("/sign-in", page="/sign-in", email="sam@example.org")
    link = postbox.link()
    assert "Join this address" in visitor.get(link).text
    done = visitor.submit("/sign-in/link", page=link, token=link.partition("token=")[2])
    assert "signed in as sam@example.org" in done.text
    assert members.backend.library.accounts.former_ids(SAM) == [former]
    visitor.submit("/sign-in/part", page="/my-data")
    assert members.backend.library.accounts.account(SAM).email is None
    assert "Sign out" in visitor.get("/").text


def test_an_account_that_nobody_uses_is_deleted_with_what_belongs_to_it(sign_in, members, clock, postbox):
    sign_in("sam@example.org")
    backend = members.backend
    former = backend.library.accounts.account_with("sam@example.org").member_id
    add(backend.peers, former, GARDEN)
    clock.later(days=40)
    assert backend.accounts.unused(clock()) == []
    for _ in range(25):  # time passes as it should: nobody looks away for longer than a month
        clock.later(days=30)
        backend.accounts.unused(clock())
    assert backend.accounts.unused(clock()) == [former]

    async def once():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(expire_accounts(members), 1)

    asyncio.run(once())
    assert backend.privacy.traces(former) == {}


def test_after_a_jump_of_the_clock_no_account_goes(sign_in, members, clock):
    sign_in("sam@example.org")
    assert members.backend.accounts.unused(clock()) == []
    clock.later(days=4000)
    assert members.backend.accounts.unused(clock()) == []


def test_an_id_without_a_secret_is_a_mistake():
    with pytest.raises(SettingsError, match="go together"):
        Settings.from_environment({"HALN_DISCORD_CLIENT_ID": "4711"})


def test_who_was_joined_is_still_known_when_their_account_has_expired(members, monkeypatch):
    backend, now = members.backend, "2026-03-02T09:00:00.000+00:00"
    former = backend.library.accounts.account_for("sam@example.org", "web-aaaaaaaaaaaaa", now).member_id
    backend.library.accounts.account_of_discord(SAM, now)
    backend.privacy.join(former, SAM)
    backend.privacy.expire_account(SAM)
    assert backend.library.accounts.account(SAM) is None
    assert backend.privacy.export(SAM)["account"] == {"former_ids": [former]}
    noted = []
    monkeypatch.setattr(backend.library.store, "note_erasure", lambda _, subject, __: noted.append(subject))
    assert backend.privacy.forget(SAM).removed == {"former_accounts": 1}
    assert set(noted) == {SAM, former}
