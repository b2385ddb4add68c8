"""How much of what a question tells stands in a text."""

from collections.abc import Mapping, Sequence

from knowledge.language.words import stems, words


def share_covered(
    asked: Mapping[str, float], text: str, same: Sequence[tuple[frozenset[str], frozenset[str]]] = ()
) -> float:
    """Return the share, 0 to 1, of the asked stems' information that a text holds.

    Of two sets of stems that are the `same` (an acronym and its long form), each stands for the other.
    """
    total = sum(asked.values())
    if total <= 0:
        return 0.0
    present = set(stems(words(text)))
    for one, other in same:
        if one <= present or other <= present:
            present |= one | other
    return sum(weight for stem, weight in asked.items() if stem in present) / total
