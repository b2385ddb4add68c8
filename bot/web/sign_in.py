"""Signing in by a link in a mail, and out again."""

import re
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.web import texts
from bot.web.errors import PageError, SignInNeededError
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of, visitor_of
from knowledge.accounts.accounts import LINK_MINUTES, tidy_address
from knowledge.domain.ids import MAIL_MEMBER

# Letters first: "//elsewhere" is another's page.
_OWN_PAGE = re.compile(r"/[a-z][\w/-]{0,150}")


async def form(request: Request) -> Response:
    """Ask for a mail address."""
    return await _page(request, _state(request))


async def send_link(request: Request) -> Response:
    """Send a link to an address that may sign in. Every address hears the same, and waits for as long."""
    site, fields = site_of(request), await read_form(request)
    if not site.mails_links:
        raise PageError(403, texts.SIGN_IN_TITLE, texts.SIGN_IN_CLOSED)
    email = tidy_address(fields["email"])
    if email is None:
        return await _page(request, "open", 400, fields["email"][:200], errors={"email": texts.SIGN_IN_ADDRESS})
    site.limits.count(Limited.ADDRESS_SIGN_IN, address_of(request))
    site.limits.count(Limited.SIGN_IN, email)
    now = site.now()
    # Who is signed in by Discord joins an address to that account.
    joins = _discord_member(request)
    token = await site.db(lambda backend: backend.accounts.make_link(email, now, joins))
    try:
        if token is None:
            await site.mail.check()
        else:
            onward = {"next": fields["next"]} if _next(fields["next"]) else {}
            link = site.address(request, f"/sign-in/link?{urlencode({'token': token, **onward})}")
            body = texts.JOIN_MAIL_BODY if joins else texts.MAIL_BODY
            await site.mail.send(Mail(email, texts.MAIL_SUBJECT, body.format(minutes=LINK_MINUTES, link=link)))
    except AddressRefusedError:
        pass  # whether an address exists is told to nobody
    except MailError:
        return await _page(request, "open", 503, email, errors={"email": texts.SIGN_IN_FAILED})
    return await _page(request, "sent")


async def link(request: Request) -> Response:
    """Show the button that uses a link up: programs that look into mails open links, and press nothing."""
    site, token, now = site_of(request), request.query_params.get("token", ""), site_of(request).now()
    found = await site.db(lambda backend: backend.accounts.link(token, now))
    if found is None:
        return await _page(request, "expired", 410)
    if found.member_id is not None and found.member_id != _discord_member(request):
        return await _page(request, "elsewhere", 403)
    return await _page(request, "confirm" if found.member_id is None else "join", email=found.email, token=token)


async def use_link(request: Request) -> Response:
    """Sign the visitor in, under a new key: the one from before may have been somebody else's choice."""
    site, fields = site_of(request), await read_form(request)
    token, now, fresh = fields["token"], site.now(), site.visitors.fresh()
    found, joins = await site.db(lambda backend: backend.accounts.link(token, now)), _discord_member(request)
    if found is not None and found.member_id is not None and joins is not None:
        joined = await site.db(lambda backend: _address_joined(backend, token, joins, now))
        return see("/my-data") if joined else await _page(request, "expired", 410)
    account = await site.db(lambda backend: backend.accounts.sign_in(token, fresh.name, now))
    if account is None:
        return await _page(request, "expired", 410)
    request.state.visitor = fresh
    return see(onward(fields["next"]))


async def sign_out(request: Request) -> Response:
    """Sign the visitor out, and give them a new key."""
    await read_form(request)
    site, name = site_of(request), visitor_of(request).name
    await site.db(lambda backend: backend.accounts.sign_out(name))
    request.state.visitor = site.visitors.fresh()
    return see("/")


def require_member(request: Request) -> str:
    """Return the id of the member who has signed in.

    Raises:
        SignInNeededError: Nobody has.
    """
    account = visitor_of(request).account
    if account is None:
        raise SignInNeededError
    return account.member_id


def onward(wanted: str) -> str:
    """Return the page of ours that somebody wanted to see before they signed in, or where they begin."""
    return _next(wanted) or "/my-data"


def _next(wanted: str) -> str:
    return wanted if _OWN_PAGE.fullmatch(wanted) else ""


def _discord_member(request: Request) -> str | None:
    """Return the id of somebody whom Discord has named, and who can join a mail address to it."""
    visitor = visitor_of(request)
    return visitor.account.member_id if visitor.account is not None and visitor.by_discord else None


def _address_joined(backend: Backend, token: str, member_id: str, now: datetime) -> bool:
    """Give an account the address of a link, with everything of an account that had that address."""
    email = backend.accounts.address_to_join(token, member_id, now)
    if email is None:
        return False
    other = backend.accounts.account_with(email)
    if other is None:
        backend.accounts.set_email(member_id, email)
    elif other.member_id.startswith(MAIL_MEMBER):
        backend.privacy.join(other.member_id, member_id)
    # An address that another of Discord's ids is joined to stays theirs.
    return other is None or other.member_id.startswith(MAIL_MEMBER) or other.member_id == member_id


async def _page(
    request: Request,
    state: str,
    status: int = 200,
    email: str = "",
    *,
    token: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    site = site_of(request)
    return await site.page(
        request,
        "sign_in.html",
        status,
        title=texts.SIGN_IN_TITLE,
        email=email,
        state=state,
        token=token,
        next=_next(request.query_params.get("next", "")),
        by_mail=site.mails_links,
        by_discord=site.discord.ready,
        joins=_discord_member(request) is not None,
        errors=errors or {},
    )


def _state(request: Request) -> str:
    site = site_of(request)
    return "open" if site.mails_links or site.discord.ready else "closed"


ROUTES = (
    Route("/sign-in", form),
    Route("/sign-in", send_link, methods=["POST"]),
    Route("/sign-in/link", link),
    Route("/sign-in/link", use_link, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
)
