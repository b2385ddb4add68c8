"""Errors as pages, each in one clear line: the one place where errors become answers."""

import logging
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.web import texts
from knowledge.errors import (
    ExampleError,
    ExampleNotAllowedError,
    ExampleNotFoundError,
    HalnError,
    MemberError,
    QuestionError,
    TransientError,
)
from knowledge.question_reference import reference_of

_CROWDED_SECONDS = 30
_log = logging.getLogger(__name__)


class PageError(Exception):
    """Something that a visitor is told: a status, a heading and a line that says what to do."""

    def __init__(self, status: int, heading: str, line: str) -> None:
        super().__init__(line)
        self.status, self.heading, self.line = status, heading, line


class TooManyError(PageError):
    """It is one too many; there is room again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, texts.TOO_MANY, texts.TOO_MANY_LINE.format(seconds=seconds))
        self.seconds = seconds


class CrowdedError(TooManyError):
    """So many wait for the models that it would take too long; nobody in particular asked too often."""

    def __init__(self) -> None:
        super().__init__(_CROWDED_SECONDS)
        self.status, self.heading, self.line = 503, texts.CROWDED, texts.CROWDED_LINE


class SignInNeededError(PageError):
    """A page is for members who have signed in."""

    def __init__(self) -> None:
        super().__init__(401, texts.SIGN_IN_TITLE, texts.SIGN_IN_FIRST)


def not_found() -> PageError:
    """Return the error that there is no such page."""
    return PageError(404, texts.NOT_FOUND, texts.NOT_FOUND_LINE)


def told(error: Exception) -> PageError:
    """Return what a visitor is told of an error; one that is nobody's doing gets a reference that is in the log."""
    if isinstance(error, PageError):
        return error
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return not_found()
        return PageError(error.status_code, texts.NOT_POSSIBLE, texts.NOT_POSSIBLE_LINE)
    if isinstance(error, ExampleNotFoundError):
        return PageError(404, texts.NOT_FOUND, texts.EXAMPLE_GONE)
    if isinstance(error, ExampleNotAllowedError):
        return PageError(403, texts.NOT_ALLOWED, str(error))
    if isinstance(error, QuestionError | MemberError | ExampleError):
        return PageError(400, texts.NOT_POSSIBLE, str(error))
    reference = reference_of(error)
    if isinstance(error, TransientError):
        _log.warning("reference %s: %s", reference, error)
        return PageError(503, texts.BUSY, texts.BUSY_LINE.format(reference=reference))
    if isinstance(error, HalnError):
        _log.error("reference %s: %s", reference, error)
    else:
        _log.error("reference %s", reference, exc_info=error)
    return PageError(500, texts.FAILED, texts.FAILED_LINE.format(reference=reference))


async def answer_error(request: Request, error: Exception) -> Response:
    """Return the page, or for programs the JSON object, that tells of an error."""
    from bot.web.site import site_of

    if isinstance(error, SignInNeededError) and request.method == "GET":
        return RedirectResponse(f"/sign-in?{urlencode({'next': request.url.path})}", status_code=303)
    problem = told(error)
    headers = {"Retry-After": str(problem.seconds)} if isinstance(problem, TooManyError) else {}
    if isinstance(error, HTTPException) and error.headers:
        headers |= dict(error.headers)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": problem.line}, problem.status, headers)
    page = await site_of(request).page(
        request, "error.html", problem.status, title=problem.heading, heading=problem.heading, line=problem.line
    )
    page.headers.update(headers)
    return page
