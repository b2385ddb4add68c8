"""Components of messages: buttons and selects that name an action and a key, short notices, pages to turn."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, cast
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError, report
from bot.discord.runtime.markdown import cut, fitting, safe
from bot.discord.runtime.networks import Origin, component_id, enter_from, origin_of
from knowledge.domain.visible_text import visible_text

# A custom id is `haln:ACTION:KEY` or `haln@NETWORK:ACTION:KEY`, and has at most 100 characters.
_TEMPLATE = r"haln(?:@[a-z0-9-]+)?:(?P<action>[a-z_]+):(?P<key>[\w.:-]{0,80})"
_MOST_PAGE = 3800
# https://discord.com/developers/docs/components/reference: of a button.
_LONGEST_URL, _MOST_LABEL, _IN_A_ROW = 512, 80, 5
_MOST_LINK_ROWS = 2
_WEB = ("https://", "http://")
Handler = Callable[[discord.Interaction, str, list[str]], Awaitable[None]]
Item = ui.Item[Any]
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(<([^>]*)>\)")
# A link, or an address that is shown as it is: where members join, say.
_OPENS = re.compile(rf"{_LINK.pattern}|<https?://")
_ESCAPE = re.compile(r"\\(.)")
_LEAST_ENTRY = 60
# So much of a long text stays, however many links there are beside it.
_LEAST_TEXT = 300


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
        enter_from(origin_of([interaction]) or Origin(None, None))
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
        label=plain_label(label), style=style, custom_id=component_id(action, key), disabled=disabled
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
    for option in options:
        option.label = plain_label(option.label) or option.value
        option.description = plain_label(option.description) if option.description else None
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=component_id(action, key),
        placeholder=placeholder,
        options=list(options),
        min_values=least,
        max_values=most,
    )
    return Component(select, action, key)


def plain_label(text: str) -> str:
    """Return what a button or a choice is called: on one line, with nothing hidden. Discord shows it as it is."""
    return " ".join(visible_text(text).split())


def link_rows(links: Iterable[tuple[str, str]]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return rows of buttons that lead to these titles' addresses, as many as a message has room for.

    An address that is longer than Discord takes, or no web address, is left out.
    """
    fitting = [(title, url) for title, url in links if len(url) <= _LONGEST_URL and url.startswith(_WEB)]
    buttons = [
        ui.Button[ui.LayoutView](label=cut(plain_label(title), _MOST_LABEL) or urlsplit(url).hostname, url=url)
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


def pages_of(entries: Sequence[str], most_entries: int, most_characters: int) -> list[list[str]]:
    """Return entries as pages, each of at most so many entries that have, joined by line ends, so many characters.

    An entry that alone has more is on a page by itself, as `within` makes it.
    """
    pages: list[list[str]] = [[]]
    for entry in entries:
        page = pages[-1]
        if page and (len(page) == most_entries or _length([*page, entry]) > most_characters):
            pages.append([entry])
        else:
            page.append(entry)
    return [within(page, most_characters) for page in pages]


def within(entries: Sequence[str], most: int) -> list[str]:
    """Return all entries so that, joined by line ends, they have at most so many characters.

    First long texts without a link are cut. Then the longest addresses go: the title stays, with the name of the
    website, and `left_out` says which, so that a button can lead there. Then the longest entries are cut.
    """
    shown = _plain_cut(entries, most)
    while _length(shown) > most:
        links = [(len(found[0]), place) for place, entry in enumerate(shown) if (found := _LINK.search(entry))]
        if not links:
            return _shortened(shown, most)
        place = max(links)[1]
        shown[place] = _LINK.sub(lambda found: _unlinked(found[1], found[2]), shown[place], count=1)
    return shown


def left_out(entries: Sequence[str], shown: Sequence[str]) -> list[tuple[str, str]]:
    """Return the titles and addresses of the links in entries that are not in what is shown of them."""
    kept = {url for entry in shown for _, url in _LINK.findall(entry)}
    found = dict.fromkeys((title, url) for entry in entries for title, url in _LINK.findall(entry) if url not in kept)
    return [(_ESCAPE.sub(r"\1", title), url) for title, url in found]


def _plain_cut(entries: Sequence[str], most: int) -> list[str]:
    """Return entries of which those with nothing to open, the longest first, are cut as far as there is need for it."""
    shown = list(entries)
    for place in sorted(range(len(shown)), key=lambda one: -len(shown[one])):
        over = _length(shown) - most
        if over > 0 and len(shown[place]) > _LEAST_TEXT and not _OPENS.search(shown[place]):
            shown[place] = fitting(shown[place].split("\n"), max(_LEAST_TEXT, len(shown[place]) - over))
    return shown


def _unlinked(title: str, url: str) -> str:
    host = urlsplit(url).hostname
    return f"{title} ({safe(host)})" if host else title


def _shortened(entries: list[str], most: int) -> list[str]:
    share = max(_LEAST_ENTRY, (most - len(entries)) // max(1, len(entries)))
    # Where many short ones are beside a long one, the room that they leave is its.
    spare = sum(max(0, share - len(entry)) for entry in entries)
    long = sum(len(entry) > share for entry in entries)
    return [cut(entry, share + spare // max(1, long)) for entry in entries]


def _length(entries: Sequence[str]) -> int:
    return sum(len(entry) + 1 for entry in entries) - 1
