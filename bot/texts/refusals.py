"""Refusals in words, the same on every face."""

from typing import NamedTuple

from knowledge.domain.library import Answer

NO_ANSWER = "The library does not say."
NOT_DIRECTLY = "The library does not answer this directly."
CLOSEST = "Closest:"
NEAREST = "Nearest in the library"
# A reason that begins so says by itself that there is no answer.
_BY_ITSELF = "The library "


class Refusal(NamedTuple):
    """A refusal's first line: what stands out in it, and what follows, which may be empty."""

    said: str
    why: str


def refusal(answer: Answer) -> Refusal:
    """Return the first line of a refusal, which does not say twice that the library does not answer."""
    reason = answer.reason or ""
    if answer.closest:
        missing = reason if answer.missing else None
        return Refusal(" ".join(filter(None, [NOT_DIRECTLY, missing, CLOSEST])), "")
    return Refusal(reason, "") if reason.startswith(_BY_ITSELF) else Refusal(NO_ANSWER, reason)
