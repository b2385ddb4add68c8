"""The evidence gate's weights and thresholds, as they were fitted. `haln eval calibrate` fits them anew."""

import functools
import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import SettingsError


class FittedWeight(BaseModel):
    """The weight of one signal: `weight` per `deviation` above its `mean`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float
    mean: float
    deviation: float


class GateCalibration(BaseModel):
    """A logistic regression over signals, and what its probability means.

    From `answer` on the library answers; from `closest` on the nearest passage is shown as just that; below, it is
    silent. Below `certain` a second passage is quoted beside the first, where it answers too. From `sure` on no further
    passages need to be read. Where documents are listed that have something in common, a document has its line from the
    logit `listed` of its best sentence on; `None`: always. `fitted_on` says on what and with which models.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    intercept: float
    weights: Mapping[str, FittedWeight]
    answer: float
    closest: float
    certain: float
    sure: float
    listed: float | None = None

    @classmethod
    @functools.cache
    def packaged(cls, reader: str) -> Self:
        """Return the calibration that comes along, for a reader by its name."""
        file = files("knowledge.calibration") / f"{_kind(reader)}.json"
        return cls.model_validate_json(file.read_text(encoding="utf-8"))

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return how likely it is, 0 to 1, that the library answers.

        Raises:
            KeyError: A signal that was fitted is missing.
        """
        logit = self.intercept + sum(
            fitted.weight * (signals[name] - fitted.mean) / fitted.deviation for name, fitted in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def own_gate_path(data_dir: Path, reader: str) -> Path:
    """Return where a library keeps a gate that was fitted for it (`haln eval calibrate --write`)."""
    return data_dir / f"gate-{_kind(reader)}.json"


def gate_of(data_dir: Path, reader: str) -> GateCalibration:
    """Return the gate of a library: the one fitted for it if there is one, else the one that comes along.

    Raises:
        SettingsError: The library's own cannot be read.
    """
    path = own_gate_path(data_dir, reader)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return GateCalibration.packaged(reader)
    except OSError as error:
        raise SettingsError(
            f"The calibration {path} cannot be read ({error.strerror}). Delete it, or fit it anew."
        ) from None
    try:
        return GateCalibration.model_validate_json(text)
    except ValidationError:
        raise SettingsError(
            f"The calibration {path} is damaged. Delete it, or fit it anew with `haln eval calibrate`."
        ) from None


def listed_from(reader: str) -> float | None:
    """Return from which logit on a document has its line in a list: it belongs to a reader and is not fitted anew."""
    comes_along = (files("knowledge.calibration") / f"{_kind(reader)}.json").is_file()
    return GateCalibration.packaged(reader).listed if comes_along else None


def _kind(reader: str) -> str:
    return reader.partition("@")[0]


class SentenceCalibration(BaseModel):
    """A logistic regression over what is known of a sentence beside the one that answers.

    From `show` on a sentence of the passage is shown. `fitted_on` says on what.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    intercept: float
    weights: Mapping[str, float]
    show: float

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the calibration that comes along."""
        return cls.model_validate_json((files("knowledge.calibration") / "sentences.json").read_text(encoding="utf-8"))

    def probability(self, known: Mapping[str, float]) -> float:
        """Return how likely it is, 0 to 1, that a sentence answers too or helps to understand the one that does."""
        logit = self.intercept + sum(weight * known[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
