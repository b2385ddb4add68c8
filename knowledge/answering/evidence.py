"""The evidence gate: which candidates may speak for the library, and whether they are strong enough to answer.

A candidate is eligible when its chunk speaks of everything the question names and it holds the sort of thing asked for
(a number for "how many"). Its strength is cosine + 0.6 * share of the question's informative words. On the development
questions the strongest sentence of a question outside the library's subject reaches 0.36, of one it answers never less
than 0.5; the floor lies between. The rest of the unanswerable ones are caught by names and by the sort of thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answering.candidates import Candidate
from knowledge.answering.names import Named, supports
from knowledge.types import Chunk

OVERLAP_WEIGHT = 0.6
STRENGTH_FLOOR = 0.44
# Shared words alone are no evidence: of a very short question ("what's next?") any sentence holds them all.
COSINE_FLOOR = 0.25


class Refusal(StrEnum):
    """Why the library does not support an answer."""

    NOTHING_NEAR = "nothing_near"
    NAME_MISSING = "name_missing"
    KIND_MISSING = "kind_missing"


@dataclass(frozen=True)
class Verdict:
    """Eligible candidates, strongest first, or the reason why there are none."""

    eligible: tuple[Candidate, ...]
    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()


def strength(candidate: Candidate) -> float:
    """How strongly a candidate speaks to the question; about 0 to 1.6."""
    return candidate.cosine + OVERLAP_WEIGHT * candidate.overlap


def spoken_of(chunk: Chunk) -> str:
    """Everything by which a chunk can be about a named thing."""
    return " ".join([chunk.metadata.title, chunk.metadata.organisation or "", *chunk.heading_path, chunk.text])


def judge(candidates: Sequence[Candidate], named: Sequence[Named]) -> Verdict:
    """Decide what may be used for an answer."""
    ranked = sorted(candidates, key=strength, reverse=True)
    strong = [c for c in ranked if strength(c) >= STRENGTH_FLOOR and c.cosine >= COSINE_FLOOR]
    if not strong:
        return Verdict((), Refusal.NOTHING_NEAR)
    about = {c.chunk.id: spoken_of(c.chunk) for c in strong}
    supporting = [c for c in strong if all(supports(about[c.chunk.id], name) for name in named)]
    if not supporting:
        missing = [name for name in named if not any(supports(about[c.chunk.id], name) for c in strong)]
        return Verdict((), Refusal.NAME_MISSING, tuple(name.shown for name in missing or named))
    fitting = tuple(c for c in supporting if c.fits_type)
    if not fitting:
        return Verdict((), Refusal.KIND_MISSING)
    return Verdict(fitting)
