"""Messages, and buttons and selects that work for ever: each finds its handler by name, its state in the database."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, cast
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError, report
from bot.discord.runtime.markdown import cut

# A custom id is `haln:ACTION:KEY`, and has at most 100 characters.
_TEMPLATE = r"haln:(?P<action>[a-z_]+):(?P<key>[\w.:-]{0,80})"
_MOST_PAGE = 3800
# https://discord.com/developers/docs/components/reference: of a button.
_LONGEST_URL, _MOST_LABEL, _IN_A_ROW = 512, 80, 5
_MOST_LINK_ROWS = 2
_WEB = ("https://", "http://")
Handler = Callable[[discord.Interaction, str, list[str]], Awaitable[None]]
Item = ui.Item[Any]


class Receiver(Protocol):
    """The client, as a button or select sees it."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return the handler of each action."""


class Component(ui.DynamicItem[ui.Item[Any]], template=_TEMPLATE):
    """A button or select whose custom id names an action and a key."""

    def __init__(self, item: ui.Item[Any], action: str, key: str) -> None:
        super().__init__(item)
        self.action = action
        self.key = key

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Return the item as it was pressed, whoever sent it and however long ago."""
        return cls(item, match["action"], match["key"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand over to whoever takes this action; an error becomes a reply."""
        handler = cast("Receiver", interaction.client).handlers.get(self.action)
        values = cast("dict[str, Any]", interaction.data or {}).get("values", [])
        try:
            if handler is None:
                raise RefusedError(texts.OUTDATED)
            await handler(interaction, self.key, [str(value) for value in values])
        except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would hear nothing
            await report(interaction, error)


def button(
    action: str,
    key: str,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    disabled: bool = False,
) -> Item:
    """Return a button that does `action` with `key`."""
    pressed: ui.Button[ui.LayoutView] = ui.Button(
        label=label, style=style, custom_id=f"haln:{action}:{key}", disabled=disabled
    )
    return Component(pressed, action, key)


def choice(
    action: str,
    key: str,
    placeholder: str,
    options: Sequence[discord.SelectOption],
    *,
    least: int = 1,
    most: int = 1,
) -> Item:
    """Return a select among texts."""
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"haln:{action}:{key}",
        placeholder=placeholder,
        options=list(options),
        min_values=least,
        max_values=most,
    )
    return Component(select, action, key)


def link_rows(links: Iterable[tuple[str, str]]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return rows of buttons that lead to these titles' addresses, as many as a message has room for.

    An address that is longer than Discord takes, or no web address, is left out.
    """
    fitting = [(title, url) for title, url in links if len(url) <= _LONGEST_URL and url.startswith(_WEB)]
    buttons = [
        ui.Button[ui.LayoutView](label=cut(title, _MOST_LABEL) or urlsplit(url).hostname, url=url)
        for title, url in fitting[: _IN_A_ROW * _MOST_LINK_ROWS]
    ]
    return [ui.ActionRow(*buttons[start : start + _IN_A_ROW]) for start in range(0, len(buttons), _IN_A_ROW)]


def notice(text: str) -> ui.LayoutView:
    """Return one short text as a message."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


def page_view(text: str, *buttons: Item) -> ui.LayoutView:
    """Return a text in a frame, with buttons below."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text[:_MOST_PAGE])))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view
