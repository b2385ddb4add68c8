"""The web application: its pages put together."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.backend import Backend
from bot.background_rounds import going_on
from bot.mail.digests import DigestMails
from bot.web import (
    api,
    ask,
    coffee,
    digest,
    discord_sign_in,
    documents,
    events,
    feeds,
    follow,
    health,
    insights,
    introductions,
    learning_sets,
    measure,
    my_data,
    peers,
    review,
    review_changes,
    share,
    sign_in,
)
from bot.web.door import guarded
from bot.web.errors import CrowdedError, PageError, answer_error
from bot.web.notifications import Notifications
from bot.web.peer_mails import PeerMails
from bot.web.security import Gatekeeper
from bot.web.site import HERE, Site
from knowledge.errors import HalnError
from knowledge.storage.claims import ASK_SECONDS

_EXPIRE_SECONDS = 3600
_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def _in_the_background(app: Starlette) -> AsyncIterator[None]:
    """Load the models, and send what waits for members who sign in by mail, for as long as pages are served."""
    site: Site = app.state.site
    works = (
        _warm_up(site),
        Notifications(site).run(),
        DigestMails(site).run(),
        PeerMails(site).run(),
        expire_accounts(site),
    )
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def expire_accounts(site: Site) -> None:
    """End accounts that nobody uses, again and again, until it is cancelled."""
    while True:
        with going_on("accounts that nobody uses could not be deleted"):
            if await site.turn("accounts", _EXPIRE_SECONDS):
                await _expire_unused(site)
        await asyncio.sleep(ASK_SECONDS)


async def _expire_unused(site: Site) -> None:
    for member_id in await site.db(lambda backend: backend.accounts.unused(site.now())):
        await site.db(partial(_expire, member_id=member_id))


def _expire(backend: Backend, member_id: str) -> None:
    backend.privacy.expire_account(member_id)


async def _warm_up(site: Site) -> None:
    try:
        await site.model(Backend.warm_up)
    except (HalnError, CrowdedError) as error:
        # Whoever asks is told the same; the operator reads it here.
        _log.error("the library is not ready: %s", error)


def create_app(site: Site) -> Starlette:
    """Return the application over a site; whoever made the site closes it."""
    # Only what is the same for everybody is made smaller: the size of a page with a token in it tells nothing then.
    static = GZipMiddleware(StaticFiles(directory=HERE / "static"), minimum_size=1000)
    routes: list[BaseRoute] = [
        Mount("/static", static, name="static"),
        *ask.ROUTES,
        *follow.ROUTES,
        *documents.ROUTES,
        *events.ROUTES,
        *measure.ROUTES,
        *feeds.ROUTES,
        *sign_in.ROUTES,
        *discord_sign_in.ROUTES,
        *share.ROUTES,
        *review.ROUTES,
        *insights.ROUTES,
        *review_changes.ROUTES,
        *my_data.ROUTES,
        *digest.ROUTES,
        *peers.ROUTES,
        *coffee.ROUTES,
        *learning_sets.ROUTES,
        *introductions.ROUTES,
        *api.ROUTES,
        *health.ROUTES,
    ]
    routes = [guarded(route) if isinstance(route, Route) else route for route in routes]
    app = Starlette(
        lifespan=_in_the_background,
        routes=routes,
        middleware=[Middleware(Gatekeeper, site=site)],
        exception_handlers={PageError: answer_error, HalnError: answer_error, HTTPException: answer_error},
    )
    app.state.site = site
    app.state.database_check = health.database_check(site)
    return app
