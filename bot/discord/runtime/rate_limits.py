"""How many questions one member may ask in a minute, so that one person cannot keep all others waiting."""

import math
from collections import deque
from collections.abc import Callable

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError

_MINUTE = 60.0


class RateLimit:
    """Counts by member, in memory: after a restart everyone starts afresh."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}

    def ask(self, member_id: int) -> None:
        """Count a question.

        Raises:
            RefusedError: It is one too many; the message says when to ask again.
        """
        now = self._clock()
        self._drop_before(now - _MINUTE)
        asked = self._asked.setdefault(member_id, deque())
        if len(asked) >= self._most:
            raise RefusedError(texts.COOL_DOWN.format(seconds=max(1, math.ceil(asked[0] + _MINUTE - now))))
        asked.append(now)

    def _drop_before(self, moment: float) -> None:
        for member_id in list(self._asked):
            asked = self._asked[member_id]
            while asked and asked[0] <= moment:
                asked.popleft()
            if not asked:
                del self._asked[member_id]
