"""Random histories of four members over the Discord face: nothing that anybody gets to read names who may not be seen.

What is allowed is worked out here from the facts alone (who is findable, paused, blocked, gone, who asked whom), and is
held against every response, edited message, direct message, thread and file.
"""

import random
import re

import discord
import pytest

from bot.discord.peers import texts
from knowledge.domain.vocabulary import IntroductionState as State
from tests.bot.conftest import text_in
from tests.knowledge.matching.people import GARDEN, add

NAMES = ("Adaline", "Beatrix", "Cyprian", "Dorothea")
NATIONS = ("england", "scotland", "wales", "northern_ireland")
WANTS = "Opening hospital or clinic grounds to the public"
QUESTION = "Opening hospital or clinic grounds to the public?"
STEPS = 90


class World:
    """The members, everything they were shown, and the rules as members are told them."""

    def __init__(self, env, guild, channel, peers, clock, seed):
        self.env, self.channel, self.peers, self.clock = env, channel, peers, clock
        self.random = random.Random(seed)
        self.people = [guild.add_member(env.create_user(name.lower())) for name in NAMES]
        role = guild.create_role("moderators", permissions=discord.Permissions(manage_messages=True, view_channel=True))
        self.moderator = guild.add_member(env.create_user("moderator"), roles=[role])
        self.panels, self.lists, self.refusals, self.seen = {}, [], [], {}
        self.checked = self.keys = 0
        for who in self.people:
            self.join(who)

    def join(self, who):
        place = self.people.index(who)
        add(
            self.peers,
            str(who.id),
            GARDEN,
            display_name=NAMES[place],
            organisation=f"House {place}",
            nation=NATIONS[place],
            looking_for=WANTS,
        )

    # -- the rules

    def may_see(self, viewer, other):
        store, mine, theirs = self.peers.library.members, str(viewer.id), str(other.id)
        member = store.member(theirs)
        if member is None or member.paused or theirs in store.kept_apart(mine):
            return False
        introductions = store.introductions_of(mine)
        asked = any((one.seeker, one.other) == (theirs, mine) for one in introductions)
        met = any(one.state is State.ACCEPTED and theirs in (one.seeker, one.other) for one in introductions)
        questions = [store.question(route.question_id) for route in store.routes_of(mine)]
        named = any(one is not None and one.named and one.asker == theirs for one in questions)
        return member.findable or asked or met or named

    def check(self, viewer, text, what):
        for other, name in zip(self.people, NAMES, strict=True):
            if other is not viewer and (name in text or str(other.id) in text):
                self.checked += 1
                allowed = self.may_see(viewer, other) if viewer in self.people else self.open_to_all(other)
                assert allowed, f"{viewer} reads of {name} in {what}: {text}"

    def check_keys(self, parts, what):
        """No key of a button or form is made of anybody's id, whatever they show."""
        shown = [part if isinstance(part, dict) else part.to_dict() for part in parts or ()]
        for key in re.findall(r"haln:[^'\"]*", str(shown)):
            self.keys += 1
            assert not any(str(who.id) in key for who in self.people), f"{key} in {what}"

    def open_to_all(self, other):
        member = self.peers.library.members.member(str(other.id))
        return member is not None and member.findable and not member.paused

    def look(self, viewer, result):
        """What a response says, its buttons and a form's fields too."""
        for shown in [result.response, *result.followups]:
            if shown is not None:
                self.read(viewer, shown, f"{text_in(shown)} {shown.components}", "a response")
        self.check(viewer, str(result.modal), "a form")
        self.check_keys([result.modal] if result.modal else (), "a form")

    def read(self, viewer, message, text, what):
        """What somebody reads for the first time. What a message has said for long is no news."""
        self.check_keys(message.components, what)
        words = "".join(sorted(name for name in NAMES if name in text)) + text_in(message)
        if self.seen.get((viewer, message.id)) != words:
            self.seen[viewer, message.id] = words
            self.check(viewer, text, what)

    async def look_around(self):
        """Whatever has come to be in direct messages and threads since the last look."""
        await self.env.settle()
        for who in self.people:
            for message in who.user.dm_channel.history():
                text = f"{text_in(message)} {[part.to_dict() for part in message.components]}"
                self.read(who, message, text, "a direct message")
        for thread in self.channel.threads:
            for message in thread.history():
                for who in self.people:
                    if str(who.id) in text_in(message):  # the two that it was opened for
                        self.read(who, message, text_in(message), "a thread")

    # -- what members do

    async def step(self):
        who = self.random.choice(self.people)
        act = self.random.choice(
            [
                self.profile, self.profile, self.find, self.find, self.ask, self.ask, self.press, self.press,
                self.press, self.introductions, self.question, self.block, self.data, self.sets, self.wait,
                self.leave_or_join,
            ]
        )  # fmt: skip
        await act(who)
        await self.look_around()

    async def profile(self, who):
        shown = await who.slash(self.channel, "profile")
        self.look(who, shown)
        labels = (texts.BE_FOUND, texts.DO_NOT_BE_FOUND, texts.PAUSE, texts.RESUME)
        there = [label for label in labels if label in str(shown.response.components)]
        if there:
            # Mostly towards being seen, so that there is something to be seen.
            open_up = [label for label in there if label in (texts.BE_FOUND, texts.RESUME)]
            chosen = open_up if open_up and self.random.random() < 0.8 else there
            self.look(who, await who.click(shown.response, label=self.random.choice(chosen)))

    async def introductions(self, who):
        panel = await who.slash(self.channel, "profile")
        if texts.INTRODUCTIONS in str(panel.response.components):
            shown = await who.click(panel.response, label=texts.INTRODUCTIONS)
            # One's own blocks, below, are one's own.
            self.check(who, text_in(shown.response).partition(texts.YOU_BLOCKED)[0], "one's introductions")

    async def leave_or_join(self, who):
        if self.peers.library.members.member(str(who.id)) is None:
            self.join(who)
        elif self.random.random() < 0.3:
            self.peers.forget(str(who.id))

    async def find(self, who):
        options = self.random.choice([{}, {"topic": WANTS}, {"different": "nation"}])
        shown = await who.slash(self.channel, "peers", **options)
        self.look(who, shown)
        self.lists += [
            (who, shown.response, part["custom_id"])
            for row in shown.response.components
            for part in row.get("components", ())
            if part.get("label") == texts.ASK
        ]

    async def ask(self, _):
        """Press a button of some list, however old it is."""
        if self.lists:
            who, message, custom_id = self.random.choice(self.lists)
            form = await who.click(message, custom_id=custom_id)
            if form.modal:
                self.look(who, await who.submit_modal(form, {"topic": "Hello"}))

    async def press(self, who):
        """Press some button of some direct message, however old it is."""
        messages = [message for message in who.user.dm_channel.history() if message.components]
        buttons = [
            (message, button)
            for message in messages
            for row in message.components
            for button in getattr(row, "children", ())
            if getattr(button, "custom_id", None) and not button.custom_id.startswith("haln:example_draft")
        ]
        if not buttons:
            return
        message, button = self.random.choice(buttons)
        done = await who.user.click(message, custom_id=button.custom_id)
        if not done.modal:
            self.look(who, done)
        elif "reply" in done.modal["custom_id"]:
            self.look(who, await who.user.submit_modal(done, {"reply": "We did.", "share": ["yes"]}))

    async def question(self, who):
        asked = await who.slash(self.channel, "ask", question=QUESTION)
        self.look(who, asked)
        if texts.SHOW_THEM in str(asked.response.components):
            self.look(who, await who.click(asked.response, label=texts.SHOW_THEM))
        offered = await who.click(asked.response, label=texts.ASK_A_PEER)
        self.look(who, offered)
        if texts.SHOW_NAME in str(offered.response.components) and self.random.random() < 0.5:
            self.look(who, await who.click(offered.response, label=texts.SHOW_NAME))
            self.look(who, offered)

    async def block(self, who):
        other = self.random.choice([one for one in self.people if one is not who])
        if self.peers.library.members.member(str(who.id)) is None:
            return
        if self.random.random() < 0.2:
            self.peers.block(str(who.id), str(other.id))
        else:
            self.peers.unblock(str(who.id), str(other.id))

    async def data(self, who):
        shown = await who.slash(self.channel, "my-data")
        for attached in shown.response.attachments:
            text = (await attached.read()).decode()
            head, _, rest = text.partition('"blocked": [')  # one's own list is one's own
            self.check(who, head + rest.partition("]")[2], "the file of one's data")

    async def sets(self, _):
        shown = await self.moderator.slash(self.channel, "sets", size="2..4")
        self.look(self.moderator, shown)
        for attached in shown.response.attachments if shown.response else ():
            self.check(self.moderator, (await attached.read()).decode(), "the file of sets")

    async def wait(self, _):
        self.clock.pass_(days=self.random.randint(1, 12))
        await self.env.advance_time(70)


@pytest.mark.simcord(check_errors=False)
@pytest.mark.bot_settings(peer_requests=12)
@pytest.mark.parametrize("seed", range(3))
async def test_nobody_reads_of_who_may_not_be_seen(simcord_env, guild, channel, peers, clock, seed):
    world = World(simcord_env, guild, channel, peers, clock, seed)
    for _ in range(STEPS):
        await world.step()
    # Something was there to be looked at.
    assert world.checked > 12, world.checked
    assert world.keys > 100, world.keys
