"""An open library for a command, with the starter library in it."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from threading import Timer
from typing import TYPE_CHECKING

from bot.terminal.progress import progress_bar
from knowledge.errors import HalnError
from knowledge.settings import Settings, Switch

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.matching.peers import Peers
    from knowledge.storage.library_protocols import Erasure

_log = logging.getLogger(__name__)
_STARTER = "Indexing the starter library"
# So many chunks are embedded in about a minute on two processors.
SMALL_LIBRARY = 2000


class Behind(StrEnum):
    """The first thing to do about a library that another model has embedded than the one that the settings ask for."""

    EMBED = "embed"  # embed it now where that takes a minute, else say how
    BACKGROUND = "background"  # embed it while it is in use
    LEAVE = "leave"  # somebody else does, or the command has no need of it


@contextmanager
def open_library(
    settings: Settings,
    *,
    starter: bool = True,
    behind: Behind = Behind.EMBED,
    opened: "Callable[[Settings], Library] | None" = None,
) -> "Iterator[Library]":
    """Open the library of the data directory, with the starter library indexed and its embeddings up to date.

    Without `starter`, neither is seen to.
    """
    first = starter and settings.starter_library is not Switch.OFF and settings.is_new
    # Shown before the heavy modules are loaded: the very first question waits longest.
    with progress_bar(_STARTER, at_once=True) if first else nullcontext():
        from knowledge.library import Library

        library = (opened or Library.open)(settings)
    try:
        if starter:
            _erase_what_came_back(library)
            with _up_to_date(library, behind):
                index_starter_library(library)
                yield library
        else:
            yield library
    finally:
        library.close()


def make_erasures(library: "Library", erasures: "Sequence[Erasure]") -> int:
    """Erase in a library what notes of erasures name; how many of them were still there.

    Raises:
        HalnError: One of them cannot be erased.
    """
    from indexer.pipeline import publisher
    from knowledge.backup.erasure import erase_again
    from knowledge.examples.examples import Examples
    from knowledge.matching.peers import Peers
    from knowledge.privacy.member_data import PersonalData

    examples = Examples(library, publisher(library))
    return erase_again(library, PersonalData(library, Peers(library), examples), examples, erasures)


def _erase_what_came_back(library: "Library") -> None:
    """Erase what a server's backup brought back, before anybody sees it; restoring a file does so by itself."""
    if library.settings.database_url is None:
        return
    missing, _ = library.store.unknown_erasures()
    if not missing:
        return
    try:
        _say(f"The database was restored from before {len(missing)} erasures; they are made again.")
        make_erasures(library, missing)
    except HalnError as error:  # `haln doctor` says that it is still due
        _log.error("what was erased after the backup was made could not be erased again: %s", error)


@contextmanager
def _up_to_date(library: "Library", behind: Behind) -> Iterator[None]:
    """See to the embeddings, before or while the library is in use."""
    if behind is Behind.LEAVE or not library.is_behind:
        yield
        return
    if behind is Behind.BACKGROUND:
        from bot.reembedding import BackgroundEmbedding

        embedding = BackgroundEmbedding(library, _say)
        embedding.start()
        try:
            yield
        finally:
            embedding.stop()
        return
    if (chunks := library.store.counts().chunks) < SMALL_LIBRARY:
        from indexer.embeddings import catch_up

        with progress_bar("Embedding the library with the new model") as progress:
            _say(f"Embedding the library with the new model, once: {chunks} passages.")
            catch_up(library, progress)
    else:
        _say(
            "The library is still embedded with another model, and answers with that. `haln index rebuild` embeds its "
            f"{chunks} passages with the new one, and goes on where it was interrupted."
        )
    yield


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def index_starter_library(library: "Library") -> None:
    """Index the starter library where this release's has not been yet."""
    from indexer.library import is_stored

    if is_stored(library.store):
        return
    from indexer.pipeline import Indexer  # and with it every parser

    with progress_bar(_STARTER) as progress:
        Indexer(library, progress).ensure_starter_library()


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
    """Open the members of the data directory. The library's documents are not touched."""
    from knowledge.library import Library
    from knowledge.matching.peers import Peers

    library = Library.open(settings)
    try:
        yield Peers(library)
    finally:
        library.close()
