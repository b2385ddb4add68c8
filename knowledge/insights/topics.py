"""Groups questions that ask for much the same, by their vectors: HDBSCAN over a sample, the rest put to the nearest.

HDBSCAN compares every question with every other one, so its time grows with the square of their number. It sees at most
`SAMPLE` of them, spread evenly over the time, in the few dimensions in which they differ most: in 768 dimensions
everything is equally far away. Every other question then joins the group that it is as near to as that group's own
members are, or none.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from knowledge.language.words import is_function_word, stems, words
from knowledge.storage.arrays import Ids, Vectors

SAMPLE = 4000
# Fewer questions than this are no topic, and would say too much about who asked.
SMALLEST = 5
_DIMENSIONS = 20
_NEIGHBOURS = 3
# A topic holds at least this share of the sample: with many questions a few alike ones are nothing to report.
_LEAST_SHARE = 1 / 400
# How near to the middle of a group a question has to be to join it: as near as all but a tenth of its members.
_FARTHEST = 0.1
_MOST_WORDS = 4
_FEWEST_LETTERS = 3
NONE = -1
# Rows of the matrix that are multiplied at once, to bound the memory.
_ROWS = 4096


class Group(NamedTuple):
    """Questions of one group: their places, and the place of the one that is nearest to all others."""

    members: Ids
    typical: int


def group_questions(vectors: Vectors, smallest: int = SMALLEST) -> list[Group]:
    """Return groups of at least `smallest` rows of unit vectors, shape (n, dimension), the largest first.

    Rows that are in no group are like no others. The same rows give the same groups.
    """
    if len(vectors) < 2 * smallest:
        return []
    chosen = np.unique(np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).astype(np.int64))
    labels = np.full(len(vectors), NONE, dtype=np.int64)
    labels[chosen] = _clustered(vectors[chosen], max(smallest, round(len(chosen) * _LEAST_SHARE)))
    count = int(labels.max()) + 1
    if not count:
        return []
    middles = np.stack([_unit(vectors[labels == label].mean(axis=0)) for label in range(count)])
    nearness = [vectors[labels == label] @ middles[label] for label in range(count)]
    bounds = np.array([float(np.quantile(near, _FARTHEST)) for near in nearness])
    for start in range(0, len(vectors), _ROWS):
        part = labels[start : start + _ROWS]
        near = vectors[start : start + _ROWS] @ middles.T
        best = near.argmax(axis=1)
        joins = (part == NONE) & (near[np.arange(len(near)), best] >= bounds[best])
        part[joins] = best[joins]
    groups = [_group(vectors, np.flatnonzero(labels == label), middles[label]) for label in range(count)]
    return sorted(groups, key=lambda group: (-len(group.members), group.typical))


def alike_questions(similarities: Vectors, least: float) -> list[Group]:
    """Return groups of rows that are at least so alike to one of theirs; a row like no other is a group by itself.

    `similarities`, shape (n, n), are of each row with each. The row with most others like it comes first with those,
    then the next that is left: few questions are grouped as well as many. For some thousands at most.
    """
    near = similarities >= least
    np.fill_diagonal(near, val=True)
    left = np.ones(len(near), dtype=bool)
    found = []
    while left.any():
        counts = (near & left).sum(axis=1) * left
        typical = int(counts.argmax())
        members = np.flatnonzero(near[typical] & left)
        left[members] = False
        found.append(Group(members, typical))
    return found


def _clustered(vectors: Vectors, smallest: int) -> Ids:
    """Return the number of each row's cluster, -1 for none."""
    from sklearn.cluster import HDBSCAN  # takes a second to import

    found = HDBSCAN(
        min_cluster_size=smallest, min_samples=min(_NEIGHBOURS, smallest), cluster_selection_method="leaf", copy=True
    ).fit_predict(_reduced(vectors))
    return np.asarray(found, dtype=np.int64)


def _reduced(vectors: Vectors) -> Vectors:
    """Return rows in the dimensions in which they differ most, of unit length again."""
    apart = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(apart.T @ apart)
    reduced = apart @ directions[:, -_DIMENSIONS:]
    lengths = np.linalg.norm(reduced, axis=1, keepdims=True)
    # In double precision: HDBSCAN would make a copy of its own, and equal questions stay equal.
    return np.asarray(reduced / np.maximum(lengths, 1e-9), dtype=np.float64)


def _group(vectors: Vectors, members: Ids, middle: Vectors) -> Group:
    return Group(members, int(members[int((vectors[members] @ middle).argmax())]))


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def telling_words(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """Return the words that set each group of texts (by place) apart from the others, the most telling first.

    c-TF-IDF: a word counts by its share in the group's texts, times the logarithm of how rare it is in all groups. A
    word counts once a text, in any of its endings; the ending that is met most is shown.
    """
    counts: list[dict[str, int]] = []
    written: dict[str, dict[str, int]] = {}
    for places in groups:
        count: dict[str, int] = {}
        for place in places:
            plain = [word for word in dict.fromkeys(words(texts[place])) if _says_something(word)]
            for stem, word in dict(zip(stems(plain), plain, strict=True)).items():
                count[stem] = count.get(stem, 0) + 1
                forms = written.setdefault(stem, {})
                forms[word] = forms.get(word, 0) + 1
        counts.append(count)
    total: dict[str, int] = {}
    for count in counts:
        for stem, number in count.items():
            total[stem] = total.get(stem, 0) + number
    mean = sum(total.values()) / max(1, len(counts))
    found = []
    for count in counts:
        size = max(1, sum(count.values()))
        weight = {stem: number / size * float(np.log1p(mean / total[stem])) for stem, number in count.items()}
        # A word of a single question sets the question apart, not the group.
        best = sorted((stem for stem in weight if count[stem] > 1), key=lambda stem: (-weight[stem], stem))
        found.append(tuple(max(sorted(written[stem]), key=written[stem].__getitem__) for stem in best[:_MOST_WORDS]))
    return found


def _says_something(word: str) -> bool:
    return len(word) >= _FEWEST_LETTERS and not is_function_word(word) and not word.isdecimal()
