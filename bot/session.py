"""An open library for a command, with the starter library in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.progress import progress_bar
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.settings import Settings


@contextmanager
def open_library(
    settings: Settings, *, starter: bool = True, opened: Callable[[Settings], Library] = Library.open
) -> Iterator[Library]:
    """The library of the data directory, with the starter library indexed (unless `starter` is false)."""
    library = opened(settings)
    try:
        if starter:
            index_starter_library(library)
        yield library
    finally:
        library.close()


def index_starter_library(library: Library) -> None:
    """Index the starter library where this release's has not been yet."""
    with progress_bar("Indexing the starter library") as told:
        Indexer(library, told).ensure_starter_library()


@contextmanager
def open_peers(settings: Settings) -> Iterator[Peers]:
    """The members of the data directory. The library's documents are not touched."""
    library = Library.open(settings)
    try:
        yield Peers(library)
    finally:
        library.close()
