"""The evidence gate's weights and thresholds, as they were fitted. `haln eval calibrate` fits them anew."""

import functools
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict


class FittedWeight(BaseModel):
    """What one signal counts: `weight` per `deviation` above its `mean`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float
    mean: float
    deviation: float


class GateCalibration(BaseModel):
    """A logistic regression over signals, and what its probability means.

    From `answer` on the library answers; from `closest` on the nearest passage is shown as just that; below, it is
    silent. From `sure` on no further passages need to be read. `fitted_on` says on what and with which models.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    intercept: float
    weights: Mapping[str, FittedWeight]
    answer: float
    closest: float
    sure: float

    @classmethod
    @functools.cache
    def packaged(cls, reader: str) -> Self:
        """Return the calibration that comes along, for a reader by its name."""
        name = reader.partition("@")[0]
        return cls.model_validate_json((files("knowledge.calibration") / f"{name}.json").read_text(encoding="utf-8"))

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return how likely it is, 0 to 1, that the library answers.

        Raises:
            KeyError: A signal that was fitted is missing.
        """
        logit = self.intercept + sum(
            fitted.weight * (signals[name] - fitted.mean) / fitted.deviation for name, fitted in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
