"""Entries with links, a message or a page of them at a time: each is shown whole, however long its address is."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.discord.runtime.markdown import cut, fitting, safe

_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(<([^>]*)>\)")
# A link, or an address that is shown as it is: where members join, say.
_OPENS = re.compile(rf"{_LINK.pattern}|<https?://")
_ESCAPE = re.compile(r"\\(.)")
_LEAST_ENTRY = 60
# So much of a long text stays, however many links there are beside it.
_LEAST_TEXT = 300


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
