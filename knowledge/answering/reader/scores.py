"""A reader's questions and answers: the types that the rest of answering works with."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Passage(NamedTuple):
    """A text to be read: its title and headings joined by spaces, the text, and its sentences as offsets in it."""

    heading: str
    text: str
    sentences: tuple[tuple[int, int], ...]


class PassageScores(NamedTuple):
    """A reader's judgement of one passage. All figures are logits: above 0 speaks for, below 0 against.

    `answerable`: is the answer in the passage? `sentences`: does this sentence answer?, one for each sentence of the
    passage. `spans`: the shortest answer inside each sentence as offsets in the passage's text, `None` where a
    sentence has none.
    """

    answerable: float
    sentences: tuple[float, ...]
    spans: tuple[tuple[int, int] | None, ...]


class Reader(Protocol):
    """A model that reads a question with passages."""

    @property
    def name(self) -> str:
        """Return what names the model and its weights."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order.

        Raises:
            ModelError: The weights are missing or altered.
        """
