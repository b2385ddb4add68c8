"""Requests of sites to programs: robots.txt, read once for each site and run."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from protego import Protego

from indexer.parsing.text import printable
from indexer.web.addresses import site

_LONGEST_DELAY = 30.0
_MOST_BYTES = 500_000

Ask = Callable[[str], tuple[int, dict[str, str], bytes]]


class Robots:
    """Knows where a program of this name may go. A site without robots.txt lets everybody in (RFC 9309)."""

    def __init__(self, user_agent: str, ask: Ask) -> None:
        self._user_agent = user_agent
        self._ask = ask
        self._rules: dict[str, Protego] = {}

    def allow(self, address: str) -> bool:
        """Return whether an address may be asked for.

        Raises:
            SourceBusyError: The site's robots.txt cannot be read now, so nothing of it may be.
        """
        server = site(address)
        if server not in self._rules:
            self._rules[server] = Protego.parse(self._read(f"{server}/robots.txt"))
        return self._rules[server].can_fetch(address, self._user_agent)

    def delay(self, server: str) -> float:
        """Return the seconds that a site asks for between two requests, at most thirty."""
        rules = self._rules.get(server)
        return min(_LONGEST_DELAY, (rules.crawl_delay(self._user_agent) if rules else None) or 0.0)

    def _read(self, address: str) -> str:
        status, _, content = self._ask(address)
        if status == HTTPStatus.OK:
            return printable(content[:_MOST_BYTES].decode("utf-8", "replace"))
        # Not there, or moved: nothing is asked. Errors of the server were raised when it was asked.
        return "" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "User-agent: *\nDisallow: /"
