"""Middleware: who comes in, how often, with what; and the headers that tell browsers what a page may do."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import texts
from bot.web.errors import PageError, answer_error
from bot.web.rate_limits import Limited
from bot.web.site import Site
from bot.web.visitors import COOKIE_DAYS, Visitor
from knowledge.mail_settings import LOOPBACK
from knowledge.settings import Switch

MOST_BODY = 200_000
_DAY = 86_400
_STATIC = "/static/"
EMBEDDED = "/embed"
# Asked every few seconds by whatever spreads visitors over several pages, by whichever name it knows this one.
HEALTH = "/healthz"
# Nothing from elsewhere, nothing inline: what somebody managed to write into a page cannot run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Gatekeeper:
    """Wraps the application: hosts, limits, sizes and cookies before it, headers after it."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        own = urlsplit(site.settings.web_url or "").hostname
        self._hosts = {*LOOPBACK, *([own] if own else [])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        cookie = _cookie(request.headers, self._site.visitors.cookie)
        path: str = scope["path"]
        known = cookie is not None and path != HEALTH and not path.startswith(_STATIC)
        visitor = (
            await self._site.db(lambda _: self._site.visitors.of(cookie)) if known else self._site.visitors.fresh()
        )
        scope.setdefault("state", {})["visitor"] = visitor

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(MutableHeaders(scope=message), path, request.state.visitor, cookie)
            await send(message)

        try:
            self._check(request, path)
            await self._app(scope, _bounded(receive), with_headers)
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits for a page gets one
            response = await answer_error(request, error)
            if begun:
                return
            await response(scope, receive, with_headers)

    def _check(self, request: Request, path: str) -> None:
        """Accept a request.

        Raises:
            PageError: It is for another host, too large, or one too many.
        """
        if path == HEALTH:
            return
        # A page elsewhere that has its own name lead to this machine must not read what is served here.
        if (request.url.hostname or "").lower() not in self._hosts:
            raise PageError(421, texts.NOT_POSSIBLE, texts.WRONG_HOST)
        if not path.startswith(_STATIC):
            self._site.limits.count(Limited.REQUEST, address_of(request))
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            raise PageError(413, texts.TOO_LARGE, texts.TOO_LARGE_LINE)

    def _add_headers(self, headers: MutableHeaders, path: str, visitor: Visitor, cookie: str | None) -> None:
        settings, embedded = self._site.settings, path == EMBEDDED
        headers.setdefault("Content-Security-Policy", _POLICY.format(ancestors="*" if embedded else "'none'"))
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if not embedded:
            headers.setdefault("X-Frame-Options", "DENY")
        if self._site.visitors.secure:
            headers.setdefault("Strict-Transport-Security", f"max-age={365 * _DAY}")
        if settings.web_listed is Switch.OFF:
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if path.startswith(_STATIC):
            headers.setdefault("Cache-Control", f"public, max-age={_DAY}")
            return
        headers.setdefault("Cache-Control", "no-store")
        page = "location" in headers or headers.get("content-type", "").startswith("text/html")
        if visitor.key != cookie and page and not embedded:
            secure = "; Secure" if self._site.visitors.secure else ""
            headers.append(
                "Set-Cookie",
                f"{self._site.visitors.cookie}={visitor.key}; Path=/; HttpOnly; SameSite=Lax; "
                f"Max-Age={COOKIE_DAYS * _DAY}{secure}",
            )


def address_of(request: Request) -> str:
    """Return the address that a request comes from; the server puts a proxy's word for it in its place."""
    return request.client.host if request.client else "unknown"


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _bounded(receive: Receive) -> Receive:
    """Return what reads a body that may not say how long it is, as far as one may be."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > MOST_BODY:
                raise PageError(413, texts.TOO_LARGE, texts.TOO_LARGE_LINE)
        return message

    return bounded
