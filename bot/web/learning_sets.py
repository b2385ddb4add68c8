"""A learning set on the page, for its members: what it is about, the days to choose among, its closing note."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import peer_actions
from bot.backend import Backend
from bot.web import peer_texts, texts
from bot.web.errors import PageError
from bot.web.forms import read_form, see
from bot.web.sign_in import require_member
from bot.web.site import site_of
from knowledge.dates import spoken
from knowledge.domain.members import Profile, RunningSet
from knowledge.errors import MemberError, QuestionError

_T = TypeVar("_T")


class ShownSet(NamedTuple):
    """A set as one of its members sees it. `days` are those to choose among, each with how many it suits."""

    running: RunningSet
    others: list[Profile]
    agenda: tuple[str, ...]
    days: list[tuple[str, str, int]]
    mine: set[str]


async def learning_set(request: Request) -> Response:
    """Show a set to one of its members."""
    return await _page(request, {})


async def choose(request: Request) -> Response:
    """Note which days suit a member."""
    member_id, fields, set_id = require_member(request), await read_form(request), request.path_params["set_id"]
    days = fields.all("day")
    try:
        await site_of(request).db(lambda backend: backend.peers.choose_days(member_id, set_id, days))
    except MemberError as error:
        raise PageError(404, texts.NOT_FOUND, str(error)) from error
    return see(f"/peers/sets/{set_id}?done=chosen")


async def close(request: Request) -> Response:
    """Close the set with a note, which becomes a draft of the member's."""
    member_id, fields, set_id = require_member(request), await read_form(request), request.path_params["set_id"]
    try:
        draft = await site_of(request).db(
            lambda backend: _atomically(
                backend, lambda: peer_actions.close_set(backend, member_id, set_id, fields["note"])
            )
        )
    except QuestionError as error:
        return await _page(request, {"note": str(error)}, fields["note"])
    except MemberError as error:
        raise PageError(404, texts.NOT_FOUND, str(error)) from error
    return see(f"/share/{draft}" if draft else f"/peers/sets/{set_id}?done=closed")


async def _page(request: Request, errors: dict[str, str], note: str = "") -> Response:
    member_id, set_id, site = require_member(request), request.path_params["set_id"], site_of(request)
    try:
        shown = await site.db(lambda backend: _shown(backend, member_id, set_id))
    except MemberError as error:
        raise PageError(404, texts.NOT_FOUND, str(error)) from error
    return await site.page(
        request,
        "learning_set.html",
        400 if errors else 200,
        title=shown.running.topic,
        peer_texts=peer_texts,
        shown=shown,
        meets_on=day_label(shown.running.meets_on) if shown.running.meets_on else None,
        done=request.query_params.get("done", ""),
        note=note,
        errors=errors,
    )


def _shown(backend: Backend, member_id: str, set_id: str) -> ShownSet:
    running = backend.peers.own_set(member_id, set_id)
    members = backend.library.members
    days = members.days_of(set_id)
    return ShownSet(
        running=running,
        others=backend.peers.others_in_set(member_id, set_id),
        agenda=backend.peers.agenda(running),
        days=[(day, day_label(day), len(who)) for day, who in days.items()],
        mine={day for day, who in days.items() if member_id in who},
    )


def day_label(day: str) -> str:
    """Return a day that a set may meet on, in words."""
    return spoken(datetime.fromisoformat(day), None)


def _atomically(backend: Backend, work: Callable[[], _T]) -> _T:
    with backend.library.members.atomically():
        return work()


ROUTES = (
    Route("/peers/sets/{set_id}", learning_set),
    Route("/peers/sets/{set_id}", choose, methods=["POST"]),
    Route("/peers/sets/{set_id}/close", close, methods=["POST"]),
)
