"""The gateway: sessions, heartbeats, and events with sequence numbers that are replayed on resume."""

import asyncio
import json

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


class Session:
    """What Discord keeps of one identified connection: the events sent, so that a resume can have those it missed."""

    def __init__(self, name):
        self.name, self.events, self.valid = name, [], True


class ShardedGateway:
    """The one address at which all shards connect: who identifies as a shard goes on at that one's gateway."""

    def __init__(self, gateways):
        self._gateways = gateways

    async def handle(self, request):
        """One websocket connection from its beginning to its end; a session is resumed where it began."""
        socket, gateway = web.WebSocketResponse(), None
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 200}, "t": None, "s": None})
        async for message in socket:
            received = json.loads(message.data)
            if received["op"] == IDENTIFY:
                gateway = self._gateways[received["d"]["shard"][0]]
                gateway.socket = socket
            if gateway is not None:
                await gateway._receive(received)
        return socket


class Gateway:
    """One bot's connection. Events that are dispatched while it is away are kept for its resume."""

    def __init__(self, ready, guilds, heartbeat_seconds=0.2):
        self._ready, self._guilds, self._heartbeat = ready, guilds, heartbeat_seconds
        self.address = ""
        self.socket = None
        self.session = None
        self.identifies, self.resumes, self.heartbeats = [], [], 0
        self.connected = asyncio.Event()
        self.accepting = asyncio.Event()
        self.accepting.set()

    async def handle(self, request):
        """One websocket connection from its beginning to its end."""
        await self.accepting.wait()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.socket = socket
        await self._send(HELLO, {"heartbeat_interval": int(self._heartbeat * 1000)})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._receive(json.loads(message.data))
        if self.socket is socket:
            self.connected.clear()
        return socket

    async def _receive(self, message):
        if message["op"] == HEARTBEAT:
            self.heartbeats += 1
            await self._send(ACK, None)
        elif message["op"] == IDENTIFY:
            self.identifies.append(message["d"])
            self.session = Session(f"session-{len(self.identifies)}")
            ready = {**self._ready, "session_id": self.session.name, "resume_gateway_url": self.address}
            ready |= {"shard": message["d"]["shard"]} if "shard" in message["d"] else {}
            await self.dispatch("READY", ready)
            for guild in self._guilds:
                await self.dispatch("GUILD_CREATE", guild)
            self.connected.set()
        elif message["op"] == RESUME:
            self.resumes.append(message["d"])
            session = self.session
            if session is None or not session.valid or session.name != message["d"]["session_id"]:
                await self._send(INVALID_SESSION, False)
                return
            for sequence, (name, data) in enumerate(session.events, start=1):
                if sequence > message["d"]["seq"]:
                    await self._send(DISPATCH, data, name, sequence)
            await self.dispatch("RESUMED", {})
            self.connected.set()

    async def dispatch(self, name, data):
        """Send an event, or keep it for the resume."""
        self.session.events.append((name, data))
        await self._send(DISPATCH, data, name, len(self.session.events))

    async def replay(self, number=1, *, shuffle=None):
        """Send the last events once more, as after a resume that asked for too much; `shuffle` in another order."""
        events = list(enumerate(self.session.events, start=1))[-number:]
        if shuffle is not None:
            # Of what it takes as new, the number may not go back, or the next resume would ask for it again.
            last = events[-1][0] if events else 0
            events = [(last, event) for _, event in shuffle.sample(events, len(events)) if event[0] != "READY"]
        for sequence, (name, data) in events:
            await self._send(DISPATCH, data, name, sequence)

    async def drop(self, *, code=4000, hold=False):
        """Cut the connection; with `hold` nobody can connect again until `accepting` is set."""
        if hold:
            self.accepting.clear()
        self.connected.clear()
        await self.socket.close(code=code)

    async def ask_to_reconnect(self):
        """Tell the bot to connect anew and resume."""
        self.connected.clear()
        await self._send(RECONNECT, None)

    async def invalidate(self):
        """Forget the session: the bot has to identify anew."""
        self.connected.clear()
        self.session.valid = False
        await self._send(INVALID_SESSION, False)

    async def _send(self, op, data, name=None, sequence=None):
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_json({"op": op, "d": data, "t": name, "s": sequence})
