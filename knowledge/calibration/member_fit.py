"""One logistic fit of how probably a member can help with a need, used wherever somebody is said to fit."""

import functools
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict

from knowledge.calibration.gate import FittedWeight


class MemberFit(BaseModel):
    """A logistic regression over what two models say of a need and of what a member does and offers.

    `weights` has `similarity`, the mean centred cosine of need and offer (which needs no scale: see
    `knowledge/matching/directory.py`), and `answerable`, the reader's logit for the need as question and the offer as
    passage. From the probability `fits` on, a member can probably help. `fitted_on` says on what, and `measured` what
    it comes to on withheld answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    measured: str
    intercept: float
    weights: Mapping[str, FittedWeight]
    fits: float

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the fit that comes along."""
        return cls.model_validate_json((files("knowledge.calibration") / "member_fit.json").read_text(encoding="utf-8"))

    def probability(self, similarity: float, answerable: float) -> float:
        """Return how likely it is, 0 to 1, that the member answers the need."""
        signals = {"similarity": similarity, "answerable": answerable}
        logit = self.intercept + sum(
            fitted.weight * (signals[name] - fitted.mean) / fitted.deviation for name, fitted in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def holds(self, similarity: float, answerable: float) -> bool:
        """Return whether the member can probably help."""
        return self.probability(similarity, answerable) >= self.fits
