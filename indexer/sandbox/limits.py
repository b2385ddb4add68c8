"""Limits on what reading one file may cost, and how the operating system holds a process to them."""

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# How a process ends that its own watch has found too large: seen where the system cannot hold a process to a size.
TOO_LARGE_EXIT = 77
_WATCH_SECONDS = 0.05


@dataclass(frozen=True)
class Limits:
    """The limits on reading one file.

    `seconds` are of the processor's time; `waiting_seconds` are of the clock, longer because a busy machine gives a
    process only a part of its time. `memory_bytes` come on top of what the program and its libraries take.
    """

    seconds: float = 10.0
    waiting_seconds: float = 20.0
    memory_bytes: int = 512 * 2**20
    output_bytes: int = 64 * 2**20


def hold_to(seconds: float, memory_bytes: int) -> None:
    """Hold this process to so much more time of the processor and so much more memory, and to writing no files.

    Where the system has no such limits (Windows), nothing happens: the clock of whoever started it is the only one.
    """
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limits = {
        "RLIMIT_CPU": math.ceil(usage.ru_utime + usage.ru_stime + seconds),
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,  # what a file says is written nowhere, least of all when it ends the process
    }
    if (mapped := mapped_bytes()) is not None:
        limits["RLIMIT_AS"] = mapped + memory_bytes
    for name, value in limits.items():
        limit = getattr(resource, name)
        _, hard = resource.getrlimit(limit)
        try:
            resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
        except (ValueError, OSError):
            continue  # a system that knows the limit and does not take it


def mapped_bytes() -> int | None:
    """Return how much address space this process has mapped; `None` where the system does not tell (not Linux)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int:
    """Return the most memory that this process has held so far; 0 where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class MemoryWatch:
    """Ends the process when it holds too much, for systems that do not hold a process to a size (macOS)."""

    def __init__(self, end: Callable[[int], None] = os._exit, peak: Callable[[], int] = peak_bytes) -> None:
        self._end = end
        self._peak = peak
        self._most = math.inf

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        threading.Thread(target=self._look, name="memory-watch", daemon=True).start()

    def allow(self, memory_bytes: int) -> None:
        """Allow so much more than the most that the process has held until now."""
        self._most = self._peak() + memory_bytes

    def _look(self) -> None:
        while self._peak() <= self._most:
            time.sleep(_WATCH_SECONDS)
        self._end(TOO_LARGE_EXIT)
