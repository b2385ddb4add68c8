"""The nation that a text speaks of most, by the names of nations and of their places."""

import re
from collections import Counter
from collections.abc import Iterable

from knowledge.domain.vocabulary import Nation
from knowledge.language.nations import ALL_NATIONS, read_places

# A name in the title or the first lines says more of what a document is about than one further down.
_FRONT_WEIGHT = 3
# From here on more than nine in ten are right on the starter library; a text of several nations may be of any of them.
_LEAST_NATION_SHARE = 0.8
_LEAST_SCORE = 6


class Gazetteer:
    """Finds names of nations and places in texts."""

    def __init__(self) -> None:
        self._nations = {place: nation for nation, names in read_places().items() for place in names}
        self._places = _pattern(self._nations)
        self._nation_names = {
            word: nation for nation, known in ALL_NATIONS.items() for words in known for word in words
        }
        self._nation_words = _pattern(self._nation_names)

    def nation(self, front: str, text: str) -> tuple[Nation, str] | None:
        """Return the nation that a text is about, and the names that say so; `None` when none stands out."""
        named = _count(self._nation_words, front, text)
        places = _count(self._places, front, text)
        scores: Counter[Nation] = Counter()
        for counts, nations in ((named, self._nation_names), (places, self._nations)):
            for name, score in counts.items():
                scores[nations[name]] += score
        if not scores:
            return None
        (nation, score), total = scores.most_common(1)[0], sum(scores.values())
        if score < _LEAST_SCORE or score / total < _LEAST_NATION_SHARE:
            return None
        names = [
            n for counts in (named, places) for n in counts if {**self._nation_names, **self._nations}[n] is nation
        ]
        return nation, f"it speaks of {', '.join(names[:3])}"


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for all names as whole words, the longest first: "East London" is not "London"."""
    ordered = sorted(names, key=len, reverse=True)
    return (
        re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])") if ordered else re.compile(r"(?!)")
    )


def _count(pattern: re.Pattern[str], front: str, text: str) -> Counter[str]:
    counts = Counter(pattern.findall(text))
    for name in pattern.findall(front):
        counts[name] += _FRONT_WEIGHT
    return counts
