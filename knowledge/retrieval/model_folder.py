"""Finds the folders of the models of an operator's own choice on this machine and checks them. Loads nothing."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from knowledge.errors import ModelError
from knowledge.models.weights import MINILM_FP32
from knowledge.settings import Settings, Switch

MINILM_NAME = "all-MiniLM-L6-v2"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


class ModelFolder(NamedTuple):
    """A model on this machine. `name` tells it from every other: its name and the beginning of its weights' SHA-256."""

    path: Path
    name: str


def resolve_model(settings: Settings) -> ModelFolder:
    """Return the folder of the embedding model of the operator's own choice that the settings name.

    Raises:
        ModelError: It is not on this machine and may not be downloaded, or the packaged weights are altered.
    """
    wanted = settings.embedding_model
    if wanted == MINILM_NAME:
        return ModelFolder(MINILM_FP32.verified().parent, f"{MINILM_NAME}@{MINILM_FP32.digest}")
    path = locate_model("HALN_EMBEDDING_MODEL", wanted, settings)
    name = path.name if Path(wanted).expanduser().is_dir() else wanted
    return ModelFolder(path, f"{name}@{_weights_digest(path)[:12]}")


def locate_model(setting: str, wanted: str, settings: Settings) -> Path:
    """Return the folder of a model that a setting names: a folder, or a name on the hub, also as NAME@REVISION.

    Raises:
        ModelError: It is not on this machine and may not be downloaded; the message names the setting.
    """
    path = Path(wanted).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or wanted.startswith((".", "~")):
        raise ModelError(f"{setting} names the folder {wanted}, which does not exist.")
    return _from_hub(setting, wanted, download=settings.model_download is Switch.ON)


def _weights_digest(folder: Path) -> str:
    """Return SHA-256, in hex, of the weights file in the folder."""
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

    # Without a revision it is whatever its publisher has put there last: with one, these files and no others.
    repository, _, revision = name.partition("@")
    try:
        return Path(snapshot_download(repository, revision=revision or None, local_files_only=not download))
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
