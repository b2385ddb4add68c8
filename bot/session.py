"""An open library for a command, with the starter library in it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Timer
from typing import TYPE_CHECKING

from bot.progress import progress_bar
from knowledge.settings import Settings, Switch

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.matching.peers import Peers

_STARTER = "Indexing the starter library"


@contextmanager
def open_library(
    settings: Settings, *, starter: bool = True, opened: "Callable[[Settings], Library] | None" = None
) -> "Iterator[Library]":
    """The library of the data directory, with the starter library indexed (unless `starter` is false)."""
    first = starter and settings.starter_library is not Switch.OFF and not settings.database_path.exists()
    # Shown before the heavy modules are loaded: the very first question waits longest.
    with progress_bar(_STARTER, at_once=True) if first else nullcontext():
        from knowledge.library import Library

        library = (opened or Library.open)(settings)
    try:
        if starter:
            index_starter_library(library)
        yield library
    finally:
        library.close()


def index_starter_library(library: "Library") -> None:
    """Index the starter library where this release's has not been yet."""
    from indexer.pipeline import Indexer

    with progress_bar(_STARTER) as told:
        Indexer(library, told).ensure_starter_library()


@contextmanager
def patience(text: str, after: float = 1.0) -> Iterator[Timer | None]:
    """Say on standard error what takes long, once `after` seconds have passed; a file is told nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    timer = Timer(after, print, [text], {"file": sys.stderr, "flush": True})
    timer.daemon = True
    timer.start()
    try:
        yield timer
    finally:
        timer.cancel()


@contextmanager
def open_peers(settings: Settings) -> "Iterator[Peers]":
    """The members of the data directory. The library's documents are not touched."""
    from knowledge.library import Library
    from knowledge.matching.peers import Peers

    library = Library.open(settings)
    try:
        yield Peers(library)
    finally:
        library.close()
