"""Everything that the bot receives, put together once: its cogs, and what its buttons and forms do."""

from typing import NamedTuple

from discord.ext import commands

from bot.discord.admin.cog import Admin
from bot.discord.admin.setup import SettingUp
from bot.discord.ask.answer_buttons import AnswerPresses
from bot.discord.ask.answers import Answering
from bot.discord.ask.cog import Asking
from bot.discord.ask.follow_requests import WaitingMembers
from bot.discord.backfill import CatchingUp
from bot.discord.backfill_cog import Returning
from bot.discord.background import Upkeep
from bot.discord.browse.cog import Finding
from bot.discord.browse.start_cog import Starting
from bot.discord.digest import schedule
from bot.discord.digest.cog import Digests
from bot.discord.examples.cog import Giving
from bot.discord.examples.service import ExampleDesk
from bot.discord.forums.cog import Forums
from bot.discord.forums.posts import ForumPosts
from bot.discord.peers.setup import PeersFace
from bot.discord.privacy.cog import Privacy
from bot.discord.runtime.components import Handler
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.rate_limits import CoolDown
from bot.discord.runtime.worker import Desk


class Faces(NamedTuple):
    """The cogs, and by their names what presses and forms do."""

    cogs: tuple[commands.Cog, ...]
    handlers: dict[str, Handler]
    forms: dict[str, FormHandler]


def assembled(bot: commands.Bot, desk: Desk, cool_down: CoolDown) -> Faces:
    """All faces over one desk. Nothing is read, sent or started yet."""
    peers = PeersFace(bot, desk, cool_down)
    answering = Answering(desk, cool_down, peers.under_answers)
    posts = ForumPosts(desk, peers.under_answers)
    weekly = schedule.Rounds(bot, desk)
    upkeep = Upkeep(bot, desk, posts, WaitingMembers(answering), peers)
    upkeep.outbox.renderers[schedule.KIND] = weekly.message
    upkeep.outbox.lost[schedule.KIND] = weekly.lost
    finding, starting, privacy = Finding(desk), Starting(desk), Privacy(desk, peers.counter)
    admin, setting_up, digests = Admin(bot, desk), SettingUp(bot, desk), Digests(bot, desk, weekly)
    forums, giving = Forums(bot, desk, posts), Giving(bot, ExampleDesk(bot, desk), cool_down)
    acting = (AnswerPresses(answering), finding, admin, setting_up, forums, privacy, digests, giving, peers)
    return Faces(
        cogs=(
            Asking(bot, answering),
            finding,
            starting,
            admin,
            setting_up,
            forums,
            privacy,
            digests,
            giving,
            upkeep,
            Returning(bot, CatchingUp(bot, desk, posts)),
            *peers.cogs,
        ),
        handlers={name: handler for one in acting for name, handler in one.handlers.items()},
        forms=starting.forms | giving.forms | privacy.forms | peers.forms,
    )
