"""Mixed-integer programs, solved by HiGHS (scipy): what is worth most of what is allowed."""

from collections.abc import Iterable

import numpy as np

# A solution so near to the best possible counts as the best.
_GAP = 0.005


class IntegerProgram:
    """A mixed-integer program as it is written down: variables with their worth, and sums that are bounded."""

    def __init__(self) -> None:
        self._worth: list[float] = []
        self._integer: list[int] = []
        self._highest: list[float] = []
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []
        self._most: list[float] = []

    def variable(self, worth: float, *, most: float = 1, integer: bool = True) -> int:
        """Return a new variable from 0 to `most`; its place."""
        self._worth.append(worth)
        self._integer.append(int(integer))
        self._highest.append(most)
        return len(self._worth) - 1

    def at_most(self, most: float, terms: Iterable[tuple[int, float]]) -> None:
        """Allow no greater sum of variables times factors."""
        for column, value in terms:
            self._rows.append(len(self._most))
            self._columns.append(column)
            self._values.append(value)
        self._most.append(most)

    def solved(self, seconds: float, gap: float = _GAP) -> tuple[list[float], bool]:
        """Return the values that are worth most, but for a part `gap` of it, and whether nothing better exists.

        There are none where none were found in time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        if not self._worth:
            return [], True
        shape = (len(self._most), len(self._worth))
        solution = milp(
            c=-np.array(self._worth),
            integrality=np.array(self._integer),
            bounds=Bounds(0, np.array(self._highest)),
            constraints=LinearConstraint(
                csr_array((self._values, (self._rows, self._columns)), shape=shape), -np.inf, np.array(self._most)
            ),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        return ([] if solution.x is None else solution.x.tolist()), bool(solution.status == 0)
