"""Receives `/doctor` and `/status`, and notices what admins delete."""

import logging
from datetime import date, datetime

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.admin import doctor, texts
from bot.discord.runtime.components import Handler, page_view
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import safe
from bot.discord.runtime.membership import guild_of_admin
from bot.discord.runtime.worker import Worker
from bot.texts.sources import is_old
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library

# What is offered to whoever may manage messages, and to whom else admins choose.
MODERATORS_COMMANDS = frozenset({"insights", "queue", "sets"})
_log = logging.getLogger(__name__)


class AdminCog(commands.Cog):
    """The commands of admins, except `/setup`."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handler of the button on the panel of `/setup`."""
        return {"setup_check": lambda i, _, __: self._check_up(i)}

    @app_commands.command(name="doctor", description=texts.DOCTOR)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Check every permission."""
        await self._check_up(interaction)

    @app_commands.command(name="status", description=texts.STATUS)
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how large and fresh the library is."""
        if await begin(self._worker, interaction):
            today = self._worker.now().date()
            text = await self._worker.db(lambda backend: status_text(backend.library, today))
            await interaction.edit_original_response(view=page_view(text))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is gone."""
        server_id, channel_id = channel.guild.id, channel.id
        await self._worker.db(lambda backend: backend.servers.settings.forget_channel(server_id, channel_id))

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that is gone."""
        server_id, role_id = role.guild.id, role.id
        await self._worker.db(lambda backend: backend.servers.settings.forget_role(server_id, role_id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that removed the bot."""
        server_id = guild.id
        await self._worker.db(lambda backend: backend.servers.settings.forget_server(server_id))

    async def _check_up(self, interaction: discord.Interaction) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction):
            return
        server, forums, documents = await self._worker.db(
            lambda backend: (
                backend.servers.settings.server(guild.id),
                backend.servers.settings.forums(guild.id),
                backend.library.store.counts().documents,
            )
        )
        where = getattr(interaction.channel, "mention", None)
        text = doctor.report(
            guild,
            server,
            forums,
            (where, interaction.app_permissions) if where else None,
            application_id=interaction.application_id,
            public=await self._is_public(),
            offered=server.moderator_role is not None and await self._are_offered(guild, server.moderator_role),
            reads_messages=self._bot.intents.message_content,
            documents=documents,
        )
        await interaction.edit_original_response(view=page_view(text))

    async def _is_public(self) -> bool | None:
        """Return whether anybody may take the bot to a server of theirs; `None` where Discord does not say."""
        try:
            return (await self._bot.application_info()).bot_public
        except (discord.HTTPException, aiohttp.ClientError) as error:
            _log.warning("it could not be looked up whether anybody may invite the bot (%s)", error)
            return None

    async def _are_offered(self, guild: discord.Guild, role_id: int) -> bool:
        """Return whether admins have offered the moderators' commands to a role; in doubt they have not."""
        try:
            found = [one for one in await self._bot.tree.fetch_commands() if one.name in MODERATORS_COMMANDS]
            offered = [(await command.fetch_permissions(guild)).permissions for command in found]
        except (discord.HTTPException, aiohttp.ClientError) as error:
            if not isinstance(error, discord.NotFound):  # nobody has changed who is offered it
                _log.warning("it could not be looked up to whom commands are offered (%s)", error)
            return False
        return bool(offered) and all(any(one.id == role_id and one.permission for one in to) for to in offered)


def status_text(library: Library, today: date) -> str:
    """Return the library's size, age, last refresh and model."""
    counts, identity = library.store.counts(), library.store.identity()
    kinds = ", ".join(
        f"{number} {texts.STATUS_KINDS[Kind(kind)][number != 1]}" for kind, number in counts.by_kind.items()
    )
    lines = [
        f"### {texts.STATUS_TITLE}",
        texts.STATUS_DOCUMENTS.format(documents=counts.documents, kinds=kinds or "-"),
        texts.STATUS_PASSAGES.format(chunks=counts.chunks),
    ]
    dates = library.store.published_dates()
    if dates:
        old = sum(is_old(published, today) for published in dates)
        lines.append(texts.STATUS_AGE.format(oldest=dates[0][:4], newest=dates[-1][:4]))
        lines.append(texts.STATUS_OLD.format(old=old, dated=len(dates)))
    sources = library.store.sources.all()
    read = max((source.last_success for source in sources if source.last_success), default=None)
    # Where nothing is refreshed, the library is as fresh as its last change.
    lines.append(texts.STATUS_REFRESHED.format(moment=_moment(read or counts.last_change)))
    if read:
        lines.append(texts.STATUS_CHANGED.format(moment=_moment(counts.last_change)))
    if failing := sum(source.error is not None for source in sources):
        lines.append(texts.STATUS_TROUBLE.format(number=failing, all=len(sources)))
    lines.append(texts.STATUS_MODEL.format(model=safe(identity.model) if identity else "-"))
    return "\n".join(lines)


def _moment(moment: str | None) -> str:
    """Return a moment in the reader's own time and language, and how long ago that is."""
    if moment is None:
        return texts.STATUS_NEVER
    at = datetime.fromisoformat(moment)
    return f"{discord.utils.format_dt(at, 'f')} ({discord.utils.format_dt(at, 'R')})"
