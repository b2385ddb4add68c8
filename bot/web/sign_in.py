"""Signing in by a link in a mail, and out again."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.web import texts
from bot.web.errors import PageError, SignInNeededError
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of, visitor_of
from knowledge.accounts.accounts import LINK_MINUTES, tidy_address


async def form(request: Request) -> Response:
    """Ask for a mail address."""
    site = site_of(request)
    return await site.page(request, "sign_in.html", title=texts.SIGN_IN_TITLE, email="", state=_state(request))


async def send_link(request: Request) -> Response:
    """Send a link to an address that may sign in. Every address hears the same, and waits for as long."""
    site, fields = site_of(request), await read_form(request)
    if _state(request) == "closed":
        raise PageError(403, texts.SIGN_IN_TITLE, texts.SIGN_IN_CLOSED)
    email = tidy_address(fields["email"])
    if email is None:
        return await site.page(
            request,
            "sign_in.html",
            400,
            title=texts.SIGN_IN_TITLE,
            email=fields["email"][:200],
            state="open",
            errors={"email": texts.SIGN_IN_ADDRESS},
        )
    site.limits.count(Limited.ADDRESS_SIGN_IN, address_of(request))
    site.limits.count(Limited.SIGN_IN, email)
    now = site.now()
    token = await site.db(lambda backend: backend.accounts.make_link(email, now))
    try:
        if token is None:
            await site.mail.check()
        else:
            link = site.address(request, f"/sign-in/link?token={token}")
            body = texts.MAIL_BODY.format(minutes=LINK_MINUTES, link=link)
            await site.mail.send(Mail(email, texts.MAIL_SUBJECT, body))
    except AddressRefusedError:
        pass  # whether an address exists is told to nobody
    except MailError:
        return await site.page(
            request,
            "sign_in.html",
            503,
            title=texts.SIGN_IN_TITLE,
            email=email,
            state="open",
            errors={"email": texts.SIGN_IN_FAILED},
        )
    return await site.page(request, "sign_in.html", title=texts.SIGN_IN_TITLE, email="", state="sent")


async def link(request: Request) -> Response:
    """Show the button that uses a link up: programs that look into mails open links, and press nothing."""
    site, token, now = site_of(request), request.query_params.get("token", ""), site_of(request).now()
    good = await site.db(lambda backend: backend.accounts.link_is_good(token, now))
    return await site.page(
        request,
        "sign_in.html",
        200 if good else 410,
        title=texts.SIGN_IN_TITLE,
        email="",
        state="confirm" if good else "expired",
        token=token,
    )


async def use_link(request: Request) -> Response:
    """Sign the visitor in, under a new key: the one from before may have been somebody else's choice."""
    site, fields = site_of(request), await read_form(request)
    token, now, fresh = fields["token"], site.now(), site.visitors.fresh()
    account = await site.db(lambda backend: backend.accounts.sign_in(token, fresh.name, now))
    if account is None:
        return await site.page(
            request, "sign_in.html", 410, title=texts.SIGN_IN_TITLE, email="", state="expired", token=""
        )
    request.state.visitor = fresh
    return see("/my-data")


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


def _state(request: Request) -> str:
    settings = site_of(request).settings
    return "open" if settings.mail_server and (settings.web_members or settings.web_moderators) else "closed"


ROUTES = (
    Route("/sign-in", form),
    Route("/sign-in", send_link, methods=["POST"]),
    Route("/sign-in/link", link),
    Route("/sign-in/link", use_link, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
)
