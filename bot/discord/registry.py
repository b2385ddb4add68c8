"""Everything that the bot receives, put together once: its cogs, and what its buttons and forms do."""

from typing import NamedTuple

from discord.ext import commands

from bot.discord.admin.cog import AdminCog
from bot.discord.admin.setup import SetupCog
from bot.discord.ask.answer_buttons import AnswerButtons
from bot.discord.ask.answers import AnswerCards
from bot.discord.ask.cog import AskCog
from bot.discord.ask.follow_requests import FollowRequests
from bot.discord.backfill import Backfill
from bot.discord.backfill_cog import BackfillCog
from bot.discord.background import BackgroundCog
from bot.discord.browse.cog import BrowseCog
from bot.discord.browse.start_cog import StartCog
from bot.discord.digest import schedule
from bot.discord.digest.cog import DigestCog
from bot.discord.examples.cog import ExamplesCog
from bot.discord.examples.service import ExampleService
from bot.discord.forums.cog import ForumsCog
from bot.discord.forums.posts import ForumPosts
from bot.discord.peers.setup import PeersFeature
from bot.discord.privacy.cog import PrivacyCog
from bot.discord.runtime.components import Handler
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import Kind, Lane, Outbox
from bot.discord.runtime.rate_limits import RateLimit
from bot.discord.runtime.worker import Worker


class Registry(NamedTuple):
    """The cogs, and by their names what presses and forms do."""

    cogs: tuple[commands.Cog, ...]
    handlers: dict[str, Handler]
    forms: dict[str, FormHandler]


def assembled(bot: commands.Bot, worker: Worker, rate_limit: RateLimit) -> Registry:
    """All faces over one worker. Nothing is read, sent or started yet."""
    peers = PeersFeature(bot, worker, rate_limit)
    answering = AnswerCards(worker, rate_limit, peers.match_counts)
    posts = ForumPosts(worker, peers.match_counts)
    weekly = schedule.DigestSchedule(bot, worker)
    outbox = Outbox(bot, worker)
    upkeep = BackgroundCog(bot, worker, outbox, posts, FollowRequests(answering), peers)
    outbox.kinds[schedule.KIND] = Kind(weekly.message, weekly.lost, Lane.CHANNELS)
    finding, starting, privacy = BrowseCog(worker), StartCog(worker), PrivacyCog(worker, peers.service)
    admin, setting_up, digests = AdminCog(bot, worker), SetupCog(bot, worker), DigestCog(bot, worker, weekly)
    forums, giving = ForumsCog(bot, worker, posts), ExamplesCog(bot, ExampleService(bot, worker), outbox, rate_limit)
    acting = (AnswerButtons(answering), finding, admin, setting_up, forums, privacy, digests, giving, peers)
    return Registry(
        cogs=(
            AskCog(bot, answering),
            finding,
            starting,
            admin,
            setting_up,
            forums,
            privacy,
            digests,
            giving,
            upkeep,
            BackfillCog(bot, Backfill(bot, worker, posts)),
            *peers.cogs,
        ),
        handlers={name: handler for one in acting for name, handler in one.handlers.items()},
        forms=starting.forms | giving.forms | privacy.forms | peers.forms,
    )
