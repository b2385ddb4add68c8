"""Bootstrap intervals over queries: what a figure could have been with other queries of the same sort."""

from typing import NamedTuple

import numpy as np

RESAMPLES = 10_000
SEED = 20_240_601
_LEVEL = 95
# Resamples drawn at a time, to bound the memory.
_AT_ONCE = 500


class Interval(NamedTuple):
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


def intervals(values, resamples=RESAMPLES, seed=SEED) -> list[Interval]:
    """The mean of each column with its percentile interval; `values` has shape (queries, columns).

    All columns are resampled together: the interval of a column of differences is the paired one.
    """
    values = np.asarray(values, dtype=float)
    count = len(values)
    generator = np.random.default_rng(seed)
    means = []
    for drawn in range(0, resamples, _AT_ONCE):
        times = generator.multinomial(count, np.full(count, 1 / count), size=min(_AT_ONCE, resamples - drawn))
        means.append(times @ values / count)
    tail = (100 - _LEVEL) / 2
    low, high = np.percentile(np.concatenate(means), [tail, 100 - tail], axis=0)
    return [Interval(*map(float, row)) for row in zip(values.mean(axis=0), low, high, strict=True)]
