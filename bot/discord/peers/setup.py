"""The whole of the peers' Discord face, put together once: cogs, handlers, forms and messages."""

from datetime import timedelta

from discord.ext import commands

from bot.discord.peers.coffee import CoffeeCog
from bot.discord.peers.introduction_threads import IntroductionThreads
from bot.discord.peers.introductions import IntroductionButtons, IntroductionList
from bot.discord.peers.letters import LetterForms
from bot.discord.peers.match_view import MatchCounts
from bot.discord.peers.matches import MatchesCog
from bot.discord.peers.members import Departures
from bot.discord.peers.notices import MEET, MemberNotices
from bot.discord.peers.profile import ProfileCog
from bot.discord.peers.questions import PeerQuestionButtons
from bot.discord.peers.set_life import SetLife
from bot.discord.peers.sets import SetsCog
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import RateLimit
from bot.discord.runtime.membership import Membership
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import MessageKind, Outbox
from bot.discord.runtime.worker import Worker

_FORMS_KEPT = timedelta(days=7)


class PeersFeature:
    """The parts that the client registers: cogs, handlers, forms and messages."""

    def __init__(self, bot: commands.Bot, worker: Worker, rate_limit: RateLimit, membership: Membership) -> None:
        self.match_counts = MatchCounts(worker)
        self._worker = worker
        self._notices = MemberNotices(worker)
        self._threads = IntroductionThreads(bot, worker)
        self._departures = Departures(worker, membership)
        profile, matches = ProfileCog(worker), MatchesCog(bot, worker, rate_limit, self._departures)
        introductions, own_introductions = IntroductionButtons(bot, worker), IntroductionList(worker)
        coffee, self._sets = CoffeeCog(worker), SetLife(bot, worker)
        questions, letters = PeerQuestionButtons(bot, worker), LetterForms(bot, worker, rate_limit)
        self.cogs: tuple[commands.Cog, ...] = (profile, matches, SetsCog(worker, rate_limit), coffee)
        self.handlers: dict[str, Handler] = (
            profile.handlers
            | matches.handlers
            | introductions.handlers
            | own_introductions.handlers
            | questions.handlers
            | letters.handlers
            | coffee.handlers
            | self._sets.handlers
        )
        self.forms: dict[str, FormHandler] = (
            profile.forms | matches.forms | questions.forms | letters.forms | self._sets.forms
        )

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox deliver the messages from here."""
        # In the lane of direct messages: where there can be no thread, it ends in two of those, and they go at once.
        outbox.kinds |= (
            self._sets.kinds
            | self._notices.kinds
            | {MEET: MessageKind(self._threads.deliver, self._notices.meet_by_message)}
        )
        outbox.unreachable = self._notices.pause_unreachable

    async def look(self, *, fits: bool = True) -> int:
        """Queue what is due, and forget forms that nobody came back to; how many messages were queued.

        `fits` looks for somebody for the next of those who wait, which is a search for each.
        """
        before = self._worker.now() - _FORMS_KEPT
        await self._worker.db(lambda backend: backend.servers.members.expire_forms(before))
        await self._worker.model(lambda backend: backend.peers.draw_coffee())
        # Any process says at once what its members have just done; who has left is asked about by one.
        gone = await self._departures.look() if await self._worker.claim("departures") else 0
        return await self._sets.look() + gone + await self._notices.look(fits=fits)
