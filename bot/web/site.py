"""The things that every page needs: the open library, threads to work in, templates, and who is looking."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import jinja2
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.backend import Backend
from bot.mail.server import MailServer
from bot.web import template_filters, texts
from bot.web.discord_oauth import DiscordOAuth
from bot.web.errors import CrowdedError
from bot.web.language import language_of
from bot.web.rate_limits import RateLimits
from bot.web.visitors import Visitor, Visitors
from knowledge.dates import UK, spoken, utc_now
from knowledge.domain.visible_text import visible_text
from knowledge.settings import Settings, Switch

HERE = Path(__file__).parent
# Questions share the processor and one model; looks into the database do not wait behind them.
_MODEL_THREADS = 3
_DB_THREADS = 4
# Whoever came after so many would wait for longer than proxies do, and get no answer at all.
_MOST_WAITING = 60
_T = TypeVar("_T")


class Site:
    """One web page over one open library."""

    def __init__(self, backend: Backend, now: Callable[[], datetime] = utc_now) -> None:
        self.backend = backend
        self.settings: Settings = backend.library.settings
        self.now = now
        self.visitors = Visitors(backend.accounts, self.settings, now)
        self.limits = RateLimits(self.settings)
        self.mail = MailServer(self.settings)
        self.discord = DiscordOAuth(self.settings)
        self._waiting = 0
        self._model_threads = ThreadPoolExecutor(_MODEL_THREADS, thread_name_prefix="web-model")
        self._db_threads = ThreadPoolExecutor(_DB_THREADS, thread_name_prefix="web-db")
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=_seen,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        template_filters.register(self._templates)

    async def model(self, work: Callable[[Backend], _T]) -> _T:
        """Do something that needs the models: questions, searches, matches.

        Raises:
            CrowdedError: Too much is waiting already.
        """
        if self._waiting >= _MOST_WAITING:
            raise CrowdedError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._model_threads, work, self.backend)
        finally:
            self._waiting -= 1

    async def db(self, work: Callable[[Backend], _T]) -> _T:
        """Do something that needs the database only."""
        return await asyncio.get_running_loop().run_in_executor(self._db_threads, work, self.backend)

    async def turn(self, name: str, seconds: float) -> bool:
        """Return whether this process is to do now what one does once in so many seconds; see `Claims.turn`."""
        return await self.db(lambda backend: backend.library.claims.turn(name, seconds))

    def today(self) -> date:
        """Return the day in the UK."""
        return self.now().astimezone(UK).date()

    @property
    def mails_links(self) -> bool:
        """Return whether somebody can sign in by a mailed link."""
        return bool(self.settings.mail_server and (self.settings.web_members or self.settings.web_moderators))

    def address(self, request: Request, path: str = "") -> str:
        """Return the page's own address as people reach it, without a slash at its end, and a path behind it."""
        base = self.settings.web_url or str(request.base_url)
        return base.rstrip("/") + path

    async def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        background: BackgroundTask | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page made of a template; `title` is its name in the browser and in search results."""
        visitor = visitor_of(request)
        made = self._templates.get_template(template).render(
            {
                "request": request,
                "path": request.url.path,
                "visitor": visitor,
                "csrf": visitor.csrf,
                "texts": texts,
                "language": language_of(request),
                "printed": f"{self.address(request, request.url.path)}, {spoken(self.today(), None)}",
                "today": self.today(),
                "sign_in_open": self.mails_links or self.discord.ready,
                "listed": self.settings.web_listed is Switch.ON,
                "error": None,
                "errors": {},
                **values,
            }
        )
        return HTMLResponse(made, status_code=status, background=background)

    def close(self) -> None:
        """Let the threads end, and the process that checks for personal data."""
        for threads in (self._model_threads, self._db_threads):
            threads.shutdown(cancel_futures=True)
        self.backend.check.close()


def _seen(value: object) -> object:
    """Return what a template puts into a page: of texts, what a reader can see."""
    return visible_text(value) if type(value) is str else value


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site


def visitor_of(request: Request) -> Visitor:
    """Return who a request is from."""
    visitor: Visitor = request.state.visitor
    return visitor


def bound(work: Callable[..., _T], *values: object, **named: object) -> Callable[[Backend], _T]:
    """Return work for a thread that has the backend as its first argument."""
    return lambda backend: partial(work, backend, *values, **named)()
