"""The evidence gate: which candidates may speak for the library, and whether they are strong enough to answer.

A candidate is eligible when its chunk speaks of everything the question names and it holds the sort of thing asked for
(a number for "how many"). Its strength is cosine + 0.6 * share of the question's informative words, and a little more
where it is direct: it counts the very things that are counted, or says who does what is asked after. The floor is where
`haln eval calibrate` puts it on our questions and on those over published pages: lower ones answer more of what the
library does not say, higher ones refuse what it does. Unanswerable questions above the floor are caught by names, years
and the sort of thing asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answering.candidates import Candidate
from knowledge.answering.names import YEAR, Named, supports
from knowledge.types import Chunk

OVERLAP_WEIGHT = 0.6
# A sentence that counts what the question counts ("six teams" for "how many teams?"), or says who does what it asks
# after ("is run by volunteers" for "who runs it?"), says it more directly.
DIRECT_WEIGHT = 0.15


@dataclass(frozen=True)
class Thresholds:
    """Where the gate stands; `haln eval calibrate` shows what other values of `strength` would do.

    `strength`: the least that evidence may have. `cosine`: shared words alone are no evidence, of a very short question
    ("what's next?") any sentence holds them all. `name_only_cosine`: of a question whose only known words are names
    ("the weather in Leeds") any sentence about the named thing holds them all, so its meaning has to be near.
    `supported_share`: where the strongest evidence is about something other than what is named, what is about it must
    be nearly as strong, else the library says this of another place, and of the named one something else.
    """

    strength: float = 0.42
    cosine: float = 0.25
    name_only_cosine: float = 0.45
    supported_share: float = 0.75


DEFAULT = Thresholds()


class Refusal(StrEnum):
    """Why the library does not support an answer."""

    NOTHING_NEAR = "nothing_near"
    NAME_MISSING = "name_missing"
    KIND_MISSING = "kind_missing"


@dataclass(frozen=True)
class Verdict:
    """Eligible candidates, strongest first, or the reason why there are none.

    `missing` are the named things without support; `instead` is the strongest evidence, which is about something else.
    `one_of_each` has the strongest candidate about each named thing, where no chunk speaks of all of them.
    """

    eligible: tuple[Candidate, ...]
    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()
    instead: Candidate | None = None
    one_of_each: tuple[Candidate, ...] = ()


def strength(candidate: Candidate) -> float:
    """How strongly a candidate speaks to the question; about 0 to 1.75."""
    return candidate.cosine + OVERLAP_WEIGHT * candidate.overlap + DIRECT_WEIGHT * candidate.direct


def judge(
    candidates: Sequence[Candidate],
    named: Sequence[Named],
    subject: Callable[[Chunk], str],
    *,
    topic_known: bool = True,
    thresholds: Thresholds = DEFAULT,
) -> Verdict:
    """Decide what may be used for an answer.

    `subject` gives everything by which a chunk can be about a named thing. `topic_known` says whether the library has
    any of the question's words besides names (or there are none).
    """
    ranked = sorted(candidates, key=strength, reverse=True)
    floor = thresholds.cosine if topic_known else thresholds.name_only_cosine
    strong = [c for c in ranked if strength(c) >= thresholds.strength and c.cosine >= floor]
    if not strong:
        return Verdict((), Refusal.NOTHING_NEAR)
    about = {c.chunk.id: subject(c.chunk) for c in strong}
    supporting = _supporting(strong, named, about)
    if not supporting or strength(supporting[0]) < thresholds.supported_share * strength(strong[0]):
        first = about[strong[0].chunk.id]
        missing = [name for name in named if not supports(first, name)]
        return Verdict((), Refusal.NAME_MISSING, tuple(name.shown for name in missing), strong[0])
    fitting = tuple(c for c in supporting if c.fits_type)
    if not fitting:
        return Verdict((), Refusal.KIND_MISSING)
    whole = any(all(supports(about[c.chunk.id], name) for name in named) for c in fitting)
    each = [next((c for c in fitting if supports(about[c.chunk.id], name)), None) for name in named]
    return Verdict(fitting, one_of_each=() if whole else tuple(c for c in each if c is not None))


def _supporting(strong: Sequence[Candidate], named: Sequence[Named], about: Mapping[int, str]) -> list[Candidate]:
    """The candidates whose chunk speaks of everything named.

    A question about two organisations may be answered from two places: where no chunk speaks of both, those that speak
    of one will do, if each is spoken of somewhere. A year has to be in the same chunk.
    """
    years = [name for name in named if name.is_year]
    strong = [c for c in strong if not _of_other_years(c.unit.text, years)]
    whole = [c for c in strong if all(supports(about[c.chunk.id], name) for name in named)]
    others = [name for name in named if not name.is_year]
    if whole or len(others) < 2:
        return whole
    dated = [c for c in strong if all(supports(about[c.chunk.id], year) for year in years)]
    if not all(any(supports(about[c.chunk.id], name) for c in dated) for name in others):
        return []
    return [c for c in dated if any(supports(about[c.chunk.id], name) for name in others)]


def _of_other_years(text: str, years: Sequence[Named]) -> bool:
    """Whether a text gives years, and none of those that are asked for."""
    given = set(YEAR.findall(text))
    return bool(years and given) and not given & {year.keys[0] for year in years}
