"""The coffee rota on the page: taking part, a pause until a day, and leaving it."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import peer_texts
from bot.web.forms import read_form, see
from bot.web.sign_in import require_member
from bot.web.site import site_of
from knowledge.errors import MemberError, QuestionError


async def coffee(request: Request) -> Response:
    """Show how a member takes part."""
    return await _page(request, {})


async def change(request: Request) -> Response:
    """Let a member take part, pause or leave."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    try:
        if fields["action"] == "leave":
            await site.db(lambda backend: backend.peers.leave_coffee(member_id))
        elif fields["action"] == "pause":
            until = _day(fields["until"])
            await site.db(lambda backend: backend.peers.pause_coffee(member_id, until))
        else:
            await site.db(lambda backend: backend.peers.join_coffee(member_id))
    except (MemberError, QuestionError) as error:
        return await _page(request, {"until" if fields["action"] == "pause" else "join": str(error)})
    return see("/peers/coffee")


async def _page(request: Request, errors: dict[str, str]) -> Response:
    member_id, site = require_member(request), site_of(request)
    member = await site.db(lambda backend: backend.library.members.member(member_id))
    taking = await site.db(lambda backend: backend.peers.coffee(member_id))
    today = site.today().isoformat()
    paused = taking.paused_until if taking is not None and (taking.paused_until or "") > today else None
    return await site.page(
        request,
        "coffee.html",
        400 if errors else 200,
        title=peer_texts.COFFEE_TITLE,
        peer_texts=peer_texts,
        has_profile=member is not None,
        taking=taking is not None,
        paused=date.fromisoformat(paused) if paused else None,
        errors=errors,
    )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise QuestionError(peer_texts.COFFEE_DAY) from error


ROUTES = (Route("/peers/coffee", coffee), Route("/peers/coffee", change, methods=["POST"]))
