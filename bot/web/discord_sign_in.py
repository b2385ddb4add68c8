"""Signing in by Discord, and joining a Discord account and a mail account that are one person's."""

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.errors import PageError
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.sign_in import onward, require_member
from bot.web.site import Site, site_of, visitor_of
from bot.web.visitors import Visitor
from knowledge.dates import stamp
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.servers.types import server_ids

_GOOD_FOR = timedelta(minutes=10)
_BACK = "/sign-in/discord/back"
_LONGEST, _LONGEST_NEXT = 500, 160


async def leave(request: Request) -> Response:
    """Send the visitor to Discord, which asks whether we may hear who they are."""
    site, visitor = site_of(request), visitor_of(request)
    if not site.discord.ready:
        raise PageError(404, texts.SIGN_IN_TITLE, texts.DISCORD_OFF)
    site.limits.count(Limited.ADDRESS_SIGN_IN, address_of(request))
    wanted = base64.urlsafe_b64encode(request.query_params.get("next", "")[:_LONGEST_NEXT].encode()).decode()
    state = _sealed(site, visitor, "state", f"{secrets.token_urlsafe(12)}~{wanted}", site.now())
    verifier = _verifier(site, visitor, state)
    return RedirectResponse(site.discord.address(state, verifier, site.address(request, _BACK)), status_code=303)


async def back(request: Request) -> Response:
    """Sign in who comes back from Discord; who is signed in by mail is asked whether both are they."""
    site, visitor = site_of(request), visitor_of(request)
    if not site.discord.ready:
        raise PageError(404, texts.SIGN_IN_TITLE, texts.DISCORD_OFF)
    state, code = (request.query_params.get(name, "")[:_LONGEST] for name in ("state", "code"))
    begun = _opened(site, visitor, "state", state)
    if begun is None:
        raise PageError(403, texts.SIGN_IN_TITLE, texts.DISCORD_STATE)
    if not code:  # they said no
        return see("/sign-in")
    servers = await site.db(_servers)
    who = await site.discord.identify(
        code, _verifier(site, visitor, state), site.address(request, _BACK), list(servers)
    )
    if who is None:
        raise PageError(403, texts.SIGN_IN_TITLE, texts.DISCORD_STATE)
    if not who.roles:
        raise PageError(403, texts.NOT_ALLOWED, texts.DISCORD_STRANGER)
    moderates = any(servers[server] in roles for server, roles in who.roles.items())
    account = visitor.account
    if account is not None and account.member_id.startswith(MAIL_MEMBER):
        proof = _sealed(site, visitor, "join", f"{who.member_id}-{int(moderates)}", site.now())
        return await site.page(request, "join.html", title=texts.JOIN_TITLE, proof=proof, email=account.email)
    wanted = base64.urlsafe_b64decode(begun.partition("~")[2]).decode("utf-8", "replace")
    return await _signed_in(request, who.member_id, moderates=moderates, wanted=wanted)


async def join(request: Request) -> Response:
    """Make one of the mail account that the visitor is signed in to and the Discord account that they came with."""
    former, fields, site, visitor = (
        require_member(request),
        await read_form(request),
        site_of(request),
        visitor_of(request),
    )
    said = _opened(site, visitor, "join", fields["proof"][:_LONGEST])
    if said is None or not former.startswith(MAIL_MEMBER):
        raise PageError(403, texts.SIGN_IN_TITLE, texts.DISCORD_STATE)
    member_id, _, moderates = said.partition("-")
    now = site.now()

    def joined(backend: Backend) -> None:
        backend.library.accounts.account_of_discord(member_id, stamp(now))
        backend.privacy.join(former, member_id)

    await site.db(joined)
    return await _signed_in(request, member_id, moderates=moderates == "1")


async def part(request: Request) -> Response:
    """Take the mail address away from an account that Discord's id is enough for."""
    member_id = require_member(request)
    await read_form(request)
    if not member_id.startswith(MAIL_MEMBER):
        await site_of(request).db(lambda backend: backend.accounts.set_email(member_id, None))
    return see("/my-data")


async def _signed_in(request: Request, member_id: str, *, moderates: bool, wanted: str = "") -> Response:
    """Sign the visitor in under a new key, as with a link."""
    site, now = site_of(request), site_of(request).now()
    fresh, before = site.visitors.fresh(), visitor_of(request).name

    def signed_in(backend: Backend) -> None:
        backend.accounts.sign_out(before)
        backend.accounts.sign_in_by_discord(member_id, fresh.name, now, moderates=moderates)

    await site.db(signed_in)
    request.state.visitor = fresh
    return see(onward(wanted))


def _servers(backend: Backend) -> dict[int, int | None]:
    """Return the servers that the operator has registered, each with its moderators' role."""
    registered = set(backend.servers.register.ids())
    registered.update(server_ids(backend.library.settings.discord_servers))
    return {server: backend.servers.settings.server(server).moderator_role for server in sorted(registered)}


def _verifier(site: Site, visitor: Visitor, state: str) -> str:
    """Return the secret that only who began a sign-in can name at its end (PKCE); it is worked out, not kept."""
    return site.backend.accounts.hashed(f"pkce:{visitor.key}:{state}")


def _sealed(site: Site, visitor: Visitor, purpose: str, text: str, now: datetime) -> str:
    """Return a text that only this visitor can bring back, for this purpose and within ten minutes."""
    until = int((now + _GOOD_FOR).timestamp())
    return f"{text}.{until}.{_seal(site, visitor, purpose, text, until)}"


def _opened(site: Site, visitor: Visitor, purpose: str, sealed: str) -> str | None:
    text, _, rest = sealed.partition(".")
    until, _, seal = rest.partition(".")
    if visitor.new or not until.isdecimal() or len(until) > 12 or int(until) < site.now().timestamp():
        return None
    expected = _seal(site, visitor, purpose, text, int(until))
    return text if hmac.compare_digest(expected.encode(), seal.encode("utf-8", "replace")) else None


def _seal(site: Site, visitor: Visitor, purpose: str, text: str, until: int) -> str:
    return site.backend.accounts.hashed(f"{purpose}:{visitor.key}:{text}:{until}")[:32]


ROUTES = (
    Route("/sign-in/discord", leave),
    Route(_BACK, back),
    Route("/sign-in/discord/join", join, methods=["POST"]),
    Route("/sign-in/part", part, methods=["POST"]),
)
