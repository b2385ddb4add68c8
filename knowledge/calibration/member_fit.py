"""One logistic fit of how probably a member can help with a need, used wherever somebody is said to fit."""

import functools
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict

from knowledge.calibration.gate import FittedWeight


class NeedFit(BaseModel):
    """A logistic regression over what models say of a need and of what a member does and offers.

    `weights` may have `similarity`, the mean centred cosine of need and offer (which needs no scale: see
    `knowledge/matching/topics.py`), `answerable`, the reader's logit for the need as a question and the offer as a
    passage, and `topics`, how much both are about the same. From the probability `fits` on, a member can probably help.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    weights: Mapping[str, FittedWeight]
    fits: float

    def probability(self, similarity: float, answerable: float, topics: float) -> float:
        """Return how likely it is, 0 to 1, that the member answers the need."""
        signals = {"similarity": similarity, "answerable": answerable, "topics": topics}
        logit = self.intercept + sum(
            fitted.weight * (signals[name] - fitted.mean) / fitted.deviation for name, fitted in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def holds(self, similarity: float, answerable: float, topics: float) -> bool:
        """Return whether the member can probably help."""
        return self.probability(similarity, answerable, topics) >= self.fits


class MemberFit(BaseModel):
    """The fit for what a profile looks for, and the one for a question that is typed now: both are worded differently.

    `fitted_on` says on what, and `measured` what they come to on withheld answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    measured: str
    profile: NeedFit
    question: NeedFit

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the fits that come along."""
        return cls.model_validate_json((files("knowledge.calibration") / "member_fit.json").read_text(encoding="utf-8"))

    def of(self, *, typed: bool) -> NeedFit:
        """Return the fit for a need that is typed now, or for one read from a profile."""
        return self.question if typed else self.profile
