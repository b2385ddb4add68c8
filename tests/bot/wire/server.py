"""The whole of it: serves API and gateway, points discord.py there, and plays the members of one server."""

import asyncio
from contextlib import asynccontextmanager, suppress

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.bot.wire.api import APPLICATION, BOT_USER, Api
from tests.bot.wire.gateway import Gateway, ShardedGateway

GUILD, CHANNEL = 1, 2
_PERMISSIONS = str((1 << 10) | (1 << 11) | (1 << 16) | (1 << 35) | (1 << 38))
_MEMBER = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
# In the second of two shards: the bits from 22 on say in which one.
OTHER_GUILD, OTHER_CHANNEL = (1 << 22) + 1, (1 << 22) + 2


def _guild(guild, channel):
    return _GUILD | {
        "id": str(guild),
        "roles": [_GUILD["roles"][0] | {"id": str(guild)}],
        "channels": [_GUILD["channels"][0] | {"id": str(channel)}],
    }


_GUILD = {
    "id": str(GUILD),
    "name": "Sample server",
    "owner_id": "50",
    "roles": [{"id": str(GUILD), "name": "@everyone", "permissions": _PERMISSIONS, "position": 0, "color": 0}],
    "channels": [{"id": str(CHANNEL), "type": 0, "name": "anchors", "position": 0, "permission_overwrites": []}],
    "members": [{**_MEMBER, "user": BOT_USER}],
    "member_count": 51,
    **{key: [] for key in ("emojis", "threads", "features", "stickers", "presences", "voice_states")},
}


class WireDiscord:
    """One Discord with one server and one text channel; with `shards`, of two shards with one server each."""

    def __init__(self, shards=1):
        self.api = Api()
        ready = {"v": 10, "user": BOT_USER, "application": APPLICATION}
        places = ((GUILD, CHANNEL), (OTHER_GUILD, OTHER_CHANNEL))[:shards]
        self.gateways = [
            Gateway({**ready, "guilds": [{"id": str(guild), "unavailable": True}]}, [_guild(guild, channel)])
            for guild, channel in places
        ]
        self.gateway = self.gateways[0]
        self._last_id = 1000

    async def ask(self, user_id, question, held_up=0, guild=GUILD):
        """A member types `/ask`; what Discord keeps of that interaction. The bot is told `held_up` seconds later.

        `guild` is the server, or `None` for a direct message.
        """
        self._last_id += 1
        options = [{"type": 3, "name": "question", "value": question}]
        data = {"id": "1", "name": "ask", "type": 1, "options": options}
        return await self._interact(self._last_id, user_id, 2, data, held_up, guild)

    async def press(self, user_id, message, custom_id):
        """A member presses a button of a message."""
        self._last_id += 1
        data = {"component_type": 2, "custom_id": custom_id}
        return await self._interact(self._last_id, user_id, 3, data, 0, GUILD, message=message)

    async def _interact(self, interaction_id, user_id, kind, data, held_up, guild, **more):
        channel = OTHER_CHANNEL if guild == OTHER_GUILD else CHANNEL
        interaction = self.api.open_interaction(interaction_id, channel)
        await asyncio.sleep(held_up)
        user = {"id": str(user_id), "username": f"member{user_id}", "discriminator": "0", "avatar": None}
        payload = {
            "id": str(interaction_id),
            "application_id": APPLICATION["id"],
            "type": kind,
            "token": interaction.token,
            "version": 1,
            "channel_id": str(channel),
            "channel": {"id": str(channel), "type": 0, "name": "anchors", "permissions": _PERMISSIONS},
            "app_permissions": _PERMISSIONS,
            "locale": "en-GB",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 26214400,
            "data": data,
            **more,
        }
        if guild is None:
            payload |= {"user": user, "context": 1, "channel": {"id": str(channel), "type": 1, "permissions": "0"}}
        else:
            member = {**_MEMBER, "user": user, "permissions": _PERMISSIONS}
            payload |= {"guild_id": str(guild), "member": member}
        # What is said in private reaches the first shard alone.
        shard = ((guild or 0) >> 22) % len(self.gateways)
        await self.gateways[shard].dispatch("INTERACTION_CREATE", payload)
        return interaction

    async def mention(self, user_id, text):
        """A member writes a message that mentions the bot."""
        self._last_id += 1
        user = {"id": str(user_id), "username": f"member{user_id}", "discriminator": "0", "avatar": None}
        message = self.api._as_message(CHANNEL, {"content": f"<@{BOT_USER['id']}> {text}"})
        message |= {"id": str(self._last_id), "author": user, "mentions": [BOT_USER], "guild_id": str(GUILD)}
        message["member"] = _MEMBER
        await self.gateway.dispatch("MESSAGE_CREATE", message)


@asynccontextmanager
async def wire_discord(bot, monkeypatch, *, refuse_commands=None):
    """A Discord on the loopback with the bot connected to it."""
    server = WireDiscord()
    server.api.refuse_commands = refuse_commands
    async with _connected(server, server.gateway.handle, [bot], monkeypatch):
        yield server


@asynccontextmanager
async def sharded_discord(bots, monkeypatch):
    """A Discord on the loopback that splits its servers over two bots, each a process of its own elsewhere."""
    server = WireDiscord(shards=len(bots))
    async with _connected(server, ShardedGateway(server.gateways).handle, bots, monkeypatch):
        yield server


@asynccontextmanager
async def served(server, handle):
    """A Discord on the loopback; its port."""
    application = web.Application()
    application.add_routes([*server.api.routes(), web.get("/gateway/", handle)])
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    for gateway in server.gateways:
        gateway.address = f"ws://127.0.0.1:{port}/gateway/"
    try:
        yield port
    finally:
        await runner.cleanup()


def places_of(port):
    """Return where discord.py is to look for a Discord on the loopback: class, attribute and value."""
    return (
        (Route, "BASE", f"http://127.0.0.1:{port}/api/v10"),
        (DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{port}/gateway/")),
    )


@asynccontextmanager
async def _connected(server, handle, bots, monkeypatch):
    async with served(server, handle) as port:
        for place in places_of(port):
            monkeypatch.setattr(*place)
        running = [asyncio.create_task(bot.start("MTAw.wire.test")) for bot in bots]
        connected = [asyncio.create_task(gateway.connected.wait()) for gateway in server.gateways]
        try:
            for task, one in zip(running, connected, strict=True):
                await asyncio.wait((task, one), timeout=30, return_when=asyncio.FIRST_COMPLETED)
                if task.done():
                    task.result()
            for bot in bots:
                await asyncio.wait_for(bot.wait_until_ready(), 30)
            while any(guild.unavailable for bot in bots for guild in bot.guilds):  # noqa: ASYNC110 - on a busy machine
                await asyncio.sleep(0.01)
            yield
        finally:
            for bot, task in zip(bots, running, strict=True):
                await bot.close()
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
