"""Rate limits of visitors, by their address and by their session, kept in memory."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from bot.web.errors import TooManyError
from knowledge.settings import Settings

# Whoever comes from so many addresses makes the oldest be forgotten, and no more memory be used.
_MOST_KEYS = 20_000
_HOUR, _MINUTE = 3600.0, 60.0
# A hospital's network has one address for all who work there.
_PEOPLE_BEHIND_AN_ADDRESS = 15


class Limited(StrEnum):
    """A kind of request that is counted."""

    REQUEST = "request"
    QUESTION = "question"
    ADDRESS_QUESTION = "address_question"
    SIGN_IN = "sign_in"
    ADDRESS_SIGN_IN = "address_sign_in"
    CHANGE = "change"
    MESSAGE = "message"


class Rate(NamedTuple):
    """So many at once, and as many again in each period of so many seconds."""

    most: int
    seconds: float


class RateLimits:
    """Buckets that fill again: one for each sort of thing and each visitor or address."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        questions = settings.questions_per_minute
        self._rates = {
            Limited.REQUEST: Rate(1800, _MINUTE),
            Limited.QUESTION: Rate(questions, _MINUTE),
            Limited.ADDRESS_QUESTION: Rate(questions * _PEOPLE_BEHIND_AN_ADDRESS, _MINUTE),
            Limited.SIGN_IN: Rate(5, _HOUR),
            Limited.ADDRESS_SIGN_IN: Rate(60, _HOUR),
            Limited.CHANGE: Rate(600, _MINUTE),
            Limited.MESSAGE: Rate(20, _HOUR),
        }
        self._clock = clock
        self._left: OrderedDict[tuple[Limited, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, what: Limited, key: str) -> None:
        """Count one thing of a visitor or an address.

        Raises:
            TooManyError: It is one too many; it says after how many seconds there is room again.
        """
        rate, now = self._rates[what], self._clock()
        with self._lock:
            left, since = self._left.pop((what, key), (float(rate.most), now))
            left = min(float(rate.most), left + (now - since) * rate.most / rate.seconds)
            allowed = left >= 1
            self._left[(what, key)] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST_KEYS:
                self._left.popitem(last=False)
        if not allowed:
            raise TooManyError(math.ceil((1 - left) * rate.seconds / rate.most))
