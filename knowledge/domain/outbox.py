"""Messages that a face must deliver, kept until it has: nothing is lost while it is down, nothing is said twice."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from knowledge.domain.library import Noun
from knowledge.domain.networks import MAIN

MODERATORS = "moderators"
# What the kinds of messages about shared examples begin with.
ABOUT_EXAMPLES = "example."
_CHANNEL = "channel:"
# The bits of a server's id behind those that say when it was made.
_SERVER_TIME = 22
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)


def channel_recipient(channel_id: int) -> str:
    """Return the recipient of a message into a channel."""
    return f"{_CHANNEL}{channel_id}"


class Shards(Noun):
    """The servers that a process is told of by Discord, of how many parts which; alone it has all, as part 0 of 1."""

    count: int = 1
    ids: tuple[int, ...] = (0,)

    def serve(self, server_id: int) -> bool:
        """Return whether a server is in one of these parts: Discord splits them by the time at which they were made."""
        return (server_id >> _SERVER_TIME) % self.count in self.ids


class Message(Noun):
    """Something to be told.

    `key` is its identity: it is stored once, and delivered once. `None` is for what can be queued only once anyway.
    `recipient` is a member's id, `MODERATORS` or a `channel_recipient`. `kind` says which text a face makes of `data`,
    a JSON object. `not_before` is a moment (ISO 8601, UTC) until which it waits.
    """

    key: str | None = None
    recipient: str
    kind: str
    data: dict[str, Any]
    not_before: str | None = None

    @property
    def user_id(self) -> int | None:
        """Return the number by which a server knows the recipient; `None` for whom servers do not know."""
        return int(self.recipient) if self.recipient.isdecimal() else None

    @property
    def channel_id(self) -> int | None:
        """Return the channel that it goes into; `None` where it goes into none."""
        return int(self.recipient.removeprefix(_CHANNEL)) if self.recipient.startswith(_CHANNEL) else None


class QueuedMessage(Noun):
    """A message that is being delivered, by whoever holds `lease`; `attempts` counts this one."""

    id: int
    message: Message
    lease: str
    attempts: int
    network: str = MAIN

    @property
    def nonce(self) -> str:
        """Return what is the same for each attempt at this message, and for no other; at most 25 characters.

        Whoever has got it already knows by it that a second one is to be dropped.
        """
        if self.network != MAIN:  # each network counts for itself, and they may write to the same person
            return _hashed(f"{self.network}:{self.message.key or self.id}")
        return f"haln-{self.id}" if self.message.key is None else _hashed(self.message.key)

    def nonce_in(self, channel_id: int) -> str:
        """Return the nonce of one of the several channels that this message goes into."""
        own = self.nonce if self.network != MAIN else self.message.key or self.nonce
        return _hashed(f"{own}:{channel_id}")


def next_attempt(now: datetime, attempts: int) -> datetime:
    """Return when to try again after `attempts` failures: half a minute, doubled each time, an hour at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return now + min(_LONGEST_WAIT, timedelta(seconds=_FIRST_WAIT.total_seconds() * float(2**doublings)))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
