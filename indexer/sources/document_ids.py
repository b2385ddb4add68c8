"""Names of documents in commands and answers: by file, title, or site and place there."""

import re
from pathlib import PurePath, PurePosixPath
from urllib.parse import unquote, urlsplit

from indexer.sources.files import slug

_LONGEST = 80
_WORD = re.compile(r"[a-z]{3,}")
# What thousands of pages are called: it says nothing of this one.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "about default document error file found home homepage htm html index item main new news node not page pages "
        "pdf php post site start the title untitled us view web website welcome",
    )
)


# Names that say of a file that it is the first of its folder, and nothing else.
_FIRST = ("index", "default", "home", "readme")


def file_id(path: PurePath, title: str) -> str:
    """Return the id to suggest for a file: its name without its ending.

    The first of a folder (`index.html`) is named by its title where that tells something, else by its folder.
    """
    name = slug(path.stem)
    if name not in _FIRST:
        return name
    titled = _cut(slug(title))
    return titled if _is_telling(titled) else slug(path.parent.name or name)


def web_id(address: str, title: str | None) -> str:
    """Return the id to suggest for what a web address holds.

    Its title where that tells it from other pages; else the site and the place there (`example-org-about`), without a
    last part that every site has (`index.html`).
    """
    named = _cut(slug(title)) if title else ""
    return named if _is_telling(named) else _by_place(address)


def _is_telling(name: str) -> bool:
    return any(_WORD.search(word) and word not in _EMPTY for word in name.split("-"))


def _by_place(address: str) -> str:
    parts = urlsplit(address)
    places = [part for part in PurePosixPath(unquote(parts.path)).parts if part != "/"]
    if places:
        places[-1] = PurePosixPath(places[-1]).stem
        if places[-1].lower() in _FIRST:
            places.pop()
    site = parts.netloc.removeprefix("www.") or parts.scheme
    # What a site shows for a query is another page: `?id=7` tells it from `?id=8`.
    whole = slug(" ".join([site, *places, parts.query]))
    # Of a long path, the end tells most.
    return whole if len(whole) < _LONGEST else _cut(slug(" ".join([site, *places[-1:], parts.query])))


def _cut(name: str) -> str:
    """Cut a name to the most that an id may be, without half a word at its end."""
    return name if len(name) < _LONGEST else name.rpartition("-")[0] or name
