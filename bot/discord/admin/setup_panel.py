"""The panel of `/setup`: what is chosen now, and selects to change it. Each choice is kept at once."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.admin import texts
from bot.discord.runtime.components import Component, Item, button, choice
from bot.discord.runtime.markdown import cut
from bot.texts.languages import languages
from knowledge.servers.types import Forum, Server

_MOST_FORUMS = 10
_MOST_MISSING = 1500
_PLACES = [discord.ChannelType.text, discord.ChannelType.news]


def setup_panel(server: Server, forums: Sequence[Forum], missing: Sequence[str] = ()) -> ui.LayoutView:
    """The whole walk-through on one message; `missing` says what the bot may not do in the places that were chosen."""
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
    container.add_item(ui.ActionRow(button("setup_check", "", texts.SETUP_CHECK, discord.ButtonStyle.primary)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _role(action: str, placeholder: str, chosen: int | None) -> Item:
    select: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=f"haln:{action}:",
        placeholder=placeholder,
        min_values=0,
        default_values=[discord.Object(chosen, type=discord.Role)] if chosen else [],
    )
    return Component(select, action, "")


def _channels(
    action: str, placeholder: str, types: list[discord.ChannelType], chosen: Sequence[int | None], most: int = 1
) -> Item:
    select: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=f"haln:{action}:",
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
