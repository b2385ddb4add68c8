"""Passages as readers read them."""

from knowledge.answering.reader.scores import Passage
from knowledge.language.sentences import split_units


def passage(text, heading=""):
    """A text with the bounds of its sentences."""
    return Passage(heading, text, tuple((unit.start, unit.end) for unit in split_units(text)))


# The example of the model card.
LAUNDRY = passage(
    "The trust moved its linen service to Marsh Lane in 2021. It hired twelve apprentices from the estate. "
    "Three left because shifts clashed with the bus timetable.",
    "Marsh Lane laundry What happened",
)
