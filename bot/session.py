"""An open library for a command, with the starter library in it, and progress on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from indexer.pipeline import Indexer
from indexer.report import Progress as Told
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


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last half minute, or nothing while there is none."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


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
def open_peers(settings: Settings) -> Iterator[Peers]:
    """The members of the data directory. The library's documents are not touched."""
    library = Library.open(settings)
    try:
        yield Peers(library)
    finally:
        library.close()


@contextmanager
def progress_bar(task: str) -> Iterator[Told]:
    """A progress bar on standard error that appears with the first report and goes when all is done.

    Nothing is drawn where standard error is no terminal: a log file has no use for it.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task_id = bar.add_task(task, total=None)
    started = False

    def told(done: int, total: int) -> None:
        nonlocal started
        if not started:
            bar.start()
            started = True
        bar.update(task_id, completed=done, total=total)

    try:
        yield told
    finally:
        if started:
            bar.stop()
