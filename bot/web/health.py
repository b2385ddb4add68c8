"""`/healthz`: whether this page can reach its database, for whatever spreads visitors over several of them."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.security import HEALTH
from bot.web.site import Site
from knowledge.errors import HalnError

_SECONDS = 5.0


class DatabaseCheck:
    """Asks the database whether it answers: once at a time, however many want to know."""

    def __init__(self, ask: Callable[[], Awaitable[object]]) -> None:
        self._ask = ask
        self._running: asyncio.Future[object] | None = None

    async def problems(self) -> list[str]:
        """Return what is wrong with the database, one line each; nothing where it is well."""
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._ask())
            # Its error may come after everybody has stopped waiting for it.
            self._running.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            async with asyncio.timeout(_SECONDS):
                await asyncio.shield(self._running)
        except TimeoutError:
            return ["the database does not answer"]
        except HalnError:
            return ["the database cannot be read"]
        return []


def database_check(site: Site) -> DatabaseCheck:
    """Return the check of a site's database."""
    return DatabaseCheck(lambda: site.db(lambda backend: backend.library.store.version(anew=True)))


async def _healthz(request: Request) -> Response:
    found = await request.app.state.database_check.problems()
    return JSONResponse({"healthy": not found, "problems": found}, status_code=503 if found else 200)


ROUTES = [Route(HEALTH, _healthz, name="health")]
