"""The table in Markdown."""

from collections.abc import Iterator, Mapping

import numpy as np

from tests.benchmarks.quality.bootstrap import Interval, intervals

HEADER = ("collection", "search", "nDCG@10", "difference", "Recall@100", "difference")


def table(measured: Mapping[str, Mapping[str, np.ndarray]]) -> Iterator[str]:
    """A line for each collection and row; differences are to each collection's first row.

    `measured` has nDCG@10 and Recall@100 of every query, shape (queries, 2), by collection and row.
    """
    yield f"| {' | '.join(HEADER)} |"
    yield "|---" * len(HEADER) + "|"
    for collection, rows in measured.items():
        baseline = next(iter(rows.values()))
        # All at once: drawing the resamples is what takes time.
        found = iter(intervals(np.hstack([np.hstack([values, values - baseline]) for values in rows.values()])))
        for place, (name, figures) in enumerate(zip(rows, zip(*[found] * 4, strict=True), strict=True)):
            ndcg, recall, ndcg_change, recall_change = figures
            changes = (_change(ndcg_change), _change(recall_change)) if place else ("", "")
            cells = (collection, name, _figure(ndcg), changes[0], _figure(recall), changes[1])
            yield f"| {' | '.join(cells)} |"


def _figure(value: Interval) -> str:
    return f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]"


def _change(value: Interval) -> str:
    """A difference; bold where its interval leaves out zero."""
    text = f"{value.mean:+.3f} [{value.low:+.3f}, {value.high:+.3f}]".replace("-", "−")
    return f"**{text}**" if value.low > 0 or value.high < 0 else text
