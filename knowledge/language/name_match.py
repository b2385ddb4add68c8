"""Search for a name in a text as one phrase, with what is often left out of it or stands inside."""

from collections.abc import Sequence

from knowledge.language.name_words import CONTINUING, LEFT_OUT, SILENT
from knowledge.language.words import NAME_JOINERS

# "Leeds Trust" is in "Leeds Teaching Hospitals NHS Trust": so many such words may stand inside a name.
_MOST_INSIDE = 4
_INSIDE = NAME_JOINERS | CONTINUING
# Short forms of "Foundation Trust", which texts seldom have.
_UNSAID = frozenset({SILENT, "ft"})
# The words that have to be left for the end of an organisation's name to be left out.
_FEWEST_LEFT = 2


def has_phrase(present: Sequence[str], keys: Sequence[str]) -> bool:
    """Return whether the words of a text have a name's words one after the other.

    Small words and words of organisations may stand between; the end of an organisation's name ("NHS Foundation
    Trust") may stand elsewhere. Both are as `comparable` makes them.
    """
    core = [key for key in keys if key not in _UNSAID] or list(keys)
    whole = core
    while len(core) > _FEWEST_LEFT and core[-1] in LEFT_OUT:
        core = core[:-1]
    if not set(whole[len(core) :]) <= set(present):
        return False
    return any(_same(core[0], word) and _goes_on(present[place + 1 :], core[1:]) for place, word in enumerate(present))


def has_initials(present: Sequence[str], acronym: str) -> bool:
    """Return whether consecutive words begin with an acronym's letters: "long term workforce plan" for LTWP."""
    return acronym in "".join(word[0] for word in present)


def _goes_on(following: Sequence[str], keys: Sequence[str]) -> bool:
    place, inside = 0, 0
    for key in keys:
        while place < len(following) and not _same(key, following[place]):
            if following[place] not in _INSIDE or inside == _MOST_INSIDE:
                return False
            place, inside = place + 1, inside + 1
        if place == len(following):
            return False
        place += 1
    return True


def _same(key: str, word: str) -> bool:
    """Return whether a word is a key, one "hospital" or several, or what a place was cut short of (Lancs, Notts)."""
    if key == word or (key in CONTINUING and key.rstrip("s") == word.rstrip("s")):
        return True
    return len(key) > 4 and key.endswith("s") and word.startswith(key[:-1])
