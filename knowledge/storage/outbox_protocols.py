"""The outbox of messages, as a protocol: each once, in order for each recipient, by one process at a time.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when
it returns; within a write transaction of the same thread, when that is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from knowledge.domain.outbox import Message, QueuedMessage, Shards

ALL_SHARDS = Shards()


class OutboxStore(Protocol):
    """Messages that are still to be delivered, and the keys of those that were."""

    def add(self, message: Message, now: datetime) -> bool:
        """Add a message; whether its key is new. One without a key always is."""

    def take(
        self,
        kinds: Collection[str],
        now: datetime,
        limit: int = 20,
        *,
        by_mail: bool | None = False,
        shards: Shards = ALL_SHARDS,
    ) -> list[QueuedMessage]:
        """Lease the messages of these kinds that are due, the oldest of each recipient: nobody else gets them then.

        `by_mail`: those to members who sign in by mail, else those to everybody else; `None`: to all.
        `shards`: those about a server (`server_id` in their data) only where it is among these.
        A later message never overtakes one that is due or is tried again; one that is still to wait holds up none.
        Who takes a message says `delivered` or `failed`. A lease that is not used for two minutes
        lapses, and that of a process that has ended at once.
        """

    def networks_with_due(self, networks: Sequence[str], now: datetime) -> list[str]:
        """Return those of the installation's networks in which a message is due, or may be: all, where that is unknown.

        Names are all that is read of another network than the store's own.
        """

    def delivered(self, queued: QueuedMessage, now: datetime) -> None:
        """Note that it reached its recipient, or has nothing to say any more: what it said is deleted.

        Nothing happens where somebody else has taken it meanwhile; so it is with `failed`.
        """

    def failed(self, queued: QueuedMessage, now: datetime, error: str, *, permanent: bool = False) -> None:
        """Note that it did not: it is due again at the `next_attempt`, or (`permanent`) is given up."""

    def waiting_for(self, recipient: str) -> list[Message]:
        """Return the messages to somebody that are neither delivered nor given up, oldest first."""

    def waiting(self) -> int:
        """Return how many messages are neither delivered nor given up."""

    def overdue(self, before: datetime) -> int:
        """Return how many of those were due before a moment."""
