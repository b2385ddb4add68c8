"""The whole of the peers' Discord face, put together once: cogs, handlers, forms and messages."""

from datetime import timedelta

from discord.ext import commands

from bot.discord.peers.introduction_buttons import Introducing
from bot.discord.peers.introduction_threads import Meeting
from bot.discord.peers.introductions import Standings
from bot.discord.peers.match_counts import UnderAnswers
from bot.discord.peers.matches import Matching
from bot.discord.peers.notices import MEET, Notices
from bot.discord.peers.profile import Profile
from bot.discord.peers.questions import AskingPeers
from bot.discord.peers.service import Counter
from bot.discord.peers.sets import Sets
from bot.discord.runtime.components import Handler
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import Outbox
from bot.discord.runtime.rate_limits import CoolDown
from bot.discord.runtime.worker import Desk

_FORMS_KEPT = timedelta(days=7)


class PeersFace:
    """What the client takes from here."""

    def __init__(self, bot: commands.Bot, desk: Desk, cool_down: CoolDown) -> None:
        self.counter = Counter(desk)
        self.under_answers = UnderAnswers(self.counter)
        self._desk = desk
        self._notices = Notices(self.counter)
        self._meeting = Meeting(bot, self.counter)
        profile, matching = Profile(self.counter), Matching(bot, self.counter, cool_down)
        introducing, asking = Introducing(bot, self.counter), AskingPeers(bot, self.counter)
        standings = Standings(self.counter)
        self.cogs: tuple[commands.Cog, ...] = (profile, matching, Sets(self.counter, cool_down))
        self.handlers: dict[str, Handler] = (
            profile.handlers | matching.handlers | introducing.handlers | standings.handlers | asking.handlers
        )
        self.forms: dict[str, FormHandler] = profile.forms | matching.forms | asking.forms

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox deliver the messages from here."""
        outbox.renderers |= self._notices.renderers | {MEET: self._meeting.deliver}
        outbox.lost |= self._notices.lost

    async def look(self) -> int:
        """Queue what is due, and forget forms that nobody came back to; how many messages were queued."""
        before = self._desk.now() - _FORMS_KEPT
        await self._desk.read(lambda library: library.servers.members.expire_forms(before))
        return await self._notices.look()
