"""One address to its bytes: redirects, limits of size and time, "not changed since", and every failure in words."""

from __future__ import annotations

import re
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indexer.web.addresses import joined, normalised, site
from indexer.web.network import Decompressor
from knowledge.dates import seconds_asked_for, utc_now
from knowledge.errors import SourceBusyError, SourceError, SourceGoneError, SourceNotFoundError
from knowledge.settings import Settings

if TYPE_CHECKING:
    import httpcore2

    from indexer.web.robots import Robots

MOST_REDIRECTS = 8
_EVERYTHING = "on"
# How Python begins the text of an error of the system: a number that says nothing to a reader.
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
# A server that asks for a shorter wait is obeyed at once; a longer one is left for the next refresh.
_LONGEST_WAIT = 20.0
_DEFAULT_WAIT = 3600.0
# A server that asks for years is asked again after a month.
_MOST_WAIT = 30 * 24 * 3600.0
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,text/calendar,application/pdf,*/*;q=0.5"


@dataclass(frozen=True)
class Fetched:
    """The content of an address. `address` is where it was found in the end; `media_type` is lower case or ""."""

    address: str
    content: bytes
    media_type: str
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """Asks servers for pages, one request at a time. Not safe to use from several threads at once."""

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._clock = clock
        self._tls = tls
        self._pool: httpcore2.ConnectionPool | None = None
        self._robots: Robots | None = None
        self._last_request: dict[str, float] = {}

    def fetch(self, address: str, etag: str | None = None, last_modified: str | None = None) -> Fetched | None:
        """Return what an address holds; `None` when it has not changed since it was seen with these marks.

        Raises:
            SourceError: It cannot be had, or must not be (robots.txt, a private network).
            SourceGoneError: The server says that it is gone for good.
            SourceNotFoundError: The server does not find it.
            SourceBusyError: It may be had later.
        """
        address = normalised(address)
        if urlsplit(address).scheme == "file":
            return self._local(address)
        marks = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        headers = [(name, value) for name, value in marks if value]
        seen = {address}
        for _ in range(MOST_REDIRECTS):
            self._require_allowed(address)
            status, answer, content = self._ask(address, headers)
            if status == HTTPStatus.NOT_MODIFIED:
                return None
            if status not in _REDIRECTS:
                return self._accepted(address, status, answer, content)
            address = self._next(address, answer.get("location"), seen)
            seen.add(address)
        raise SourceError(f"it leads from one address to another more than {MOST_REDIRECTS} times; add the last one")

    def close(self) -> None:
        """Let go of open connections."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _next(self, address: str, location: str | None, seen: set[str]) -> str:
        target = joined(address, location) if location else None
        if target is None:
            raise SourceError("the server sends readers on without saying where to; tell the site's owner")
        if target in seen:
            raise SourceError(
                f"it leads back to itself ({target}), so it never arrives anywhere; tell the site's owner"
            )
        if urlsplit(target).scheme == "file":
            raise SourceError(f"it leads to {target}, a file of this machine; that is refused")
        return target

    def _local(self, address: str) -> Fetched:
        if self._settings.web_private != _EVERYTHING:
            raise SourceError(
                "addresses of files (file:) are refused; add the file by its path, or allow them with "
                "HALN_WEB_PRIVATE=on"
            )
        path = Path(unquote(urlsplit(address).path))
        try:
            if path.stat().st_size > self._settings.max_file_mb * 1_000_000:
                raise SourceError(_too_large(self._settings.max_file_mb))
            return Fetched(address, path.read_bytes(), "")
        except OSError as error:
            raise SourceError(f"it cannot be read ({error.strerror})") from None

    def _require_allowed(self, address: str) -> None:
        if self._robots is None:
            from indexer.web.robots import Robots

            self._robots = Robots(self._settings.web_user_agent, lambda asked: self._ask(asked, []))
        if not self._robots.allow(address):
            raise SourceError(
                "the site's robots.txt asks programs to stay away from it; ask the site's owner, or save the page and "
                "add the file"
            )

    def _ask(self, address: str, headers: list[tuple[str, str]]) -> tuple[int, dict[str, str], bytes]:
        """Return one request, repeated once where the server asks to wait a little: status, headers and content."""
        for attempt in (1, 2):
            self._wait_for_turn(address)
            status, answer, content = self._request(address, headers)
            if status not in _BUSY:
                return status, answer, content
            asked_for = seconds_asked_for(answer.get("retry-after"), utc_now())
            wait = None if asked_for is None else min(asked_for, _MOST_WAIT)
            if wait is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
                return status, answer, content  # it is broken, and asks for nothing
            if attempt == 2 or wait is None or wait > _LONGEST_WAIT:
                raise SourceBusyError(
                    f"the server is busy (status {status}) and asks to come back later; `haln index refresh` will",
                    wait if wait is not None else _DEFAULT_WAIT,
                )
            self._sleep(wait)
        raise AssertionError("unreachable")

    def _wait_for_turn(self, address: str) -> None:
        """Leave the server its time between two requests."""
        server = site(address)
        delay = self._settings.web_delay_seconds
        if self._robots is not None:
            delay = max(delay, self._robots.delay(server))
        if (last := self._last_request.get(server)) is not None and (rest := last + delay - self._clock()) > 0:
            self._sleep(rest)
        self._last_request[server] = self._clock()

    def _request(self, address: str, headers: list[tuple[str, str]]) -> tuple[int, dict[str, str], bytes]:
        import httpcore2

        from indexer.web.network import Deadline, GuardedBackend

        if self._pool is None:
            self._deadline = Deadline()
            backend = GuardedBackend(self._deadline, self._settings.web_private)
            self._pool = httpcore2.ConnectionPool(
                ssl_context=self._tls, network_backend=backend, keepalive_expiry=5.0, max_connections=4
            )
        sent = [
            ("User-Agent", self._settings.web_user_agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", "gzip"),
            *headers,
        ]
        self._deadline.start(self._settings.web_timeout_seconds)
        try:
            with self._pool.stream("GET", address, headers=[(k.encode(), v.encode()) for k, v in sent]) as response:
                answer = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
                return response.status, answer, self._body(response, answer)
        except httpcore2.TimeoutException:
            seconds = self._settings.web_timeout_seconds
            raise SourceBusyError(
                f"the server was too slow: more than {seconds:g} seconds (HALN_WEB_TIMEOUT_SECONDS) for one page",
                0,
            ) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise _connection_error(address, error) from None

    def _body(self, response: httpcore2.Response, answer: dict[str, str]) -> bytes:
        """Return the content, unpacked.

        Raises:
            SourceError: It is larger than what is read.
        """
        most = self._settings.max_file_mb * 1_000_000
        packed = answer.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
        unpack = Decompressor() if packed else None
        content = bytearray()
        try:
            for part in response.iter_stream():
                content += unpack.take(part, most + 1 - len(content)) if unpack else part
                if len(content) > most:
                    raise SourceError(_too_large(self._settings.max_file_mb))
        except zlib.error:
            raise SourceError("what the server sent is damaged; try again later") from None
        if unpack is not None and not unpack.is_whole:
            # Half a page must not take the place of a whole one.
            raise SourceBusyError("the server sent only a part of it; try again later", _DEFAULT_WAIT)
        return bytes(content)

    @staticmethod
    def _accepted(address: str, status: int, answer: dict[str, str], content: bytes) -> Fetched:
        if status == HTTPStatus.GONE:
            raise SourceGoneError("the server says that it is gone for good (status 410)")
        if status == HTTPStatus.NOT_FOUND:
            raise SourceNotFoundError("the server does not find it (status 404); check the address in a browser")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SourceBusyError(f"the server has a problem (status {status}); try again later", 0)
        if status != HTTPStatus.OK:
            raise SourceError(f"the server refuses it (status {status}); see whether it opens in a browser")
        return Fetched(
            address=address,
            content=content,
            media_type=answer.get("content-type", "").partition(";")[0].strip().lower(),
            etag=answer.get("etag"),
            last_modified=answer.get("last-modified"),
        )


def _connection_error(address: str, error: Exception) -> SourceError | SourceBusyError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return SourceError(
            f"the site cannot prove that it is {urlsplit(address).hostname} ({cause.verify_message}); tell its owner "
            "that its certificate is not valid"
        )
    if isinstance(cause, ssl.SSLError):
        return SourceError(f"no secure connection can be made ({cause.reason or cause}); tell the site's owner")
    return SourceBusyError(
        f"the server cannot be reached ({_ERRNO.sub('', str(error))}); check the address and the connection",
        0,
    )


def _too_large(limit_mb: int) -> str:
    return f"it is larger than {limit_mb} MB; raise HALN_MAX_FILE_MB to read it"
