"""The Discord campaign: members ask, press and mention while everything between the bot and Discord goes wrong.

Connections drop and are resumed, sessions become invalid, requests are limited or fail, also after they were done, and
what Discord tells comes twice or in another order. Each thing is acted on exactly once, and whoever did it hears of it.
"""

import asyncio
import json
import random
import re
from collections import Counter

from tests.bot.wire.server import CHANNEL

_AT_ONCE = 20
_PATHS = (("POST", "/interactions/"), ("PATCH", "/webhooks/"), ("POST", "/webhooks/"), ("POST", f"/channels/{CHANNEL}"))
_QUESTION = "How many entry jobs for local residents were kept in place {}?"
_CARD = re.compile(r"haln:helpful:([\w.-]+)")
_PATIENCE = 120


class Campaign:
    """One campaign against one bot that is connected to a Discord on the loopback."""

    def __init__(self, server, seed, slowest=2.0):
        self.server, self.choose, self._slowest = server, random.Random(seed), slowest
        self.done, self.questions, self.pressed, self.unheard, self._asked = Counter(), [], [], [], {}
        self._shown, self._rounds, self._held_up = [], 0, 0.0

    async def run(self, number, say=lambda _: None):
        """So many things that members do, in rounds of some at once, each with something that goes wrong."""
        while sum(self.done[kind] for kind in ("ask", "press", "mention")) < number:
            await self._round()
            if self._rounds % 5 == 0:
                say(dict(self.done))
        await self._settled()

    async def _round(self):
        kinds = [self._fail, self._limit, self._drop, self._slow, self._again, self._reconnect, self._invalidate, None]
        wrong = kinds[self._rounds % len(kinds)]
        self._rounds += 1
        self._held_up = 0.0
        if wrong is not None:
            await wrong()
        waiting = []
        for _ in range(_AT_ONCE):
            kind = self.choose.choice(["ask", "ask", "ask", "press", "mention"])
            waiting.append(asyncio.create_task(getattr(self, f"_{kind}")()))
        await asyncio.gather(*waiting)

    async def _ask(self):
        question = _QUESTION.format(f"q{len(self.questions)}")
        self.questions.append(question)
        member = self.choose.randrange(1000, 9999)
        interaction = await self.server.ask(member, question, held_up=self.choose.uniform(0.0, self._held_up))
        self._asked[question] = interaction
        await self._heard("ask", interaction, member)

    async def _press(self):
        if not self._shown:
            return await self._ask()
        member, message = self.choose.choice(self._shown)
        card = _CARD.search(json.dumps(message))[1]
        interaction = await self.server.press(member, message, f"haln:helpful:{card}")
        self._asked[card, member] = interaction
        self.pressed.append((card, member))
        return await self._heard("press", interaction)

    async def _heard(self, kind, interaction, member=None):
        try:
            await asyncio.wait_for(interaction.done.wait(), _PATIENCE)
        except TimeoutError:
            self.unheard.append((kind, interaction.id, interaction.answered_after))
        self.done[kind] += 1
        if kind == "ask" and interaction.message and _CARD.search(json.dumps(interaction.message)):
            self._shown = [*self._shown[-50:], (member, interaction.message)]

    async def _mention(self):
        question = _QUESTION.format(f"m{len(self.questions)}")
        self.questions.append(question)
        await self.server.mention(self.choose.randrange(1000, 9999), question)
        self.done["mention"] += 1

    async def _fail(self):
        method, prefix = self.choose.choice(_PATHS)
        for _ in range(self.choose.randrange(1, 3)):
            self.server.api.fail(method, prefix, self.choose.choice([500, 502, 503, 504]))
        self.done["failures"] += 1

    async def _limit(self):
        method, prefix = self.choose.choice(_PATHS)
        self.server.api.limit(method, prefix, self.choose.uniform(0.01, 0.1), everywhere=self.choose.random() < 0.3)
        self.done["limits"] += 1

    async def _slow(self):
        """Have Discord take its time, within the three seconds that it gives the bot."""
        for method, prefix in _PATHS:
            self.server.api.delay(method, prefix, self.choose.uniform(self._slowest / 20, self._slowest))
        self._held_up = self._slowest / 2
        self.done["slow"] += 1

    async def _drop(self):
        await self.server.gateway.drop(code=self.choose.choice([4000, 1001, 1006]))
        await self._connected()
        self.done["drops"] += 1

    async def _reconnect(self):
        await self.server.gateway.ask_to_reconnect()
        await self._connected()
        self.done["reconnects"] += 1

    async def _invalidate(self):
        # It costs five seconds each: discord.py waits before it identifies anew.
        if self.choose.random() < 0.2:
            await self.server.gateway.invalidate()
            await self._connected()
            self.done["sessions"] += 1

    async def _again(self):
        await self.server.gateway.replay(self.choose.randrange(1, 12), shuffle=self.choose)
        self.done["replays"] += 1

    async def _connected(self):
        await asyncio.wait_for(self.server.gateway.connected.wait(), _PATIENCE)

    async def _settled(self):
        """Wait until nothing has been sent for a while."""
        before = -1
        while before != len(self.server.api.requests):
            before = len(self.server.api.requests)
            await asyncio.sleep(1.0)

    def faults(self, library):
        """What was not acted on exactly once, or of which nobody heard."""
        with library.questions._connections.read() as connection:
            kept = Counter(row[0] for row in connection.execute("SELECT question FROM questions"))
            votes = connection.execute("SELECT count(*) FROM feedback").fetchone()[0]
        found = [
            f"{question}: kept {kept[question]} times; shown: {self._shown_of(question)}"
            for question in self.questions
            if kept[question] != 1
        ]
        posted = Counter(re.findall(r"in place (m\d+)", json.dumps(self.server.api.messages[CHANNEL])))
        found += [f"{name}: shown {number} times" for name, number in posted.items() if number != 1]
        mentioned = {question.split()[-1].rstrip("?") for question in self.questions if " m" in question[-12:]}
        told = len(self.server.api.messages[CHANNEL])
        if told != len(mentioned):
            found.append(f"{len(mentioned)} mentions, {told} messages")
        if votes != len(set(self.pressed)):
            found.append(f"{len(set(self.pressed))} votes, {votes} kept")
            found += [line for one in set(self.pressed) if "Sorry" in (line := self._shown_of(one))]
        return found + [f"nobody heard of {one}" for one in self.unheard]

    def _shown_of(self, question):
        interaction = self._asked.get(question)
        return None if interaction is None else json.dumps([interaction.message, *interaction.followups])
