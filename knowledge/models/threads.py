"""The waiting of numerical libraries' threads."""

import os


def wait_passively() -> None:
    """Tell OpenMP that threads without work sleep, unless the operator has said otherwise.

    By default they spin for a while after each parallel section, and take the processor from those who have work. Call
    it before the first library with OpenMP (faiss, torch) is imported: it is read as such a library loads. GNU's and
    LLVM's runtimes both take their own settings (GOMP_SPINCOUNT, KMP_BLOCKTIME) as 0 from it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def available_processors() -> int:
    """Return how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
