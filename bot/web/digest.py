"""The digest by mail: choosing it, confirming an address for it, and stopping it by one press without sign-in."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.errors import PageError
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.sign_in import require_member
from bot.web.site import site_of, visitor_of
from knowledge.digest.storage.protocols import DigestChoice, Frequency, Means
from knowledge.domain.ids import MAIL_MEMBER

NONE = "none"


class State(NamedTuple):
    """A member's choice on the page: the radio buttons, which is chosen, and an address that is off."""

    choices: list[tuple[str, str]]
    chosen: str
    off: str | None


async def state(request: Request) -> State:
    """Return what the member who has signed in may choose, and has chosen."""
    member_id, account = require_member(request), visitor_of(request).account
    email = account.email if account is not None else None

    def look(backend: Backend) -> tuple[DigestChoice | None, bool, bool]:
        digests = backend.digests
        choice = digests.choice(member_id)
        address = choice.email or email if choice is not None and choice.means is Means.EMAIL else None
        return choice, digests.by_email, address is not None and digests.is_off(address)

    choice, by_email, off = await site_of(request).db(look)
    address = (choice.email if choice is not None else None) or email
    means = {
        Means.EMAIL: by_email and address is not None,
        Means.DIRECT: not member_id.startswith(MAIL_MEMBER),
        NONE: True,
    }
    choices = [
        (value, text.format(email=address))
        for value, text in texts.DIGEST_CHOICES.items()
        if means[value.rpartition(":")[2]]
    ]
    chosen = NONE if choice is None else f"{choice.frequency}:{choice.means}"
    return State(choices, chosen, address if off else None)


async def choose(request: Request) -> Response:
    """Store a member's choice."""
    member_id, fields = require_member(request), await read_form(request)
    chosen = fields["digest"]
    if chosen not in dict((await state(request)).choices):
        raise PageError(400, texts.NOT_POSSIBLE, texts.DIGEST_CHOOSE)
    if chosen == NONE:
        await site_of(request).db(lambda backend: backend.digests.stop(member_id))
        return see(f"/my-data?digest={NONE}")
    frequency, _, means = chosen.partition(":")

    def store(backend: Backend) -> None:
        present = backend.digests.choice(member_id)
        email = present.email if present is not None else None
        backend.digests.choose(member_id, Frequency(frequency), Means(means), email)

    await site_of(request).db(store)
    return see(f"/my-data?digest={frequency}")


async def ask_to_stop(request: Request) -> Response:
    """Show the button that stops a digest: programs that look into mails open links, and press nothing."""
    return await _page(request, texts.DIGEST_STOP_TITLE, "stop" if await _member(request) else "old")


async def stop(request: Request) -> Response:
    """Stop a digest, for whoever has the signed address: a mail program by one press (RFC 8058), or the page."""
    member_id = await _member(request)
    if member_id is not None:
        await site_of(request).db(lambda backend: backend.digests.stop(member_id))
    return await _page(request, texts.DIGEST_STOP_TITLE, "stopped" if member_id else "old")


async def ask_to_confirm(request: Request) -> Response:
    """Show the button that confirms an address."""
    site, token = site_of(request), request.path_params["token"]
    found = await site.db(lambda backend: backend.digests.read_confirmation(token))
    return await _page(request, texts.DIGEST_CONFIRM_TITLE, "confirm" if found else "old", found[2] if found else "")


async def confirm(request: Request) -> Response:
    """Take an address as confirmed, for whoever has the signed address of the page that was mailed to it."""
    site, token = site_of(request), request.path_params["token"]
    site.limits.count(Limited.CHANGE, address_of(request))

    def store(backend: Backend) -> Frequency | None:
        found = backend.digests.read_confirmation(token)
        if found is None:
            return None
        member_id, frequency, email = found
        backend.digests.choose(member_id, frequency, Means.EMAIL, email)
        return frequency

    frequency = await site.db(store)
    done = texts.DIGEST_CHOSEN[frequency] if frequency else ""
    return await _page(request, texts.DIGEST_CONFIRM_TITLE, "confirmed" if frequency else "old", done)


async def _member(request: Request) -> str | None:
    token = request.path_params["token"]
    return await site_of(request).db(lambda backend: backend.digests.member_of(token))


async def _page(request: Request, title: str, step: str, said: str = "") -> Response:
    status = 410 if step == "old" else 200
    return await site_of(request).page(request, "digest_link.html", status, title=title, step=step, said=said)


ROUTES = (
    Route("/my-data/digest", choose, methods=["POST"]),
    Route("/digest/stop/{token}", ask_to_stop),
    Route("/digest/stop/{token}", stop, methods=["POST"]),
    Route("/digest/confirm/{token}", ask_to_confirm),
    Route("/digest/confirm/{token}", confirm, methods=["POST"]),
)
