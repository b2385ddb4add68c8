"""The daily limit of what a language model may cost: counted before a call, and set right after it."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from knowledge.answering.generation.client import MOST_TOKENS, ChatMessage
from knowledge.answering.generation.reply import Reply
from knowledge.storage.question_protocols import SpendingStore

# What a server puts around each message.
_AROUND_A_MESSAGE = 32
# English has four characters or a little more in a token; where a server does not count, rather too many than too few.
_CHARACTERS_IN_A_TOKEN = 3


class Budget:
    """Tokens for a day. `today` gives the day, in UTC, that a call belongs to."""

    def __init__(self, store: SpendingStore, limit: int, today: Callable[[], date]) -> None:
        self._store = store
        self._limit = limit
        self._today = today

    def reserve(
        self, messages: Sequence[ChatMessage], response_format: Mapping[str, object] | None = None
    ) -> "Reserved | None":
        """Count the most that a call can cost; return `None` if the day's limit does not allow it.

        A token stands for at least one byte of text. So the limit holds, whatever way a model has of cutting text into
        tokens, as long as the server keeps to the length of answer that it is asked for.
        """
        size = sum(len(message["content"].encode()) for message in messages)
        # Some servers show the form to the model.
        size += len(json.dumps(response_format)) if response_format is not None else 0
        most = size + _AROUND_A_MESSAGE * len(messages) + MOST_TOKENS
        day = self._today()
        return Reserved(self._store, day, most, messages) if self._store.reserve(day, most, self._limit) else None


class Reserved:
    """The cost counted for one call until its real cost is known."""

    def __init__(self, store: SpendingStore, day: date, tokens: int, messages: Sequence[ChatMessage]) -> None:
        self._store = store
        self._day = day
        self._tokens = tokens
        self._messages = messages

    def settle(self, reply: Reply) -> None:
        """Count what the call did cost: what the server says, else an estimate; nothing if it never began."""
        if not reply.begun:
            spent = 0
        elif reply.tokens is not None:
            spent = reply.tokens
        else:
            characters = sum(len(message["content"]) for message in self._messages) + len(reply.text)
            spent = math.ceil(characters / _CHARACTERS_IN_A_TOKEN)
        self._store.settle(self._day, self._tokens, spent)
