"""A model in an ONNX file, run by onnxruntime on the processor."""

import ctypes
import logging
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from knowledge.errors import ModelError
from knowledge.models.weights import Weights

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


# glibc's names for what `mallopt` sets, and what it is set to (bytes).
_M_TRIM_THRESHOLD, _TRIM_THRESHOLD = -1, 1_000_000
_M_MMAP_THRESHOLD, _MMAP_THRESHOLD = -3, 4_000_000
_log = logging.getLogger(__name__)

Array = npt.NDArray[Any]


def return_freed_memory() -> None:
    """Have glibc keep little of what is freed, from now on, and give back what it holds. Elsewhere nothing is done.

    By itself it keeps, for each thread, as much as the longest text took. With three models that was 60 MB of 306 for
    good; runs are as quick without. Loading a model leaves another 20 MB.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim"):  # musl has neither
        libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_THRESHOLD)
        libc.mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD)
        libc.malloc_trim(0)


class OnnxModel:
    """A model that is loaded when it is first run. Any number of threads may run it at once.

    Each run takes one thread, the caller's own. Give it one text at a time, and many texts to `WorkerPool.map`: on two
    processors that was 20 to 25 % faster than batches whose threads share each operation, nothing is padded, and a
    text's result never hangs on its neighbours (int8 models scale their activations by all that is in a batch).
    """

    def __init__(self, weights: Weights) -> None:
        """Run the model in this file, which is not read yet."""
        self._weights = weights
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None
        self._inputs: tuple[str, ...] = ()

    @property
    def weights(self) -> Weights:
        """Return the file that it is read from."""
        return self._weights

    def run(self, inputs: Mapping[str, Array]) -> list[Array]:
        """Return the model's outputs, in its own order. Inputs that it does not have are passed over.

        Raises:
            ModelError: The file is missing or altered, or onnxruntime cannot load it.
        """
        session = self._loaded()
        outputs: list[Array] = session.run(None, {name: inputs[name] for name in self._inputs})
        return outputs

    def load(self) -> None:
        """Load the model now, so that the first run is as quick as the next."""
        self._loaded()

    def _loaded(self) -> "InferenceSession":
        if self._session is not None:
            return self._session
        with self._lock:
            if self._session is None:
                session = _open(self._weights)
                self._inputs = tuple(model_input.name for model_input in session.get_inputs())
                self._session = session
            return self._session


def _open(weights: Weights) -> "InferenceSession":
    path = weights.verified()
    _log.info("loading the model %s", path)
    try:
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf
    except ImportError as error:
        raise ModelError(
            f"onnxruntime, which runs the models, cannot be loaded ({error}). "
            "Run: pip install --force-reinstall onnxruntime"
        ) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # The arena keeps what the longest text needed for as long as the process lives. Without it a run is as quick.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3  # errors only: they are raised as well
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf, RuntimeError) as error:
        raise ModelError(
            f"onnxruntime {onnxruntime.__version__} cannot load {path} ({str(error).splitlines()[0]}). "
            "Install the version in constraints.txt."
        ) from None
    return_freed_memory()
    return session
