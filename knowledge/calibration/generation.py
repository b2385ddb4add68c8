"""From what score on a passage says what a language model's sentence says, as it was fitted."""

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict


class GenerationCalibration(BaseModel):
    """The least score that a clause of a sentence must have, for each reader by its name.

    A score is the reader's logit for the passage plus that for its best sentence, with the clause as the question.
    `fitted_on` says on what and with which weights.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted_on: str
    floors: Mapping[str, float]

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the calibration that comes along."""
        return cls.model_validate_json((files("knowledge.calibration") / "generation.json").read_text(encoding="utf-8"))

    def floor(self, reader: str) -> float | None:
        """Return the least score by a reader of this name; `None` where it cannot tell what a passage says."""
        return self.floors.get(reader.partition("@")[0])
