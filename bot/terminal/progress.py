"""Progress of a long task, on standard error. Light to import: it is shown while the heavy modules are loaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bot.terminal.visible_output import console
from indexer.report import Progress as ProgressReport

_LOADING = "loading the language model takes a moment"


class _Rate(ProgressColumn):
    """The rate, in things a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of the last half minute, or nothing while there is none."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


@contextmanager
def progress_bar(task: str, *, at_once: bool = False) -> Iterator[ProgressReport]:
    """Show a progress bar on standard error from the first report (or `at_once`) until all is done.

    Until something is done, it says what is waited for: the first thing to be embedded waits for the model.

    Nothing is drawn where standard error is no terminal: a log file has no use for it.
    """
    shown = console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=shown,
        transient=True,
        disable=not shown.is_terminal,
    )
    task_id = bar.add_task(f"{task} ({_LOADING})", total=None)
    reports = 0

    def report(done: int, total: int) -> None:
        nonlocal reports
        bar.start()
        reports += 1
        # The first report may only say how much there is to do.
        waiting = reports == 1 and done == 0
        bar.update(
            task_id, completed=done, total=total or None, description=f"{task} ({_LOADING})" if waiting else task
        )

    try:
        if at_once:
            bar.start()
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()
