"""Asks an OpenAI-compatible server to complete a chat: streamed, and within a time limit over all of it.

httpx2 and not the `openai` package: one endpoint is all that is used, and that package adds details of this machine to
each request, reads settings of its own from the environment, and logs what was asked at its debug level.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypedDict, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from knowledge.answering.generation.reply import Reply
from knowledge.dates import seconds_asked_for, utc_now
from knowledge.errors import HalnError, LanguageModelError, LanguageModelRefusedError

if TYPE_CHECKING:
    import httpx2
    from pydantic import SecretStr


_BAD_REQUEST, _UNPROCESSABLE = 400, 422
_TOO_MANY = 429
# Servers that know other forms of an answer say so with either, and seldom in the field that is made for it.
_FORM_REFUSED = (_BAD_REQUEST, _UNPROCESSABLE, 500, 501)
_FORM = "response_format"
_REFUSALS = {
    401: "it does not accept the key; check HALN_LLM_API_KEY",
    402: "it wants to be paid",
    403: "the key may not use this model; check HALN_LLM_API_KEY and HALN_LLM_MODEL",
    404: "it knows no such address or model; check HALN_LLM_BASE_URL and HALN_LLM_MODEL",
}
# The most tokens of an answer: more than twice what its words take.
MOST_TOKENS = 500
# An answer that is whole does not wait longer than this for the count of its tokens.
_COUNT_SECONDS = 2.0
_CONNECT_SECONDS = 10.0
_LONGEST_REFUSAL = 65_536
_OK = 200


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


class ChatMessage(TypedDict):
    """One message of a chat."""

    role: str
    content: str


class ChatClient:
    """One model on one server. May be used from several threads: each call has a connection of its own."""

    def __init__(self, base_url: str, model: str, api_key: SecretStr | None, seconds: float) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._key = api_key
        self._seconds = seconds
        # Names of options that the server does not take.
        self._refused: tuple[str, ...] = ()

    def complete(
        self, messages: Sequence[ChatMessage], reply: Reply, response_format: Mapping[str, object] | None = None
    ) -> None:
        """Fill `reply` with what the model says, in this form if the server knows it. Not for an event loop's thread.

        Raises:
            LanguageModelError: The server is down, slow or busy, broke off, or sent something else than an answer.
            LanguageModelRefusedError: The server refuses the key, the address or the model.
        """
        import httpx2

        try:
            asyncio.run(self._within_the_limit(messages, reply, response_format))
        except TimeoutError:
            raise LanguageModelError(f"it took longer than {self._seconds:g} seconds") from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            reply.begun = False
            raise LanguageModelError("it cannot be reached") from None
        except httpx2.SSEError:
            raise LanguageModelError("it does not stream its answer as events") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            # Only the sort of error: its words may repeat what was sent.
            raise LanguageModelError(f"the connection failed ({type(error).__name__})") from None

    async def _within_the_limit(
        self, messages: Sequence[ChatMessage], reply: Reply, response_format: Mapping[str, object] | None
    ) -> None:
        import httpx2

        try:
            async with (
                asyncio.timeout(self._seconds) as limit,
                httpx2.AsyncClient(
                    headers=self._headers(),
                    # The limit is over everything; a timeout of each wait would let a trickle go on for ever.
                    timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
                    # What is asked goes to the server that the operator named, and nowhere else.
                    follow_redirects=False,
                    trust_env=not _is_this_machine(self._url),
                ) as http,
            ):
                response = await self._accepted(http, messages, reply, response_format)
                await self._read(response, reply, limit)
        except TimeoutError:
            if not reply.ended:
                raise
        reply.close()

    async def _read(self, response: httpx2.Response, reply: Reply, limit: asyncio.Timeout) -> None:
        import httpx2

        events = cast("AsyncGenerator[httpx2.ServerSentEvent]", aiter(httpx2.EventSource(response)))
        async with aclosing(response), aclosing(events):
            async for event in events:
                if not reply.add(event.data):
                    return
                if reply.ended:
                    soon = asyncio.get_running_loop().time() + _COUNT_SECONDS
                    limit.reschedule(min(soon, limit.when() or soon))

    async def _accepted(
        self,
        http: httpx2.AsyncClient,
        messages: Sequence[ChatMessage],
        reply: Reply,
        response_format: Mapping[str, object] | None,
    ) -> httpx2.Response:
        """Return the server's response once it takes the request.

        Servers differ in the options they know: one that is refused by its name is left out from then on.
        """
        while True:
            options = self._options(response_format)
            body = {"model": self._model, "messages": list(messages), "stream": True, **options}
            reply.begun = True
            response = await http.send(http.build_request("POST", self._url, json=body), stream=True)
            if response.status_code == _OK:
                return response
            reply.begun = False
            async with aclosing(response):
                refused = await _beginning(response)
            unwanted = unwanted_option(response.status_code, refused, options)
            if unwanted is None:
                raise refusal(response.status_code, response.headers.get("Retry-After"))
            self._refused = (*self._refused, unwanted)

    def _options(self, response_format: Mapping[str, object] | None) -> dict[str, object]:
        options: dict[str, object] = {
            "max_tokens": MOST_TOKENS,
            "temperature": 0,
            "stream_options": {"include_usage": True},
        }
        if response_format is not None:
            options["response_format"] = response_format
        for name in self._refused:
            options = without(options, name)
        return options

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "text/event-stream", "User-Agent": "haln-assistant"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        return headers


async def _beginning(response: httpx2.Response) -> bytes:
    """Return the first part of a body: as much as an error message takes, however much a server sends."""
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _LONGEST_REFUSAL:
            break
    return body[:_LONGEST_REFUSAL]


def _is_this_machine(url: str) -> bool:
    """Return whether an address is of this machine: then no proxy that the environment names may come between."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
