"""Being told when there is an answer: by the account of who has signed in, else by an address that is confirmed."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import peer_actions
from bot.mail.message import Mail
from bot.mail.server import AddressRefusedError, MailError
from bot.web import texts
from bot.web.errors import PageError, not_found
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.sign_in import require_member
from bot.web.site import site_of, visitor_of
from knowledge.accounts.accounts import tidy_address
from knowledge.answering.stored import StoredAnswer
from knowledge.errors import MemberError
from knowledge.servers.types import FollowRequest

_LONGEST_QUESTION = 1500


async def follow(request: Request) -> Response:
    """Let somebody wait for an answer or no more: at once with an account, else once their address is confirmed."""
    site, visitor, fields = site_of(request), visitor_of(request), await read_form(request)
    question_id = request.path_params["question_id"]
    stored = await site.db(lambda backend: backend.assistant.stored_answer(question_id))
    if stored is None:
        raise not_found()
    if stored.answer.answered and fields["stop"] != "yes":
        return see(f"/answers/{question_id}")  # there is nothing to wait for
    if visitor.account is not None:
        wish = FollowRequest(question_id=question_id, recipient=visitor.account.member_id)
        requests, now = site.backend.servers.follow_requests, site.now()
        if fields["stop"] == "yes":
            await site.db(lambda _: requests.stop_waiting(wish))
        else:
            await site.db(lambda _: requests.wait(wish, now))
        return see(f"/answers/{question_id}#follow")
    email = tidy_address(fields["email"])
    if email is None or not site.mail.ready:
        return await _page(request, "address", 400, errors={"email": texts.SIGN_IN_ADDRESS})
    site.limits.count(Limited.ADDRESS_SIGN_IN, address_of(request))
    site.limits.count(Limited.SIGN_IN, email)
    address = await site.db(lambda backend: backend.follow_requests.add_address(email, question_id))
    try:
        if address is None:
            await site.mail.check()  # whoever waits already, or for enough, hears the same
        else:
            link = site.address(request, f"/follow/{address.recipient}")
            # Without the question: nobody has this mail say to a stranger what they like.
            body = texts.FOLLOW_CONFIRM_MAIL.format(link=link)
            await site.mail.send(Mail(email, texts.FOLLOW_CONFIRM_SUBJECT, body))
    except AddressRefusedError:
        pass  # whether an address exists is told to nobody
    except MailError:
        return await _page(request, "address", 503, errors={"email": texts.FOLLOW_FAILED})
    return await _page(request, "sent")


async def ask_a_peer(request: Request) -> Response:
    """Pass a question on to members without the asker's name, and let them wait for the library's answer."""
    member_id, site = require_member(request), site_of(request)
    await read_form(request)
    question_id = request.path_params["question_id"]
    stored = await site.db(lambda backend: backend.assistant.stored_answer(question_id))
    if stored is None:
        raise not_found()
    question = (stored.answer.understood or stored.answer.question)[:_LONGEST_QUESTION]
    try:
        asked = await site.model(
            lambda backend: peer_actions.ask_a_peer(backend, member_id, question_id, question, site.now())
        )
    except MemberError as error:
        raise PageError(400, texts.NOT_POSSIBLE, str(error)) from error
    return see(f"/answers/{question_id}?peers={asked.peers}#follow")


async def link(request: Request) -> Response:
    """Show what a link in a mail is for: programs that look into mails open links, and press nothing."""
    recipient = request.path_params["recipient"]
    address = await site_of(request).db(lambda backend: backend.servers.follow_requests.address(recipient))
    if address is None:
        return await _page(request, "expired", 410)
    return await _page(request, "stop" if address.confirmed_at else "confirm")


async def use_link(request: Request) -> Response:
    """Confirm the address, or forget it."""
    site, fields, recipient = site_of(request), await read_form(request), request.path_params["recipient"]
    requests, now = site.backend.servers.follow_requests, site.now()
    if fields["stop"] == "yes":
        await site.db(lambda _: requests.forget_address(recipient))
        return await _page(request, "stopped")
    confirmed = await site.db(lambda _: requests.confirm(recipient, now))
    return await _page(request, "confirmed" if confirmed else "expired", 200 if confirmed else 410)


async def follow_state(request: Request, stored: StoredAnswer) -> str | None:
    """Return what the page of an answer offers: "wait", "waits" or "address"; `None` where it is answered."""
    site, account = site_of(request), visitor_of(request).account
    if stored.answer.answered:
        if account is not None:  # they have seen it now
            seen = FollowRequest(question_id=stored.question_id, recipient=account.member_id)
            await site.db(lambda backend: backend.servers.follow_requests.stop_waiting(seen))
        return None
    if account is None:
        return "address" if site.mail.ready else None
    wish = FollowRequest(question_id=stored.question_id, recipient=account.member_id)
    waits = await site.db(lambda backend: backend.servers.follow_requests.waits(wish))
    return "waits" if waits else "wait"


async def may_ask_peers(request: Request) -> bool:
    """Return whether somebody has signed in who has a profile: only of members are peers asked."""
    account = visitor_of(request).account
    if account is None:
        return False
    return await site_of(request).db(lambda backend: backend.library.members.member(account.member_id)) is not None


async def held_answers(request: Request) -> list[StoredAnswer]:
    """Return the answers that no mail could bring to whoever has signed in."""
    account = visitor_of(request).account
    if account is None:
        return []
    ids = await site_of(request).db(lambda backend: backend.servers.follow_requests.held(account.member_id))
    found = [await site_of(request).db(lambda backend: backend.assistant.stored_answer(one)) for one in ids]  # noqa: B023
    return [one for one in found if one is not None and one.answer.answered]


async def _page(request: Request, state: str, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    return await site_of(request).page(
        request, "follow.html", status, title=texts.FOLLOW_TITLE, state=state, errors=errors or {}
    )


ROUTES = (
    Route("/answers/{question_id}/follow", follow, methods=["POST"]),
    Route("/answers/{question_id}/peers", ask_a_peer, methods=["POST"]),
    Route("/follow/{recipient}", link),
    Route("/follow/{recipient}", use_link, methods=["POST"]),
)
