"""The registry of all that the bot receives: its cogs, and what its buttons and forms do."""

from datetime import datetime
from typing import NamedTuple

from discord.ext import commands

from bot.discord.admin.cog import AdminCog
from bot.discord.admin.setup import SetupCog
from bot.discord.ask.answer_buttons import AnswerButtons
from bot.discord.ask.answers import AnswerCards
from bot.discord.ask.cog import AskCog
from bot.discord.ask.follow_requests import FollowRequestWatcher
from bot.discord.ask.question_edits import QuestionEdits
from bot.discord.backfill import Backfill, BackfillCog
from bot.discord.background import BackgroundCog
from bot.discord.browse.cog import BrowseCog
from bot.discord.browse.measure import MeasureCog
from bot.discord.browse.start import StartCog
from bot.discord.digest import schedule
from bot.discord.digest.cog import DigestCog
from bot.discord.digest.own import OwnDigest
from bot.discord.examples.cog import ExamplesCog
from bot.discord.examples.service import ExampleService
from bot.discord.forums.cog import ForumsCog
from bot.discord.forums.posts import ForumPosts
from bot.discord.insights.cog import InsightsCog
from bot.discord.insights.feedback import FeedbackNotices
from bot.discord.operations.health import Health
from bot.discord.peers.setup import PeersFeature
from bot.discord.privacy.cog import PrivacyCog
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import RateLimit
from bot.discord.runtime.membership import Membership
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import Lane, MessageKind, Outbox
from bot.discord.runtime.returned_text import TextReturner
from bot.discord.runtime.worker import Worker
from knowledge.dates import is_working_time
from knowledge.digest.digests import KINDS
from knowledge.digest.storage.protocols import Means


class Registry(NamedTuple):
    """The cogs, and what buttons, selects and forms do, by the names of their actions."""

    cogs: tuple[commands.Cog, ...]
    handlers: dict[str, Handler]
    forms: dict[str, FormHandler]


def assembled(
    bot: commands.Bot, worker: Worker, rate_limit: RateLimit, returner: TextReturner, membership: Membership
) -> Registry:
    """Return all features over one worker. Nothing is read, sent or started yet."""
    peers = PeersFeature(bot, worker, rate_limit, membership)
    answers = AnswerCards(worker, rate_limit, peers.match_counts)
    posts = ForumPosts(worker, peers.match_counts)
    weekly, own_digest = schedule.DigestSchedule(bot, worker), OwnDigest(bot, worker)
    outbox = Outbox(bot, worker)

    def may_send(now: datetime) -> bool:
        return is_working_time(now, worker.settings.quiet_hours)

    edits = QuestionEdits(bot, answers)
    returner.deliver_through(outbox)
    edits.deliver_through(outbox)
    follows = FollowRequestWatcher(answers)
    background = BackgroundCog(bot, worker, outbox, posts, follows, peers, FeedbackNotices(bot, worker))
    outbox.kinds[schedule.KIND] = MessageKind(weekly.message, weekly.lost, Lane.CHANNELS, may_send)
    outbox.kinds[KINDS[Means.DIRECT]] = MessageKind(own_digest.message, own_digest.lost, hours=may_send)
    browse, start, privacy = BrowseCog(worker), StartCog(worker), PrivacyCog(worker)
    admin, setup, digest = AdminCog(bot, worker), SetupCog(bot, worker), DigestCog(bot, worker, weekly, own_digest)
    forums, examples = ForumsCog(bot, worker, posts), ExamplesCog(bot, ExampleService(bot, worker), outbox, rate_limit)
    insights = InsightsCog(worker, rate_limit)
    features = (AnswerButtons(answers), browse, admin, setup, forums, privacy, digest, examples, peers, insights)
    return Registry(
        cogs=(
            AskCog(bot, answers, edits, membership),
            browse,
            MeasureCog(worker, rate_limit),
            start,
            admin,
            setup,
            forums,
            privacy,
            digest,
            examples,
            insights,
            background,
            follows,
            Health(worker, worker.metrics),
            BackfillCog(bot, worker, Backfill(bot, worker, posts)),
            *peers.cogs,
        ),
        handlers={name: handler for feature in features for name, handler in feature.handlers.items()},
        forms=start.forms | examples.forms | privacy.forms | peers.forms | digest.forms | insights.forms,
    )
