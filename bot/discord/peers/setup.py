"""The whole of the peers' Discord face, put together once: cogs, handlers, forms and messages."""

from datetime import timedelta

from discord.ext import commands

from bot.discord.peers.introduction_buttons import IntroductionButtons
from bot.discord.peers.introduction_threads import IntroductionThreads
from bot.discord.peers.introductions import IntroductionList
from bot.discord.peers.match_counts import MatchCounts
from bot.discord.peers.matches import MatchesCog
from bot.discord.peers.notices import MEET, MemberNotices
from bot.discord.peers.profile import ProfileCog
from bot.discord.peers.questions import PeerQuestionButtons
from bot.discord.peers.service import PeerService
from bot.discord.peers.sets import SetsCog
from bot.discord.runtime.components import Handler
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import Kind, Outbox
from bot.discord.runtime.rate_limits import RateLimit
from bot.discord.runtime.worker import Worker

_FORMS_KEPT = timedelta(days=7)


class PeersFeature:
    """What the client takes from here."""

    def __init__(self, bot: commands.Bot, worker: Worker, rate_limit: RateLimit) -> None:
        self.service = PeerService(worker)
        self.match_counts = MatchCounts(self.service)
        self._worker = worker
        self._notices = MemberNotices(self.service)
        self._meeting = IntroductionThreads(bot, self.service)
        profile, matching = ProfileCog(self.service), MatchesCog(bot, self.service, rate_limit)
        introducing, asking = IntroductionButtons(bot, self.service), PeerQuestionButtons(bot, self.service)
        standings = IntroductionList(self.service)
        self.cogs: tuple[commands.Cog, ...] = (profile, matching, SetsCog(self.service, rate_limit))
        self.handlers: dict[str, Handler] = (
            profile.handlers | matching.handlers | introducing.handlers | standings.handlers | asking.handlers
        )
        self.forms: dict[str, FormHandler] = profile.forms | matching.forms | asking.forms

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox deliver the messages from here."""
        # In the lane of direct messages: where there can be no thread, it ends in two of those, and they go at once.
        outbox.kinds |= self._notices.kinds | {MEET: Kind(self._meeting.deliver, self._notices.meet_by_message)}

    async def look(self) -> int:
        """Queue what is due, and forget forms that nobody came back to; how many messages were queued."""
        before = self._worker.now() - _FORMS_KEPT
        await self._worker.read(lambda library: library.servers.members.expire_forms(before))
        return await self._notices.look()
