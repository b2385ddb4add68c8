"""Moderators' changes to an example beside the decision: claiming, tags, merging, correcting, taking it down."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts
from bot.web.forms import read_form, see
from bot.web.review import review_page
from bot.web.site import site_of, visitor_of
from knowledge.domain.examples import Action, Author
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar
from knowledge.errors import ExampleError, ExampleNotAllowedError
from knowledge.examples.form import HAPPENED, FormError, read_happened

_OTHER = "other"


async def claim(request: Request) -> Response:
    """Say that this moderator is on an example, or not any more."""
    actor, fields, example_id = visitor_of(request).actor, await read_form(request), request.path_params["example_id"]
    action = Action.RELEASE if fields["action"] == Action.RELEASE else Action.CLAIM
    try:
        await site_of(request).db(lambda backend: backend.examples.review(actor, example_id, action))
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:  # somebody was quicker: the page shows who
        return await review_page(request, {"claim": str(error)})
    return see(f"/review/{example_id}")


async def tag(request: Request) -> Response:
    """Correct the tags; what is left empty stays as it is."""
    actor, fields, example_id = visitor_of(request).actor, await read_form(request), request.path_params["example_id"]
    version = _version(fields["version"])
    try:
        happened = read_happened(fields[HAPPENED]) if fields[HAPPENED] else None
        pillars = tuple(Pillar(one) for one in fields.all("pillars"))
        outcome = Outcome(fields["outcome"]) if fields["outcome"] else None
        level = Level(fields["level"]) if fields["level"] else None
        nation = Nation(fields["nation"]) if fields["nation"] else None
        # A published example is published anew, which embeds its text.
        await site_of(request).model(
            lambda backend: backend.examples.tag(
                actor, example_id, pillars, outcome, level, nation, version, fields["region"], happened
            )
        )
    except FormError as error:
        said = str(error).removeprefix(error.field).strip()
        return await review_page(request, {HAPPENED: f"{texts.SHARE_FIELDS[HAPPENED]}: {said}"})
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:
        return await review_page(request, {"pillars": str(error)})
    except ValueError:
        return await review_page(request, {"pillars": texts.TAGS_WRONG})
    return see(f"/review/{example_id}?done=tagged")


async def merge(request: Request) -> Response:
    """Close an example that says the same as another one."""
    actor, fields, example_id = visitor_of(request).actor, await read_form(request), request.path_params["example_id"]
    into = fields["other"] if fields["into"] in ("", _OTHER) else fields["into"]
    version = _version(fields["version"])
    if not into:
        return await review_page(request, {"into": texts.MERGE_INTO})
    try:
        await site_of(request).db(lambda backend: backend.examples.merge(actor, example_id, into, version))
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:
        return await review_page(request, {"into": str(error)})
    return see("/review?done=merge")


async def correct(request: Request) -> Response:
    """Begin a new version of what is published; until it is approved, the published one stays."""
    actor, example_id = visitor_of(request).actor, request.path_params["example_id"]
    await read_form(request)
    try:
        draft = await site_of(request).db(
            lambda backend: backend.examples.correct(actor, example_id, Author(member=actor.id))
        )
    except ExampleNotAllowedError:
        raise
    except ExampleError as error:
        return await review_page(request, {"correct": str(error)})
    return see(f"/share/{draft.id}")


async def take_down(request: Request) -> Response:
    """Take a published example out of the library, with the reason that its author reads."""
    actor, fields, example_id = visitor_of(request).actor, await read_form(request), request.path_params["example_id"]
    reason = fields["why"]
    if not reason:
        return await review_page(request, {"why": texts.REASON_NEEDED})
    await site_of(request).model(lambda backend: backend.examples.withdraw(actor, example_id, reason))
    return see(f"/review?done={Action.WITHDRAW}")


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


ROUTES = (
    Route("/review/{example_id}/claim", claim, methods=["POST"]),
    Route("/review/{example_id}/tags", tag, methods=["POST"]),
    Route("/review/{example_id}/merge", merge, methods=["POST"]),
    Route("/review/{example_id}/correct", correct, methods=["POST"]),
    Route("/review/{example_id}/take-down", take_down, methods=["POST"]),
)
