"""Discord's side of signing in (OAuth 2 with PKCE): who somebody is, and which roles they have on our servers.

The key that Discord gives is used for these two questions, given back at once, and kept nowhere.
"""

import base64
import hashlib
import logging
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import aiohttp

from bot.web import texts
from bot.web.errors import PageError
from knowledge.settings import Settings

_SECONDS = 10
# The member's id and name, and their roles on servers that we name: not their address, nor their other servers.
_SCOPES = "identify guilds.members.read"
_LONGEST_ID = 19
_MOST_ANSWER = 200_000
_log = logging.getLogger(__name__)


class DiscordDownError(PageError):
    """Discord does not answer, or not as it should; the log says how."""

    def __init__(self, cause: str) -> None:
        super().__init__(503, texts.SIGN_IN_TITLE, texts.DISCORD_DOWN)
        _log.warning("Discord could not say who signs in: %s", cause)


class Endpoints(NamedTuple):
    """The addresses of Discord: where people agree, and where programs ask."""

    authorize: str = "https://discord.com/oauth2/authorize"
    api: str = "https://discord.com/api/v10"


_DISCORD = Endpoints()


class Identified(NamedTuple):
    """A person as Discord knows them: their id, and their roles on those of our servers that they are on."""

    member_id: str
    roles: Mapping[int, frozenset[int]]


class DiscordOAuth:
    """One Discord application, as the settings name it."""

    def __init__(self, settings: Settings, endpoints: Endpoints = _DISCORD) -> None:
        self._id = settings.discord_client_id or ""
        secret = settings.discord_client_secret
        self._secret = secret.get_secret_value() if secret else ""
        self._endpoints = endpoints
        self.ready = bool(self._id)

    def address(self, state: str, verifier: str, back: str) -> str:
        """Return where somebody agrees that we hear who they are; they come `back` with the same `state`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self._id,
            "response_type": "code",
            "scope": _SCOPES,
            "redirect_uri": back,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "none",
        }
        return f"{self._endpoints.authorize}?{urlencode(asked)}"

    async def identify(self, code: str, verifier: str, back: str, servers: Iterable[int]) -> Identified | None:
        """Return who came back with a code; `None` where Discord does not take it: used, too old, or made up.

        Raises:
            DiscordDownError: Discord does not answer.
        """
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
                token = await self._token(session, code, verifier, back)
                if token is None:
                    return None
                try:
                    return await self._who(session, token, servers)
                finally:
                    await self._give_back(session, token)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DiscordDownError(type(error).__name__) from error

    async def _token(self, session: aiohttp.ClientSession, code: str, verifier: str, back: str) -> str | None:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        status, answer = await self._answer(session, "POST", "/oauth2/token", data={**self._own(), **form})
        if status == 400:
            return None
        token = answer.get("access_token") if status == 200 else None
        if not isinstance(token, str) or not token:
            raise DiscordDownError(f"it refuses this application (status {status}): check HALN_DISCORD_CLIENT_SECRET")
        return token

    async def _who(self, session: aiohttp.ClientSession, token: str, servers: Iterable[int]) -> Identified:
        headers = {"Authorization": f"Bearer {token}"}
        status, user = await self._answer(session, "GET", "/users/@me", headers=headers)
        member_id = str(user.get("id", ""))
        if status != 200 or not member_id.isdecimal() or len(member_id) > _LONGEST_ID:
            raise DiscordDownError(f"status {status} for the member")
        roles: dict[int, frozenset[int]] = {}
        for server in servers:
            status, member = await self._answer(session, "GET", f"/users/@me/guilds/{server}/member", headers=headers)
            if status == 200:
                found = member.get("roles", [])
                roles[server] = frozenset(int(role) for role in found if str(role).isdecimal())
            elif status != 404:
                raise DiscordDownError(f"status {status} for a server")
        return Identified(member_id, roles)

    async def _give_back(self, session: aiohttp.ClientSession, token: str) -> None:
        """Let Discord make the key good for nothing; by itself it would be good for a week."""
        try:
            await self._answer(session, "POST", "/oauth2/token/revoke", data={**self._own(), "token": token})
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _log.info("a key could not be given back to Discord: %s", type(error).__name__)

    def _own(self) -> dict[str, str]:
        return {"client_id": self._id, "client_secret": self._secret}

    async def _answer(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON object of an answer, an empty one where it is none."""
        address = self._endpoints.api + path
        async with session.request(method, address, allow_redirects=False, data=data, headers=headers) as response:
            if int(response.headers.get("Content-Length", 0)) > _MOST_ANSWER:
                raise ValueError("too large")
            try:
                answer = await response.json(content_type=None)
            except ValueError:
                answer = None
            return response.status, answer if isinstance(answer, dict) else {}
