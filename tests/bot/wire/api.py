"""The HTTP side: commands, callbacks, webhooks of interactions, and messages in channels."""

import asyncio
import json
import time
from collections import defaultdict
from types import SimpleNamespace

from aiohttp import web

CALLBACK_SECONDS = 3.0
APPLICATION = {
    "id": "100",
    "name": "HALN",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "owner": {"id": "50", "username": "owner", "discriminator": "0", "avatar": None},
    "flags": 0,
}
BOT_USER = {"id": "100", "username": "HALN", "discriminator": "0", "avatar": None, "bot": True}


def _json(data, status=200, headers=None):
    # discord.py takes for JSON only what says so in exactly these words.
    headers = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


class Interaction:
    """What Discord keeps of one interaction."""

    def __init__(self, interaction_id, token, channel_id):
        self.id, self.token, self.channel_id = interaction_id, token, channel_id
        self.sent_at = time.monotonic()
        self.answered_after = None
        self.message = None
        self.followups = []
        self.done = asyncio.Event()


class Api:
    """Answers requests as Discord does, and remembers every one of them."""

    def __init__(self):
        self.requests, self.limited, self.failing = [], defaultdict(list), defaultdict(list)
        self.emptied, self.slow = defaultdict(list), defaultdict(list)
        self.interactions, self.messages, self.nonces = {}, defaultdict(list), {}
        self.members = set()  # of servers, by their ids
        self._next_id = 10_000
        self.refuse_commands = None

    def routes(self):
        """The routes of the API, under Discord's own prefix."""
        return [web.route("*", "/api/v10/{path:.*}", self.handle)]

    def open_interaction(self, interaction_id, channel_id):
        """Note that an interaction goes out to the bot now."""
        token = f"token-{interaction_id}"
        self.interactions[token] = Interaction(interaction_id, token, channel_id)
        return self.interactions[token]

    def limit(self, method, prefix, seconds, *, everywhere=False):
        """Answer the next such request with 429, of its bucket or of all requests `everywhere`."""
        self.limited[method, prefix].append((seconds, everywhere))

    def empty_bucket(self, method, prefix, seconds):
        """Say with the reply to the next such request that the route's bucket is empty for so long."""
        self.emptied[method, prefix].append(seconds)

    def delay(self, method, prefix, seconds):
        """Do what the next such request asks, and reply so much later."""
        self.slow[method, prefix].append(seconds)

    def fail(self, method, prefix, status=503):
        """Answer the next such request with an error of the server, after doing what it asks when status is 504."""
        self.failing[method, prefix].append(status)

    async def handle(self, request):
        """One request."""
        path = "/" + request.match_info["path"]
        body = await request.json() if request.can_read_body else None
        self.requests.append(SimpleNamespace(method=request.method, path=path, json=body, at=time.monotonic()))
        for (method, prefix), seconds in self.limited.items():
            if seconds and method == request.method and path.startswith(prefix):
                return self._too_many(*seconds.pop(0))
        for (method, prefix), statuses in self.failing.items():
            if statuses and method == request.method and path.startswith(prefix):
                status = statuses.pop(0)
                if status == 504:  # it was done, and only the reply is lost
                    self._respond(request.method, path, body)
                return _json({"message": "try again", "code": 0}, status=status)
        if self.refuse_commands and path.startswith("/applications/"):
            return self._commands_refused()
        status, data = self._respond(request.method, path, body)
        for (method, prefix), seconds in self.slow.items():
            if seconds and method == request.method and path.startswith(prefix):
                await asyncio.sleep(seconds.pop(0))
        headers = {"X-RateLimit-Bucket": "bucket", "X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "499"}
        headers |= {"X-RateLimit-Reset-After": "1", "X-RateLimit-Reset": str(time.time() + 1)}
        for (method, prefix), seconds in self.emptied.items():
            if seconds and method == request.method and path.startswith(prefix):
                wait = seconds.pop(0)
                headers |= {"X-RateLimit-Bucket": prefix, "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0"}
                headers |= {"X-RateLimit-Reset-After": str(wait), "X-RateLimit-Reset": str(time.time() + wait)}
        if status == 204:
            return web.Response(status=204, headers=headers)
        return _json(data, status=status, headers=headers)

    def _commands_refused(self):
        if self.refuse_commands == "ban":  # as the network before Discord says it: no JSON, and for an hour
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "3600"})
        return _json({"message": "Max number of daily application command creates", "code": 30034}, status=400)

    @staticmethod
    def _too_many(seconds, everywhere):
        headers = {"Retry-After": str(seconds), "Via": "1.1 here", "X-RateLimit-Bucket": "bucket"}
        headers |= {"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": str(seconds)}
        headers["X-RateLimit-Reset"] = str(time.time() + seconds)
        body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
        headers |= {"X-RateLimit-Global": "true"} if everywhere else {}
        return _json(body, status=429, headers=headers)

    def _respond(self, method, path, body):
        parts = path.strip("/").split("/")
        if path == "/users/@me":
            return 200, BOT_USER
        if path == "/oauth2/applications/@me":
            return 200, APPLICATION
        if parts[0] == "applications":
            return 200, [self._as_command(number, command) for number, command in enumerate(body, 1)]
        if parts[0] == "interactions":
            return self._callback(self.interactions[parts[2]], body)
        if parts[0] == "webhooks":
            return self._webhook(method, self.interactions[parts[2]], parts, body)
        if parts[0] == "channels" and parts[2:] == ["messages"] and method == "POST":
            return self._message(int(parts[1]), body)
        if parts[0] == "channels" and parts[2:] == ["typing"]:
            return 204, None
        if parts[0] == "guilds" and parts[2:3] == ["members"] and (int(parts[1]), int(parts[3])) in self.members:
            user = {"id": parts[3], "username": f"member{parts[3]}", "discriminator": "0", "avatar": None}
            return 200, {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
        return 404, {"message": "Unknown", "code": 10003}

    def _callback(self, interaction, body):
        waited = time.monotonic() - interaction.sent_at
        if waited > CALLBACK_SECONDS:
            return 404, {"message": "Unknown interaction", "code": 10062}
        if interaction.answered_after is not None:
            return 400, {"message": "Interaction has already been acknowledged.", "code": 40060}
        interaction.answered_after = waited
        interaction.message = self._as_message(interaction.channel_id, {})
        return 200, {"interaction": {"id": str(interaction.id), "type": 2}, "resource": None}

    def _webhook(self, method, interaction, parts, body):
        if interaction.answered_after is None:
            return 404, {"message": "Unknown Webhook", "code": 10015}
        if method == "POST":
            interaction.followups.append(self._as_message(interaction.channel_id, body))
            interaction.done.set()
            return 200, interaction.followups[-1]
        if method == "PATCH":
            interaction.message |= {
                key: value for key, value in body.items() if key in ("components", "content", "flags")
            }
            interaction.done.set()
        return (204, None) if method == "DELETE" else (200, interaction.message)

    def _message(self, channel_id, body):
        nonce = body.get("nonce")
        if body.get("enforce_nonce") and nonce in self.nonces:
            return 200, self.nonces[nonce]
        message = self._as_message(channel_id, body)
        self.messages[channel_id].append(message)
        if nonce:
            self.nonces[nonce] = message
        return 200, message

    @staticmethod
    def _as_command(number, command):
        return {"description": "", **command, "id": str(number), "application_id": "100", "version": "1"}

    def _as_message(self, channel_id, body):
        self._next_id += 1
        return {
            "id": str(self._next_id),
            "channel_id": str(channel_id),
            "author": BOT_USER,
            "content": body.get("content") or "",
            "components": body.get("components") or [],
            "flags": body.get("flags") or 0,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "type": 0,
            **{key: [] for key in ("mentions", "mention_roles", "attachments", "embeds")},
            **dict.fromkeys(("tts", "mention_everyone", "pinned"), False),
        }
