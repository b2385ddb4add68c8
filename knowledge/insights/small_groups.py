"""Keeps figures about few people back, also from whoever subtracts: no group of one to four can be read off a table.

Each row of a table is a group of people, and its figures are people, each a part of the one before ("introduced",
"spoke", "changed practice"). A figure is shown where it is nobody or at least five, and where those by which it is
fewer than the one shown before it are, too. Where a total is known, what is hidden in a column could be worked out from
the rest of it: so at least two groups are hidden together, and together they are at least five.
"""

from collections.abc import Mapping, Sequence

FEWEST = 5
Shown = tuple[int | None, ...]


def is_small(number: int) -> bool:
    """Return whether a number of people is kept back: one to four."""
    return 0 < number < FEWEST


def protected(groups: Mapping[str, Sequence[int]]) -> tuple[dict[str, Shown], Shown]:
    """Return the figures of each group and their total, with `None` in the place of what is kept back.

    `groups` are rows of nested numbers of people, each no more than the one before. Everybody is in one group.
    """
    if not groups:
        return {}, ()
    columns = len(next(iter(groups.values())))
    total = [sum(row[column] for row in groups.values()) for column in range(columns)]
    shown_total = _chain(total)
    hidden = {name: [figure is None for figure in _chain(row)] for name, row in groups.items()}
    # Hiding one thing may leave another one to be worked out; each round hides more, so there is an end.
    while sum(_hide_more(groups, hidden, column) for column in range(columns)):
        for name, row in groups.items():
            again = _chain(row, hidden[name])
            hidden[name] = [figure is None for figure in again]
    rows = {
        name: tuple(None if gone else figure for figure, gone in zip(row, hidden[name], strict=True))
        for name, row in groups.items()
    }
    return rows, shown_total


def protected_overlapping(groups: Mapping[str, Sequence[int]]) -> dict[str, Shown]:
    """Return the figures of groups of which one person may be in several, so that they sum up to nothing."""
    return {name: _chain(row) for name, row in groups.items()}


def _chain(row: Sequence[int], hidden: Sequence[bool] = ()) -> Shown:
    """Return a row of which each figure shown, and the step down to it from the one shown before, is no small group."""
    shown: list[int | None] = []
    before: int | None = None
    for place, figure in enumerate(row):
        gone = bool(hidden) and hidden[place]
        if gone or is_small(figure) or (before is not None and is_small(before - figure)):
            shown.append(None)
        else:
            shown.append(figure)
            before = figure
    return tuple(shown)


def _hide_more(groups: Mapping[str, Sequence[int]], hidden: Mapping[str, list[bool]], column: int) -> bool:
    """Hide the smallest group still shown in a column where those hidden could be worked out; whether that was so.

    What is hidden is known from outside to be at least the same group's next figure shown, and at most the one before
    it: both ends have to leave enough people unknown.
    """
    gone = [name for name in groups if hidden[name][column]]
    if not gone:
        return False
    least, most = _unknown(groups, hidden, gone, column)
    if len(gone) > 1 and least >= FEWEST and most >= FEWEST:
        return False
    # Hiding nobody hides nothing: the smallest group that is one comes first.
    left = sorted(
        (name for name in groups if not hidden[name][column]),
        key=lambda name: (not groups[name][column], groups[name][column], name),
    )
    if not left:
        return False
    hidden[left[0]][column] = True
    return True


def _unknown(
    groups: Mapping[str, Sequence[int]], hidden: Mapping[str, list[bool]], gone: Sequence[str], column: int
) -> tuple[int, int]:
    """Return how many people the hidden figures of a column hold beyond what is known of them, and how many they lack.

    Both are sums that a reader who has the total can work out.
    """
    held = missing = 0
    for name in gone:
        row, shown = groups[name], [not is_hidden for is_hidden in hidden[name]]
        below = next((row[place] for place in range(column + 1, len(row)) if shown[place]), 0)
        above = next((row[place] for place in range(column - 1, -1, -1) if shown[place]), None)
        held += row[column] - below
        missing += FEWEST if above is None else above - row[column]
    return held, missing
