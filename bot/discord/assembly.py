"""Everything that the bot receives, put together once: its cogs, and what its buttons and forms do."""

from typing import NamedTuple

from discord.ext import commands

from bot.discord.answering import Answering
from bot.discord.catching_up import CatchingUp
from bot.discord.cogs.admin import Admin
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.digests import Digests
from bot.discord.cogs.finding import Finding
from bot.discord.cogs.forums import Forums
from bot.discord.cogs.giving import Giving
from bot.discord.cogs.privacy import Privacy
from bot.discord.cogs.returning import Returning
from bot.discord.cogs.setting_up import SettingUp
from bot.discord.cogs.starting import Starting
from bot.discord.cogs.upkeep import Upkeep
from bot.discord.cooldown import CoolDown
from bot.discord.desk import Desk
from bot.discord.digests import rounds
from bot.discord.forms import FormHandler
from bot.discord.forum_posts import ForumPosts
from bot.discord.giving.desk import ExampleDesk
from bot.discord.peers.face import PeersFace
from bot.discord.presses import AnswerPresses
from bot.discord.ui.live import Handler
from bot.discord.waiting import WaitingMembers


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
    weekly = rounds.Rounds(bot, desk)
    upkeep = Upkeep(bot, desk, posts, WaitingMembers(answering), peers)
    upkeep.outbox.renderers[rounds.KIND] = weekly.message
    upkeep.outbox.lost[rounds.KIND] = weekly.lost
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
