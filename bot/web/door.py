"""The door of every page and of the interface for programs: who may come in, by the permission matrix."""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts
from bot.web.errors import PageError, SignInNeededError, not_found
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of, visitor_of
from knowledge.domain.examples import Role
from knowledge.permissions import Audience, Face, Place, Refusal, audience_of, refusal

Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(route: Route) -> Route:
    """Return a route whose page is shown to those alone for whom the matrix has it."""
    endpoint: Endpoint = route.endpoint

    async def enter(request: Request) -> Response:
        await _require(request, route.path)
        return await endpoint(request)

    return Route(route.path, enter, methods=sorted(route.methods or {"GET"}), name=route.name)


async def _require(request: Request, path: str) -> None:
    """Accept only who may see a page.

    Raises:
        SignInNeededError: They may once they have signed in.
        PageError: They may not.
    """
    # Whoever asks for a page's headers alone is told what the page would tell.
    method = "GET" if request.method == "HEAD" else request.method
    wanted = audience_of(Face.WEB, f"{method}:{path}")
    role = _program(request) if wanted is Audience.PROGRAMS else visitor_of(request).actor.role
    refused = refusal(wanted, role, Place.WEB)
    if refused is Refusal.NOT_A_MEMBER or (refused is Refusal.TEAM_ONLY and role is Role.OUTSIDER):
        raise SignInNeededError
    if refused is Refusal.TEAM_ONLY:
        raise PageError(403, texts.NOT_ALLOWED, texts.MODERATORS_ONLY)
    if refused is Refusal.TOKEN_NEEDED:
        raise PageError(401, texts.NOT_ALLOWED, texts.API_TOKEN)
    if refused is not None:
        raise not_found()


def _program(request: Request) -> Role:
    """Return the role of whoever sends the operator's token; anybody else is an outsider.

    Raises:
        PageError: The interface is off, or there were too many requests.
    """
    expected = site_of(request).settings.web_api_token
    if expected is None:
        raise PageError(404, texts.NOT_FOUND, texts.API_OFF)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = hmac.compare_digest(token.strip().encode(), expected.get_secret_value().encode())
    if scheme.lower() != "bearer" or not known:
        return Role.OUTSIDER
    site_of(request).limits.count(Limited.ADDRESS_QUESTION, address_of(request))
    return Role.SYSTEM
