"""The accelerator that models run on beside the processor (a graphics card, say), found when it is first wanted."""

import functools
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from knowledge.models.pool import wait_passively

AUTO, PROCESSOR = "auto", "cpu"
# What NVIDIA's and AMD's drivers for Linux, and Windows' for its Linux, make: looked at before torch is imported, which
# takes seconds and where there is no such device would be for nothing.
_DRIVERS = (Path("/dev/nvidiactl"), Path("/dev/kfd"), Path("/dev/dxg"))
# What torch and what reads weights for it raise where a model cannot be run: RuntimeError when memory is full, too.
_FAILURES = (ImportError, OSError, RuntimeError, KeyError, ValueError)
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Accelerator:
    """A device that torch runs models on, if there is one. May be used from several threads.

    With "auto" it serves those who stay (a bot, a web page) and those who have much to do (an indexing run): loading it
    takes longer than the processor takes for one question. Where it is not there or fails, models run on the processor
    from then on; `problem` says why, and so does the log, once.
    """

    def __init__(self, wanted: str) -> None:
        """Look for this device when one is needed: "auto", "cpu" for none, or torch's name of it ("cuda:1", "mps")."""
        self._wanted = wanted
        self._lock = threading.Lock()
        self._looked = wanted.partition(":")[0] == PROCESSOR
        self._device: str | None = None
        self.problem: str | None = None

    @property
    def device(self) -> str | None:
        """Return torch's name of the device; with "auto" only once it has been loaded. `None` is the processor."""
        return self._device if self._looked or self._wanted == AUTO else self.load()

    @property
    def for_torch(self) -> str:
        """Return torch's name of where models run: the device, or the processor. Finds the device."""
        return self.load() or PROCESSOR

    def load(self) -> str | None:
        """Find the device now, and return its name as `device` does."""
        with self._lock:
            if not self._looked:
                wanted = "cuda" if self._wanted == AUTO else self._wanted
                if self._wanted != AUTO or has_driver():
                    problem = _problem(wanted)
                    self._device = wanted if problem is None else None
                    self._say(problem)
                self._looked = True
            return self._device

    def run(self, device: str | None, on_device: Callable[[str], _Result], otherwise: Callable[[], _Result]) -> _Result:
        """Return what the device gives; where there is none, or it fails, what the processor gives otherwise."""
        if device is None:
            return otherwise()
        try:
            return on_device(device)
        except _FAILURES as error:
            with self._lock:
                if self._device is not None:
                    self._device = None
                    self._say(_reason(error))
            return otherwise()

    def _say(self, problem: str | None) -> None:
        if problem is None:
            _log.info("models run on %s", self._device)
        else:
            self.problem = f"HALN_DEVICE={self._wanted}: models run on the processor, as the device cannot be used"
            self.problem += f" ({problem}). docs/accelerator.md says what it takes."
            _log.warning("%s", self.problem)


@functools.cache
def shared_accelerator(wanted: str) -> Accelerator:
    """Return the accelerator that all models of this process share."""
    return Accelerator(wanted)


def has_driver() -> bool:
    """Return whether this machine has the driver of a graphics card. Imports nothing."""
    return any(path.exists() for path in _DRIVERS) or shutil.which("nvidia-smi") is not None


def _problem(device: str) -> str | None:
    """Return why models cannot run on a device, or nothing."""
    wait_passively()
    try:
        import torch

        ones = torch.ones(2, 2, device=device)
        (ones @ ones).cpu().numpy()
    except Exception as error:  # noqa: BLE001 - a driver's libraries fail in ways of their own, and nothing hangs on it
        return _reason(error)
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is missing: pip install 'haln-assistant[gpu]'"
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
