"""What is asked of storage to keep a daily limit: how many tokens a language model was given and gave, day by day.

It holds numbers only: no question, no answer, nobody's name.
"""

from datetime import date
from typing import Protocol


class SpendingStore(Protocol):
    """Tokens by day. Several processes may ask at once; the limit holds over all of them and over restarts."""

    def reserve(self, day: date, tokens: int, limit: int) -> bool:
        """Count tokens that a call is about to cost, if the day's total then stays within the limit.

        False when it would not; then nothing is counted. What is reserved stays counted until it is settled, also when
        the process ends before: a call that was begun may have been paid for.
        """

    def settle(self, day: date, reserved: int, spent: int) -> None:
        """Put what a call did cost in the place of what was reserved for it."""

    def spent(self, day: date) -> int:
        """The tokens counted on a day, those reserved included."""
