"""A learning set on a server: its thread with a poll of dates and an agenda, its day, its closing note."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot import peer_actions
from bot.discord.peers import modals, texts
from bot.discord.runtime.components import Handler, Item, button, choice, notice, page_view
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import cut, safe, safe_cut
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.outbox import Lane, MessageKind
from bot.discord.runtime.retry import lasts
from bot.discord.runtime.worker import Worker
from knowledge.dates import spoken
from knowledge.domain.members import RunningSet
from knowledge.domain.outbox import QueuedMessage
from knowledge.errors import MemberError, QuestionError
from knowledge.matching.learning_set_life import DATE, OVER, STARTED, UNDECIDED
from knowledge.matching.wording import counted

_FORM = "set_note_form"
_MOST_NOTE, _MOST_NAME, _MOST_OPTION = 2000, 90, 55
# The opening and the poll are among them, however many joined.
_FIRST_MESSAGES = 40
_log = logging.getLogger(__name__)
# https://discord.com/developers/docs/components/reference: options of a select.
_MOST_SETS = 25


def start_choice(kept: Sequence[RunningSet]) -> Item:
    """Return the select among proposed sets that starts one."""
    options = [
        discord.SelectOption(label=cut(f"{number}. {one.topic}", 100), value=one.id)
        for number, one in enumerate(kept[:_MOST_SETS], start=1)
    ]
    return choice("set_start", "", texts.SET_START, options)


class SetLife:
    """The actions of moderators and members on a learning set, and the messages that it gets."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {"set_start": self._start, "set_days": self._choose, "set_close": self._open_form}

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of its form."""
        return {_FORM: self._closed}

    @property
    def kinds(self) -> dict[str, MessageKind]:
        """Return how each kind of message is made, in its thread, or for each member where there is none."""
        return {
            STARTED: MessageKind(self._started, hours=self._worker.outside_quiet_hours),
            DATE: MessageKind(self._date, lane=Lane.PEOPLE),
            UNDECIDED: MessageKind(self._undecided, hours=self._worker.outside_quiet_hours),
            OVER: MessageKind(self._over, hours=self._worker.outside_quiet_hours),
        }

    async def look(self) -> int:
        """Fix the days that are due, with the votes of Discord's polls, and ask for closing notes; how many of both.

        What a process that did not live on has begun is brought to its end before.
        """
        for one in await self._worker.db(lambda backend: backend.peers.sets_to_open()):
            await self._go_on(one)
        fixed = 0
        for one in await self._worker.db(lambda backend: backend.peers.sets_to_fix()):
            votes = await self._votes(one)
            day = await self._worker.db(lambda backend: backend.peers.fix_day(one.id, votes))  # noqa: B023
            fixed += day is not None
        return fixed + await self._worker.db(lambda backend: backend.peers.ask_for_notes())

    async def _start(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        if not await begin(self._worker, interaction):
            return
        set_id, channel = values[0], interaction.channel
        found = await self._worker.db(lambda backend: backend.library.members.learning_set(set_id))
        if found is None or found.started_at is not None:
            raise RefusedError(texts.SET_STARTED_BEFORE)
        if not isinstance(channel, discord.TextChannel):
            raise RefusedError(texts.SET_NO_THREAD)
        mine = channel.permissions_for(channel.guild.me)
        if not (mine.create_private_threads and mine.send_messages_in_threads):
            raise RefusedError(texts.SET_NO_THREAD)
        if not mine.send_polls:
            raise RefusedError(texts.SET_NO_POLL)
        thread = await self._thread_for(found, channel)
        try:
            started = await self._worker.db(lambda backend: backend.peers.start_set(set_id, thread.id))
        except MemberError:
            await thread.delete()
            raise
        if started is None:  # somebody else was quicker
            await thread.delete()
            raise RefusedError(texts.SET_STARTED_BEFORE)
        members = await self._worker.db(lambda backend: backend.library.members.set_members(set_id))
        missing = await self._open(started, thread)
        said = texts.SET_STARTED.format(thread=thread.mention, count=counted(len(members), "member"))
        lost = f" {texts.SET_MISSING.format(count=counted(missing, 'member'))}" if missing else ""
        await interaction.edit_original_response(view=notice(said + lost))

    async def _thread_for(self, found: RunningSet, channel: discord.TextChannel) -> discord.Thread:
        """Return a thread for a set: an empty one that nobody lived on to use, or a new one."""
        name = cut(found.topic, _MOST_NAME)
        used = await self._worker.db(lambda backend: {one.thread_id for one in backend.library.members.open_sets()})
        for thread in await channel.guild.active_threads():
            ours = thread.parent_id == channel.id and thread.owner_id == channel.guild.me.id and thread.name == name
            if ours and thread.is_private() and thread.id not in used and not await self._sent(thread):
                return thread
        return await channel.create_thread(name=name, type=discord.ChannelType.private_thread, invitable=False)

    async def _go_on(self, running: RunningSet) -> None:
        """Open a set's thread whose opening was broken off. A thread that is gone is left alone."""
        try:
            thread = await self._bot.fetch_channel(running.thread_id or 0)
            if isinstance(thread, discord.Thread):
                await self._open(running, thread)
        except discord.HTTPException as error:
            # What passes is tried again at the next look.
            _log.warning("the thread of a learning set could not be opened: %s", error)

    async def _open(self, running: RunningSet, thread: discord.Thread) -> int:
        """Do what a set's thread lacks: its members, its opening, its poll; how many members could not be let in.

        Whoever is stopped between two steps can begin anew: what is there is neither sent nor made again.
        """
        members = await self._worker.db(lambda backend: backend.library.members.set_members(running.id))
        there, missing = [one for one in members if one.isdecimal()], 0
        for member_id in there:
            try:
                await thread.add_user(discord.Object(int(member_id)))
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                missing += 1
        sent = await self._sent(thread)
        if not sent:
            agenda = await self._worker.db(lambda backend: backend.peers.agenda(running))
            await thread.send(view=opening_view(running, there, agenda))
        poll = next((message for message in sent if message.poll is not None), None)
        if poll is None:
            poll = await thread.send(poll=await self._poll(running))
        poll_id = poll.id
        await self._worker.db(lambda backend: backend.peers.note_poll(running.id, poll_id))
        return missing

    async def _poll(self, running: RunningSet) -> discord.Poll:
        days = await self._worker.db(lambda backend: list(backend.library.members.days_of(running.id)))
        left = await self._worker.db(lambda backend: backend.peers.time_to_choose(running))
        poll = discord.Poll(question=texts.SET_POLL, duration=left, multiple=True)
        for day in days:
            poll.add_answer(text=cut(day_label(day), _MOST_OPTION))
        return poll

    async def _sent(self, thread: discord.Thread) -> list[discord.Message]:
        """Return what the assistant has sent into a thread, the first first."""
        me = thread.guild.me.id
        found = thread.history(limit=_FIRST_MESSAGES, oldest_first=True)
        return [one async for one in found if one.author.id == me and one.type is discord.MessageType.default]

    async def _choose(self, interaction: discord.Interaction, set_id: str, values: list[str]) -> None:
        if await begin(self._worker, interaction):
            me = str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.choose_days(me, set_id, tuple(values)))
            await interaction.edit_original_response(view=notice(texts.SET_CHOSEN))

    async def _open_form(self, interaction: discord.Interaction, set_id: str, _: list[str]) -> None:
        user_id = interaction.user.id
        typed = await self._worker.before_modal(
            self._worker.db(lambda backend: backend.servers.members.form(user_id, f"{_FORM}:{set_id}")), texts.STARTING
        )
        form = ui.Modal(title=texts.SET_NOTE_TITLE, custom_id=component_id(_FORM, set_id), timeout=None)
        before = (typed or {}).get("note", [""])[0]
        note: ui.TextInput[Any] = ui.TextInput(
            custom_id="note", style=discord.TextStyle.paragraph, max_length=_MOST_NOTE, default=before or None
        )
        form.add_item(ui.Label(text=texts.SET_NOTE, description=texts.SET_NOTE_HELP, component=note))
        await interaction.response.send_modal(form)

    async def _closed(self, interaction: discord.Interaction, set_id: str, values: dict[str, list[str]]) -> None:
        worker, me = self._worker, str(interaction.user.id)
        if not await begin(worker, interaction):
            return
        note = values.get("note", [""])[0]
        try:
            draft = await worker.db(lambda backend: peer_actions.close_set(backend, me, set_id, note), atomic=True)
        except (QuestionError, MemberError) as error:
            await modals.keep_form(worker, interaction, f"{_FORM}:{set_id}", values)
            await interaction.edit_original_response(view=modals.refused_view(str(error), "set_close", set_id))
            return
        await modals.drop_form(worker, interaction, f"{_FORM}:{set_id}")
        if draft is None:
            await interaction.edit_original_response(view=notice(texts.SET_CLOSED))
        else:
            share_it = button("example_draft", draft, texts.SHARE_EXAMPLE, discord.ButtonStyle.primary)
            await interaction.edit_original_response(view=page_view(texts.SET_CLOSED_DRAFT, share_it))

    async def _started(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return what a member is told of their set, with the days to choose among, where it has no thread."""
        running = await self._running(queued)
        if running is None:
            return None
        agenda = await self._worker.db(lambda backend: backend.peers.agenda(running))
        days = await self._worker.db(lambda backend: list(backend.library.members.days_of(running.id)))
        view = page_view(_opening(running, [], agenda))
        options = [discord.SelectOption(label=day_label(day), value=day) for day in days]
        view.add_item(ui.ActionRow(choice("set_days", running.id, texts.SET_POLL, options, most=len(options))))
        return view

    async def _date(self, queued: QueuedMessage) -> ui.LayoutView | None:
        running = await self._running(queued)
        if running is None or running.meets_on is None:
            return None
        text = texts.SET_DATE.format(topic=safe(running.topic), day=day_label(running.meets_on))
        return page_view(text, button("set_close", running.id, texts.SET_CLOSE))

    async def _undecided(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return what is said where nobody has chosen a day; nothing where one is fixed by now."""
        running = await self._running(queued)
        if running is None or running.meets_on is not None or running.closed_at is not None:
            return None
        text = texts.SET_UNDECIDED if running.thread_id is not None else texts.SET_UNDECIDED_ALONE
        return page_view(text.format(topic=safe(running.topic)), button("set_close", running.id, texts.SET_CLOSE))

    async def _over(self, queued: QueuedMessage) -> ui.LayoutView | None:
        running = await self._running(queued)
        if running is None or running.closed_at is not None:
            return None
        text = texts.SET_OVER.format(topic=safe(running.topic))
        return page_view(text, button("set_close", running.id, texts.SET_CLOSE, discord.ButtonStyle.primary))

    async def _running(self, queued: QueuedMessage) -> RunningSet | None:
        set_id = str(queued.message.data["set"])
        return await self._worker.db(lambda backend: backend.library.members.learning_set(set_id))

    async def _votes(self, one: RunningSet) -> dict[str, int]:
        """Return the votes of a set's poll, by day; none where it is gone."""
        if one.thread_id is None or one.poll_id is None:
            return {}
        try:
            message = await self._bot.get_partial_messageable(one.thread_id).fetch_message(one.poll_id)
        except discord.HTTPException as error:
            if not lasts(error):
                raise
            return {}
        days = await self._worker.db(lambda backend: list(backend.library.members.days_of(one.id)))
        counts = [answer.vote_count for answer in message.poll.answers] if message.poll is not None else []
        return dict(zip(days, counts, strict=False))


def opening_view(running: RunningSet, members: Sequence[str], agenda: Sequence[str]) -> ui.LayoutView:
    """Return the first message in a set's thread."""
    return page_view(_opening(running, members, agenda), button("set_close", running.id, texts.SET_CLOSE))


def _opening(running: RunningSet, members: Sequence[str], agenda: Sequence[str]) -> str:
    lines = [f"### {texts.SET_TITLE.format(topic=safe_cut(running.topic, 200))}"]
    lines += [" ".join(f"<@{one}>" for one in members)] if members else []
    lines += [texts.SET_ABOUT, f"**{texts.SET_AGENDA}**"]
    lines += [f"{number}. {safe(cut(line, 400))}" for number, line in enumerate(agenda, start=1)]
    return "\n".join(lines)


def day_label(day: str) -> str:
    """Return a day that a set may meet on, in words."""
    return spoken(datetime.fromisoformat(day), None)
