"""Sharing an example: a form that is kept as a draft at every step, how it will look, and handing it in."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.document_text import part_of
from bot.web.errors import not_found
from bot.web.forms import Fields, read_form, see
from bot.web.sign_in import require_member
from bot.web.site import site_of, visitor_of
from knowledge.domain.examples import Actor, Author, Content, State, Submission
from knowledge.domain.vocabulary import Credit, Level, Nation, Outcome, Pillar
from knowledge.errors import ExampleError
from knowledge.examples.form import HAPPENED, FormError, read_fields

_TEXTS = (
    "title",
    "what",
    "for_whom",
    "what_happened",
    "differently",
    "measured",
    "indicator",
    "baseline",
    "measured_period",
)
_SHORT = ("region", "organisation")
_CHOICES = ("outcome", "level", "nation", "credit")
_EDITABLE = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED)


async def form(request: Request) -> Response:
    """Show an empty form, or one with a draft."""
    require_member(request)
    submission = await _own(request) if "example_id" in request.path_params else None
    content = submission.content if submission else Content()
    name = (submission.author.name or "") if submission else ""
    return await _form(request, submission, _values(content), content, name, {})


async def keep(request: Request) -> Response:
    """Keep what the form says; what cannot be read is given back with what is wrong with it."""
    require_member(request)
    fields, actor = await read_form(request), visitor_of(request).actor
    submission = await _own(request) if "example_id" in request.path_params else None
    reading = read_fields(_raw(fields))
    content, name = reading.form.content, reading.form.author.name
    submission = await site_of(request).db(lambda backend: _kept(backend, actor, submission, content, name))
    errors = {_field(problem): _said(problem) for problem in reading.problems}
    if errors:
        return await _form(request, submission, dict(fields), content, name or "", errors, status=400)
    return see(f"/share/{submission.id}/check")


async def check(request: Request) -> Response:
    """Show how an example will look, what is still missing, what may identify somebody, and what is like it."""
    require_member(request)
    return await _check(request, await _own(request), {})


async def hand_in(request: Request) -> Response:
    """Hand an example in for review."""
    require_member(request)
    await read_form(request)
    actor, submission = visitor_of(request).actor, await _own(request)
    receipt = await site_of(request).model(lambda backend: backend.examples.submit(actor, submission.id))
    if receipt.state is State.DRAFT:
        return await _check(request, submission, {"missing": texts.SHARE_INCOMPLETE})
    return see("/my-data?handed_in=yes#examples")


async def withdraw(request: Request) -> Response:
    """Take an example back, or delete a draft."""
    require_member(request)
    await read_form(request)
    actor, submission = visitor_of(request).actor, await _own(request)
    if submission.state is State.DRAFT:
        await site_of(request).db(lambda backend: backend.examples.discard(actor, submission.id))
    else:
        await site_of(request).db(lambda backend: backend.examples.withdraw(actor, submission.id))
    return see("/my-data#examples")


async def _own(request: Request) -> Submission:
    """Return the visitor's own example that an address names.

    Raises:
        PageError: It is somebody else's, or gone: nobody learns which.
    """
    example_id, member = request.path_params["example_id"], require_member(request)
    found = await site_of(request).db(lambda backend: backend.library.examples.find(example_id))
    if found is None or found.author.member != member:
        raise not_found()
    return found


async def _form(
    request: Request,
    submission: Submission | None,
    values: Mapping[str, str],
    content: Content,
    name: str,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    if submission is not None and submission.state not in _EDITABLE:
        return see(f"/share/{submission.id}/check")
    return await site_of(request).page(
        request,
        "share.html",
        status,
        title=texts.SHARE_TITLE,
        submission=submission,
        values={field: values.get(field, "") for field in (*_TEXTS, *_SHORT, HAPPENED)},
        content=content,
        name=name,
        errors=errors,
        pillars=tuple(Pillar),
        outcomes=Outcome.for_examples(),
        levels=tuple(Level),
        nations=tuple(Nation),
        credits=tuple(Credit),
    )


async def _check(request: Request, submission: Submission, errors: dict[str, str]) -> Response:
    actor = visitor_of(request).actor
    document, receipt = await site_of(request).model(lambda backend: backend.examples.preview(actor, submission.id))
    return await site_of(request).page(
        request,
        "share_check.html",
        400 if errors else 200,
        title=texts.SHARE_CHECK_TITLE,
        submission=submission,
        metadata=document.metadata,
        part=part_of(document.sections, None, None),
        receipt=receipt,
        editable=submission.state in _EDITABLE,
        errors=errors,
    )


def _kept(
    backend: Backend, actor: Actor, submission: Submission | None, content: Content, name: str | None
) -> Submission:
    """Keep the content, as a new draft where there is none, and return it as it is now."""
    if submission is None:
        return backend.examples.draft(actor, content, Author(member=actor.id, name=name), origin="web")
    backend.examples.edit(actor, submission.id, content)
    if name and name != submission.author.name:
        backend.examples.set_credit(actor, submission.id, name=name)
    found = backend.library.examples.find(submission.id)
    if found is None:
        raise ExampleError(texts.EXAMPLE_GONE)
    return found


def _values(content: Content) -> dict[str, str]:
    """Return what the text fields of a form say of a content."""
    dates = [one for one in (content.happened_from, content.happened_to) if one]
    happened = " to ".join(dict.fromkeys(dates))
    return {field: getattr(content, field) for field in (*_TEXTS, *_SHORT)} | {HAPPENED: happened}


def _raw(fields: Fields) -> dict[str, object]:
    """Return a form's fields as `read_fields` takes them."""
    raw: dict[str, object] = {field: fields[field] for field in (*_TEXTS, *_SHORT, *_CHOICES, HAPPENED)}
    raw["pillars"] = fields.all("pillars")
    raw["clearance"] = fields["clearance"] or "no"
    return raw | {"author_name": fields["name"]}


def _field(problem: FormError) -> str:
    """Return the field of the page that a problem is about."""
    return {"happened_from": HAPPENED, "happened_to": HAPPENED, "author_name": "name"}.get(problem.field, problem.field)


def _said(problem: FormError) -> str:
    """Return what is wrong, without the name that programs know the field by."""
    field, text = problem.field, str(problem)
    label = texts.SHARE_FIELDS.get(_field(problem), field)
    return f"{label}: {text.removeprefix(field).strip()}"


ROUTES = (
    Route("/share", form),
    Route("/share", keep, methods=["POST"]),
    Route("/share/{example_id}", form),
    Route("/share/{example_id}", keep, methods=["POST"]),
    Route("/share/{example_id}/check", check),
    Route("/share/{example_id}/check", hand_in, methods=["POST"]),
    Route("/share/{example_id}/withdraw", withdraw, methods=["POST"]),
)
