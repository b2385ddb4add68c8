"""The moderators' queue, and deciding on an example."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.document_text import part_of
from bot.web.forms import read_form, see
from bot.web.site import site_of, visitor_of
from knowledge.domain.examples import Action, Actor
from knowledge.errors import ExampleConfirmationError, ExampleError, ExampleNotAllowedError

_DECISIONS = (Action.APPROVE, Action.REQUEST_CHANGES, Action.DECLINE)
_NEED_REASON = (Action.REQUEST_CHANGES, Action.DECLINE)


async def queue(request: Request) -> Response:
    """List what waits, the oldest first."""
    actor = _moderator(request)
    waiting = await site_of(request).db(lambda backend: backend.examples.queue(actor))
    done = request.query_params.get("done", "")
    return await site_of(request).page(
        request,
        "review_queue.html",
        title=texts.QUEUE_TITLE,
        waiting=waiting,
        done=texts.DECIDED.get(done),
    )


async def show(request: Request) -> Response:
    """Show an example with all that a decision needs."""
    return await _page(request, {}, (), "", "")


async def decide(request: Request) -> Response:
    """Take a decision, on the version that the moderator saw."""
    actor, fields = _moderator(request), await read_form(request)
    example_id = request.path_params["example_id"]
    chosen = fields["action"]
    if chosen not in _DECISIONS:
        return await _page(request, {"action": texts.CHOOSE_DECISION}, (), "", fields["reason"])
    action, reason = Action(chosen), fields["reason"]
    if action in _NEED_REASON and not reason:
        return await _page(request, {"reason": texts.REASON_NEEDED}, (), action, "")
    version = int(fields["version"]) if fields["version"].isdecimal() else None
    confirmed = fields.all("confirmed")
    try:
        # Approving publishes, which embeds its text.
        await site_of(request).model(
            lambda backend: backend.examples.review(
                actor, example_id, action, reason or None, expected_version=version, confirmed=confirmed
            )
        )
    except ExampleConfirmationError as error:
        return await _page(request, {"confirmed": texts.CONFIRM_NEEDED}, error.labels, action, reason)
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:
        return await _page(request, {"action": str(error)}, (), action, reason)
    return see(f"/review?done={action}")


async def _page(
    request: Request, errors: dict[str, str], confirm: tuple[str, ...], action: str, reason: str
) -> Response:
    actor, example_id = _moderator(request), request.path_params["example_id"]
    view, sections, receipt = await site_of(request).model(lambda backend: _shown(backend, actor, example_id))
    return await site_of(request).page(
        request,
        "review.html",
        400 if errors else 200,
        title=view.title,
        view=view,
        part=sections,
        receipt=receipt,
        confirm=confirm,
        action=action,
        reason=reason,
        errors=errors,
    )


def _shown(backend: Backend, actor: Actor, example_id: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    view = backend.examples.show(actor, example_id)
    document, receipt = backend.examples.preview(actor, example_id)
    return view, part_of(document.sections, None, None), receipt


def _moderator(request: Request) -> Actor:
    """Return the moderator who has signed in: nobody else comes in here."""
    return visitor_of(request).actor


ROUTES = (
    Route("/review", queue),
    Route("/review/{example_id}", show),
    Route("/review/{example_id}", decide, methods=["POST"]),
)
