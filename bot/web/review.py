"""The moderators' queue, and deciding on an example."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.document_text import Part, part_of
from bot.web.forms import read_form, see
from bot.web.site import site_of, visitor_of
from knowledge.domain.examples import Action, Actor, State
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar
from knowledge.errors import ExampleConfirmationError, ExampleError, ExampleNotAllowedError
from knowledge.examples.duplicates import example_behind
from knowledge.examples.views import ExampleView, Receipt
from knowledge.storage.example_protocols import Selection

_DECISIONS = (Action.APPROVE, Action.REQUEST_CHANGES, Action.DECLINE)
_MOST_PUBLISHED = 100
_OTHER = "other"
_NEED_REASON = (Action.REQUEST_CHANGES, Action.DECLINE)


async def queue(request: Request) -> Response:
    """List what waits, the oldest first."""
    actor = _moderator(request)
    waiting, published = await site_of(request).db(
        lambda backend: (
            backend.examples.queue(actor),
            backend.examples.list(actor, Selection(states=(State.PUBLISHED,))),
        )
    )
    done = request.query_params.get("done", "")
    return await site_of(request).page(
        request,
        "review_queue.html",
        title=texts.QUEUE_TITLE,
        waiting=waiting,
        published=sorted(published, key=lambda one: one.published or "", reverse=True)[:_MOST_PUBLISHED],
        done=texts.DECIDED.get(done),
    )


async def show(request: Request) -> Response:
    """Show an example with all that a decision needs."""
    return await review_page(request, {})


async def decide(request: Request) -> Response:
    """Take a decision, on the version that the moderator saw."""
    actor, fields = _moderator(request), await read_form(request)
    example_id = request.path_params["example_id"]
    chosen = fields["action"]
    if chosen not in _DECISIONS:
        return await review_page(request, {"action": texts.CHOOSE_DECISION}, (), "", fields["reason"])
    action, reason = Action(chosen), fields["reason"]
    if action in _NEED_REASON and not reason:
        return await review_page(request, {"reason": texts.REASON_NEEDED}, (), action, "")
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
        return await review_page(request, {"confirmed": texts.CONFIRM_NEEDED}, error.labels, action, reason)
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:
        return await review_page(request, {"action": str(error)}, (), action, reason)
    return see(f"/review?done={action}")


async def review_page(
    request: Request, errors: dict[str, str], confirm: tuple[str, ...] = (), action: str = "", reason: str = ""
) -> Response:
    """Return an example's page for moderators; `errors` by the field that each is about."""
    actor, example_id = _moderator(request), request.path_params["example_id"]
    shown = await site_of(request).model(lambda backend: _shown(backend, actor, example_id))
    return await site_of(request).page(
        request,
        "review.html",
        400 if errors else 200,
        title=shown.view.title,
        view=shown.view,
        part=shown.part,
        receipt=shown.receipt,
        mergeable=[*shown.mergeable, (_OTHER, texts.MERGE_OTHER)],
        tags=_tags(shown.view),
        happened=" to ".join(dict.fromkeys(filter(None, [shown.view.happened_from, shown.view.happened_to]))),
        done=texts.DECIDED.get(request.query_params.get("done", "")),
        pillars=tuple(Pillar),
        outcomes=Outcome.for_examples(),
        levels=tuple(Level),
        nations=tuple(Nation),
        confirm=confirm,
        action=action,
        reason=reason,
        errors=errors,
    )


def _tags(view: ExampleView) -> list[str]:
    """Return an example's tags in words."""
    terms = (
        *map(Pillar, view.pillars),
        Outcome(view.outcome) if view.outcome else None,
        Level(view.level) if view.level else None,
        Nation(view.nation) if view.nation else None,
    )
    return [*(term.label for term in terms if term), *([view.region] if view.region else [])]


class _Shown(NamedTuple):
    """An example as moderators see it; `mergeable` are others that it may repeat: id and title."""

    view: ExampleView
    part: Part
    receipt: Receipt
    mergeable: list[tuple[str, str]]


def _shown(backend: Backend, actor: Actor, example_id: str) -> _Shown:
    view = backend.examples.show(actor, example_id)
    document, receipt = backend.examples.preview(actor, example_id)
    found = [(example_behind(backend.library, one), one.title) for one in receipt.duplicates]
    mergeable = {other: f"{title} ({other})" for other, title in found if other and title}
    return _Shown(view, part_of(document.sections, None, None), receipt, list(mergeable.items()))


def _moderator(request: Request) -> Actor:
    """Return the moderator who has signed in: nobody else comes in here."""
    return visitor_of(request).actor


ROUTES = (
    Route("/review", queue),
    Route("/review/{example_id}", show),
    Route("/review/{example_id}", decide, methods=["POST"]),
)
