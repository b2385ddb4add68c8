"""The fitted weights and threshold that say how surely a passage supports a language model's sentence."""

import functools
import math
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict


class GenerationCalibration(BaseModel):
    """A logistic regression over two scores of a sentence.

    `logit` is the weight of the reader's: the logit for the passage plus that for its best sentence, for the clause
    that has least support. `cosine` is that of the similarity to the quotes that support it. From `keep` on the
    sentence is kept. `fitted_on` says on what and with which models; `reader` is the reader whose logits these are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    reader: str
    intercept: float
    logit: float
    cosine: float
    keep: float

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the calibration that comes along."""
        return cls.model_validate_json((files("knowledge.calibration") / "generation.json").read_text(encoding="utf-8"))

    def is_for(self, reader: str) -> bool:
        """Return whether a reader of this name gives the logits that were fitted."""
        return reader.partition("@")[0] == self.reader

    def probability(self, logit: float, cosine: float) -> float:
        """Return how likely it is, 0 to 1, that the passages say what the sentence says."""
        sum_of_both = self.intercept + self.logit * logit + self.cosine * cosine
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, sum_of_both))))
