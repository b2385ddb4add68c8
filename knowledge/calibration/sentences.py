"""Which further sentences belong in an answer: the fitted weights, and the words that an answer may take."""

import functools
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict


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
