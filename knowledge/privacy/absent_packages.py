"""Makes large packages seem absent while others are imported that would load them without need.

spaCy's thinc imports torch, and Presidio transformers, if they are there at all. Without both, the check for personal
data is ready in a third of the time and takes half of the memory.
"""

import importlib.abc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec

UNUSED = frozenset({"torch", "transformers"})


class _Refusal(importlib.abc.MetaPathFinder):
    """Refuses packages to the thread that makes it; what other threads import meanwhile they get."""

    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages
        self._thread = threading.get_ident()

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return `None`, so that the next finder looks.

        Raises:
            ModuleNotFoundError: This thread is not to have it.
        """
        if fullname in self._packages and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not imported here", name=fullname)
        return None


@contextmanager
def absent(packages: frozenset[str] = UNUSED) -> Iterator[None]:
    """Let this thread import none of these packages that is not imported yet."""
    refusal = _Refusal(packages)
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)
