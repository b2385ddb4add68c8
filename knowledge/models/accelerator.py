"""The accelerator that models run on beside the processor (a graphics card, say), found when it is first wanted."""

import functools
import logging
import shutil
import threading
from pathlib import Path

from knowledge.errors import ModelError
from knowledge.models.pool import wait_passively

AUTO, PROCESSOR = "auto", "cpu"
# What NVIDIA's and AMD's drivers for Linux, and Windows' for its Linux, make: looked at before torch is imported, which
# takes seconds and where there is no such device would be for nothing.
_DRIVERS = (Path("/dev/nvidiactl"), Path("/dev/kfd"), Path("/dev/dxg"))
_log = logging.getLogger(__name__)


class Accelerator:
    """A device that torch runs models on, if there is one. May be used from several threads.

    With "auto" it serves those who stay (a bot, a web page) and those who have much to do (an indexing run): loading it
    takes longer than the processor takes for one question. `problem` says why one that is there is not used.
    """

    def __init__(self, wanted: str) -> None:
        """Look for this device when one is needed: "auto", "cpu" for none, or torch's name of it ("cuda:1", "mps")."""
        self._wanted = wanted
        self._lock = threading.Lock()
        self._looked = wanted == PROCESSOR
        self._device: str | None = None
        self.problem: str | None = None

    @property
    def device(self) -> str | None:
        """Return torch's name of the device; with "auto" only once it has been loaded. `None` is the processor.

        Raises:
            ModelError: The device of this name is not there.
        """
        return self._device if self._looked or self._wanted == AUTO else self.load()

    def load(self) -> str | None:
        """Find the device now, and return its name as `device` does.

        Raises:
            ModelError: The device of this name is not there.
        """
        with self._lock:
            if not self._looked:
                self._device = self._found()
                self._looked = True
            return self._device

    def _found(self) -> str | None:
        if self._wanted != AUTO:
            problem = _problem(self._wanted)
            if problem is not None:
                raise ModelError(f"HALN_DEVICE={self._wanted} cannot be used: {problem} Set it to auto or cpu.")
            return self._wanted
        if not has_driver():
            return None
        self.problem = _problem("cuda")
        if self.problem is not None:
            _log.warning("There is a graphics card, but models run on the processor: %s", self.problem)
            return None
        _log.info("models run on the graphics card")
        return "cuda"


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
        import onnx  # noqa: F401 - the weights are read with it
        import torch
    except ImportError as error:
        return f"{error.name} is missing. Run: pip install 'haln-assistant[gpu]'"
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        return f"{reason.rstrip('.')} (torch {torch.__version__}; README.md says how to get a build for your card)."
    return None
