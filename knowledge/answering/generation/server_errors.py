"""Refusals of a language model's server, understood by status, Retry-After, and the option they name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import BaseModel, ValidationError

from knowledge.dates import utc_now
from knowledge.errors import HalnError, LanguageModelError, LanguageModelRefusedError

_BAD_REQUEST, _UNPROCESSABLE = 400, 422
_TOO_MANY = 429
# Servers that know other forms of an answer say so with either, and seldom in the field that is made for it.
_FORM_REFUSED = (_BAD_REQUEST, _UNPROCESSABLE, 500, 501)
_FORM = "response_format"
# Characters of a Retry-After that means something.
_LONGEST_WAIT = 40
_REFUSALS = {
    401: "it does not accept the key; check HALN_LLM_API_KEY",
    402: "it wants to be paid",
    403: "the key may not use this model; check HALN_LLM_API_KEY and HALN_LLM_MODEL",
    404: "it knows no such address or model; check HALN_LLM_BASE_URL and HALN_LLM_MODEL",
}


class _Problem(BaseModel):
    param: str | None = None


class _Refused(BaseModel):
    error: _Problem


def refusal(status: int, retry_after: str | None = None) -> HalnError:
    """Return the error that a status other than 200 is; nothing of the server's own words is in it."""
    if status in _REFUSALS:
        return LanguageModelRefusedError(f"{_REFUSALS[status]} ({status})")
    if 300 <= status < 400:
        return LanguageModelRefusedError(f"it sends elsewhere ({status}); check HALN_LLM_BASE_URL")
    what = "it has too much to do" if status == _TOO_MANY else "it failed"
    return LanguageModelError(f"{what} ({status})", seconds_asked_for(retry_after, utc_now()))


def seconds_asked_for(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, which may also be a date; `None` where it says nothing of use."""
    if retry_after is None or len(retry_after) > _LONGEST_WAIT:
        return None
    try:
        return max(0.0, float(int(retry_after)))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(retry_after)
        return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def unwanted_option(status: int, body: bytes, options: Mapping[str, object]) -> str | None:
    """Return the option of a request that the server does not take, where it says so by name."""
    if status in (_BAD_REQUEST, _UNPROCESSABLE):
        try:
            named = _Refused.model_validate_json(body).error.param
        except ValidationError:
            named = None
        if named in options:
            return named
    # "response_format type must be ...", "Either json_schema or grammar can be specified, but not both".
    about_the_form = any(word in body for word in (b"response_format", b"json_schema", b"grammar"))
    return _FORM if status in _FORM_REFUSED and _FORM in options and about_the_form else None


def without(options: Mapping[str, object], unwanted: str) -> dict[str, object]:
    """Return the options without one. The limit of tokens is not given up: it has another name on newer servers."""
    kept = {name: value for name, value in options.items() if name != unwanted}
    if unwanted == "max_tokens":
        kept["max_completion_tokens"] = options[unwanted]
    return kept
