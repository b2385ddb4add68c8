"""The thresholds on how alike two texts are, with what each was fitted on (thresholds.json).

They are stated in cosines of the model that they were fitted with; `Library.similarity` puts those of the model in use
on its scale. Those on members are compared with cosines that are seen from the middle of the topics of members' work,
which need no scale (`knowledge/matching/directory.py`).
"""

import functools
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Threshold(_Frozen):
    """A value, and what it was fitted on."""

    value: float
    fitted_on: str


class DiscussionThresholds(_Frozen):
    """Cosines of posts in a forum.

    `sure`: of a post and the nearest passage, from which help is offered. `near`: of a post and a passage whose
    document is named as well. `alike`: of two posts that are about the same.
    """

    sure: Threshold
    near: Threshold
    alike: Threshold


class ExampleThresholds(_Frozen):
    """The thresholds that decide whether one example nearly repeats another.

    `same_meaning`: the similarity of whole texts from which it does. `same_numbers`: how much numbers that tell most
    add to that. `retold_meaning`: what texts must come to that name other places and tell the same numbers.
    """

    same_meaning: Threshold
    same_numbers: Threshold
    retold_meaning: Threshold


class MatchingThresholds(_Frozen):
    """Centred cosines that decide about members; whether one fits a need is another question (`member_fit.py`).

    `no_topic`: how near a topic must be to be nearer than none. `same_person`: of two offers that are one person's,
    `same_named`: where both give the same name. `same_need`: of two needs that are one.
    """

    no_topic: Threshold
    same_person: Threshold
    same_named: Threshold
    same_need: Threshold


class StudyThresholds(_Frozen):
    """The thresholds of proposals for documents where few are labelled.

    `near_description`: the similarity of a document and a description from which it is what that says. `below_best`:
    how much less near a further pillar may be than the nearest.
    """

    near_description: Threshold
    below_best: Threshold


class InsightThresholds(_Frozen):
    """The thresholds of insights.

    `same_question`: the similarity of a question and one that a curated answer is for, from which it is given, if
    nothing else tells them apart. `in_domain`: of a question and the nearest passage, from which it is one for this
    library, whether or not that answers it.
    """

    same_question: Threshold
    in_domain: Threshold


class IndicatorThresholds(_Frozen):
    """The threshold of what others measured.

    `nearest`: of a project and the nearest passage of work that says what was measured, from which that is shown where
    nothing is nearer.
    """

    nearest: Threshold


class SimilarityThresholds(_Frozen):
    """The thresholds of each room. `fitted_with` says in which model's cosines they are stated."""

    fitted_with: str
    discussions: DiscussionThresholds
    examples: ExampleThresholds
    matching: MatchingThresholds
    study: StudyThresholds
    insights: InsightThresholds
    indicators: IndicatorThresholds

    @classmethod
    @functools.cache
    def packaged(cls) -> Self:
        """Return the thresholds that come along."""
        return cls.model_validate_json((files("knowledge.calibration") / "thresholds.json").read_text(encoding="utf-8"))
