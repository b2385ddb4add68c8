"""Ending when the system asks for it (SIGTERM): also as the first process of a container, and within ten seconds."""

import os
import signal
import sys
import threading
from types import FrameType

# Docker, Kubernetes and systemd give at least ten; what is written by then is on the disk, whatever else is under way.
STOP_SECONDS = 9.0
TERMINATED = 143


def end_when_asked() -> None:
    """Let SIGTERM end this process as Ctrl-C does. Without this, the first process of a container ignores it."""
    signal.signal(signal.SIGTERM, _raise)


def end_soon(status: int = TERMINATED) -> None:
    """End this process within `STOP_SECONDS`, whatever it waits for then. Nothing that was acknowledged is lost."""
    timer = threading.Timer(STOP_SECONDS, _end, [status])
    timer.daemon = True
    timer.start()


def _raise(_number: int, _frame: FrameType | None) -> None:
    end_soon()
    raise SystemExit(TERMINATED)


def _end(status: int) -> None:
    print("haln: ended before everything under way was done.", file=sys.stderr, flush=True)
    os._exit(status)
