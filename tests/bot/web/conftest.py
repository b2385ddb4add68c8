"""A web page over a small library, and what tests of it share."""

import asyncio
import re
import threading

import pytest
from starlette.testclient import TestClient

from bot.backend import Backend
from bot.web.app import create_app
from bot.web.listening import listening_socket
from bot.web.peer_mails import PeerMails
from bot.web.server import serve_site
from bot.web.site import Site
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.matching.wording import CONSENT_VERSION
from tests.fakes import Clock, WordEmbedder, WordReader
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN

ADDRESS = "http://localhost:8017"
QUESTION = "How many entry jobs for local residents were kept?"


class Browser(TestClient):
    """A browser that fills in forms: it sends the token of the page that it has seen last."""

    def token(self, page="/"):
        return re.search(r'name="csrf" value="(\w+)"', self.get(page).text)[1]

    def submit(self, path, page="/", **fields):
        return self.post(path, data={"csrf": self.token(page), **fields})

    def answer(self, question=QUESTION, **fields):
        return self.submit("/ask", question=question, **fields)


@pytest.fixture
def members(make_site, postbox):
    """A site on which members and a moderator sign in."""
    return make_site(
        web_members="example.org",
        web_moderators="mo@example.net",
        mail_server=f"127.0.0.1:{postbox.port}",
        mail_from="assistant@example.org",
        mail_security="none",
    )


@pytest.fixture
def sign_in(members, postbox):
    """Return what signs somebody in, by the mail that they got."""

    def signed_in(email):
        browser = Browser(create_app(members), base_url=ADDRESS)
        browser.submit("/sign-in", page="/sign-in", email=email)
        link = postbox.link()
        token = link.partition("token=")[2]
        done = browser.submit("/sign-in/link", page=link, token=token)
        assert f"signed in as {email}" in done.text
        return browser

    return signed_in


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_site(settings, sources, clock):
    """Return what makes a site with other settings; all are closed at the end."""
    made = []

    def make(**changes):
        chosen = settings.model_validate({**settings.model_dump(), **changes})
        library = Library.open(chosen, lambda _: WordEmbedder())
        Indexer(library).add([str(sources)])
        site = Site(Backend(library, clock), clock)
        made.append(site)
        return site

    yield make
    for site in made:
        site.close()
        site.backend.library.close()


@pytest.fixture
def site(make_site):
    return make_site()


@pytest.fixture
def browser(site):
    return Browser(create_app(site), base_url=ADDRESS)


FORM = {"consent": "yes", "version": CONSENT_VERSION, "findable": "yes"}


@pytest.fixture
def backend(members):
    members.backend.library.reader = WordReader()
    return members.backend


@pytest.fixture
def seeker(sign_in, backend):
    """A member who looks for what others offer, with a profile made on the page."""
    browser = sign_in("sam@example.org")
    browser.submit("/peers/profile", page="/peers/profile", **FORM, **WANTS_GARDEN, display_name="Sam Sample")
    return browser


@pytest.fixture
def helper(sign_in, backend):
    browser = sign_in("kim@example.org")
    browser.submit("/peers/profile", page="/peers/profile", **FORM, **GARDEN, display_name="Kim Sample")
    return browser


@pytest.fixture
def deliver(members, postbox):
    """Return what sends the mails that are due, and gives their recipients and texts."""

    def delivered():
        mails, before = PeerMails(members), len(postbox.mails)
        asyncio.run(_look_and_flush(mails))
        return [(to[0], mail["Subject"], mail.get_content()) for to, mail in postbox.mails[before:]]

    return delivered


async def _look_and_flush(mails):
    await mails.look()
    await mails.flush()


def id_of(backend, email):
    return backend.library.accounts.account_with(email).member_id


@pytest.fixture
def address(members):
    """The address of the page, served as `haln web` serves it."""
    stop = threading.Event()
    with listening_socket(members.settings.model_copy(update={"web_port": 0})) as listening:
        thread = threading.Thread(target=serve_site, args=(members, listening, stop))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        thread.join()
