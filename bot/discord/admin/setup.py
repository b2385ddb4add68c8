"""Receives `/setup` and every choice on its panel. Each choice is kept at once."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.admin import doctor, texts
from bot.discord.runtime.components import Component, Handler, Item, button, choice
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import cut
from bot.discord.runtime.membership import Admission, guild_of_admin, membership_of
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from bot.texts.languages import languages
from knowledge.servers.types import Forum, RegisteredBy, Server

_MOST_FORUMS = 10
_MOST_MISSING = 1500
_PLACES = [discord.ChannelType.text, discord.ChannelType.news]


class SetupCog(commands.Cog):
    """The panel of `/setup`. Its last button is the check-up's."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of the panel's selects."""
        return {
            "setup_moderators": lambda i, _, values: self._choose(i, moderator_role=_first(values)),
            "setup_review": lambda i, _, values: self._choose(i, review_channel=_first(values)),
            "setup_digest": lambda i, _, values: self._choose(i, digest_channel=_first(values)),
            "setup_language": lambda i, _, values: self._choose(i, language=values[0]),
            "setup_replies": lambda i, _, values: self._switch(i, "replies", values),
            "setup_searchable": lambda i, _, values: self._switch(i, "searchable", values),
        }

    @app_commands.command(name="setup", description=texts.SETUP)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: discord.Interaction) -> None:
        """Show the panel."""
        guild = guild_of_admin(interaction)
        if await begin(self._worker, interaction, admission=Admission.ANYWHERE):
            await self._register(interaction, guild.id)
            await self._show_panel(interaction, guild)

    async def _register(self, interaction: discord.Interaction, server_id: int) -> None:
        """Register a server on which the bot's owner uses this; on others nothing is set up before it is registered."""
        if not await membership_of(interaction).registered(server_id) and await self._bot.is_owner(interaction.user):
            now = self._worker.now()
            await self._worker.db(lambda backend: backend.servers.register.add(server_id, RegisteredBy.OWNER, now))
        await membership_of(interaction).admit(server_id, interaction.user.id)

    async def _choose(self, interaction: discord.Interaction, **chosen: object) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction, update=True):
            return
        server = await self._worker.db(lambda backend: backend.servers.settings.server(guild.id))
        changed = Server.model_validate(server.model_dump() | chosen)
        await self._worker.db(lambda backend: backend.servers.settings.save_server(changed))
        if chosen.get("digest_channel") is not None:  # whoever chooses a channel for it wants it, and nothing at once
            await self._worker.db(lambda backend: backend.servers.digests.choose(guild.id, self._worker.now()))
        await self._show_panel(interaction, guild)

    async def _switch(self, interaction: discord.Interaction, name: str, values: list[str]) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction, update=True):
            return
        on = {int(value) for value in values}
        before = {forum.channel_id: forum for forum in await self._forums(guild.id)}
        for channel_id in on | before.keys():
            forum = before.get(channel_id) or Forum(channel_id=channel_id, server_id=guild.id)
            changed = forum.model_copy(update={name: channel_id in on})
            if changed != forum:
                await self._save(changed)
        await self._show_panel(interaction, guild)

    async def _save(self, forum: Forum) -> None:
        await self._worker.db(lambda backend: backend.servers.settings.save_forum(forum))
        self._bot.dispatch("forum_switched", forum)

    async def _forums(self, server_id: int) -> list[Forum]:
        return await self._worker.db(lambda backend: backend.servers.settings.forums(server_id))

    async def _show_panel(self, interaction: discord.Interaction, guild: discord.Guild) -> None:
        server = await self._worker.db(lambda backend: backend.servers.settings.server(guild.id))
        forums = await self._forums(guild.id)
        missing = doctor.missing_lines(guild, server, forums)
        exposed = doctor.exposure_lines(guild, server, public=False, offered=True)
        await interaction.edit_original_response(view=setup_panel(server, forums, missing, exposed))


def _first(values: list[str]) -> int | None:
    return int(values[0]) if values else None


def setup_panel(
    server: Server, forums: Sequence[Forum], missing: Sequence[str] = (), exposed: Sequence[str] = ()
) -> ui.LayoutView:
    """Return the whole walk-through as a message.

    `missing` says what the bot may not do in the chosen places, `exposed` what lets more people in than is meant.
    """
    replies = [forum.channel_id for forum in forums if forum.replies]
    searchable = [forum.channel_id for forum in forums if forum.searchable]
    forum_type = [discord.ChannelType.forum]
    parts: list[tuple[str, list[Item]]] = [
        (texts.SETUP_MODERATORS, [_role("setup_moderators", texts.SETUP_MODERATORS_CHOOSE, server.moderator_role)]),
        (texts.SETUP_REVIEW, [_channels("setup_review", texts.SETUP_REVIEW_CHOOSE, _PLACES, [server.review_channel])]),
        (texts.SETUP_DIGEST, [_channels("setup_digest", texts.SETUP_DIGEST_CHOOSE, _PLACES, [server.digest_channel])]),
        (
            texts.SETUP_FORUMS,
            [
                _channels("setup_replies", texts.SETUP_REPLIES_CHOOSE, forum_type, replies, _MOST_FORUMS),
                _channels("setup_searchable", texts.SETUP_SEARCHABLE_CHOOSE, forum_type, searchable, _MOST_FORUMS),
            ],
        ),
    ]
    container: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay(f"### {texts.SETUP_TITLE}\n{texts.SETUP_INTRO}")
    )
    for text, items in parts:
        container.add_item(ui.TextDisplay(text))
        for item in items:
            container.add_item(ui.ActionRow(item))
    container.add_item(ui.ActionRow(_language(server.language)))
    if missing:
        container.add_item(ui.TextDisplay(cut("\n".join([f"**{texts.SETUP_MISSING}**", *missing]), _MOST_MISSING)))
    if exposed:
        container.add_item(ui.TextDisplay(cut("\n".join([f"**{texts.DOCTOR_EXPOSED}**", *exposed]), _MOST_MISSING)))
    container.add_item(ui.ActionRow(button("setup_check", "", texts.SETUP_CHECK, discord.ButtonStyle.primary)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _role(action: str, placeholder: str, chosen: int | None) -> Item:
    select: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=component_id(action, ""),
        placeholder=placeholder,
        min_values=0,
        default_values=[discord.Object(chosen, type=discord.Role)] if chosen else [],
    )
    return Component(select, action, "")


def _channels(
    action: str, placeholder: str, types: list[discord.ChannelType], chosen: Sequence[int | None], most: int = 1
) -> Item:
    select: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=component_id(action, ""),
        placeholder=placeholder,
        channel_types=types,
        min_values=0,
        max_values=most,
        default_values=[discord.Object(channel, type=discord.abc.GuildChannel) for channel in chosen[:most] if channel],
    )
    return Component(select, action, "")


def _language(chosen: str) -> Item:
    options = [
        discord.SelectOption(label=spoken.name, value=spoken.code, default=spoken.code == chosen)
        for spoken in languages()
    ]
    return choice("setup_language", "", texts.SETUP_LANGUAGE_CHOOSE, options)
