"""A member's data: to see, to download and to have forgotten."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import digest, texts
from bot.web.forms import read_form, see
from bot.web.sign_in import require_member
from bot.web.site import site_of, visitor_of
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.privacy.member_data import Published


async def overview(request: Request) -> Response:
    """Show the member's examples, and what they can do with their data."""
    return await _page(request, {})


async def download(request: Request) -> Response:
    """Return everything that is held about the member, as a file."""
    member_id = require_member(request)
    await read_form(request)
    held = await site_of(request).db(lambda backend: backend.privacy.export(member_id))
    return Response(
        json.dumps(held, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="haln-my-data.json"'},
    )


async def forget(request: Request) -> Response:
    """Erase everything about the member, and sign them out."""
    member_id, fields = require_member(request), await read_form(request)
    if fields["sure"] != "yes":
        return await _page(request, {"sure": texts.FORGET_SURE})
    chosen = fields["published"]
    published = Published(chosen) if chosen in tuple(Published) else Published.WITHOUT_NAME
    gone = await site_of(request).db(lambda backend: backend.privacy.forget(member_id, published))
    request.state.visitor = site_of(request).visitors.fresh()
    if gone.left:
        return see("/forgotten?pending=yes")
    return see("/forgotten")


async def forgotten(request: Request) -> Response:
    """Say that everything is gone."""
    return await site_of(request).page(
        request, "error.html", title=texts.FORGOTTEN, heading=texts.FORGOTTEN, line=texts.FORGOTTEN_LINE
    )


async def _page(request: Request, errors: dict[str, str]) -> Response:
    require_member(request)
    actor = visitor_of(request).actor
    examples = await site_of(request).db(lambda backend: backend.examples.mine(actor))
    return await site_of(request).page(
        request,
        "my_data.html",
        400 if errors else 200,
        title=texts.MY_DATA_TITLE,
        examples=examples,
        handed_in=request.query_params.get("handed_in") == "yes",
        joined=not require_member(request).startswith(MAIL_MEMBER),
        discord_ready=site_of(request).discord.ready,
        mails_links=site_of(request).mails_links,
        digest=await digest.state(request),
        digest_done=texts.DIGEST_DONE.get(request.query_params.get("digest", "")),
        choices=[(one.value, texts.FORGET_CHOICES[one]) for one in Published],
        errors=errors,
    )


ROUTES = (
    Route("/my-data", overview),
    Route("/my-data/download", download, methods=["POST"]),
    Route("/my-data/forget", forget, methods=["POST"]),
    Route("/forgotten", forgotten),
)
