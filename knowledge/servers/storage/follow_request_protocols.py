"""Storage of those who wait for an answer, as a protocol. All calls are synchronous and thread-safe."""

from datetime import datetime
from typing import Protocol

from knowledge.domain.outbox import Message
from knowledge.servers.types import FollowAddress, FollowRequest


class FollowRequests(Protocol):
    """Those who want to be told when the library answers their question, and the addresses of those without account."""

    def wait(self, waiting: FollowRequest, now: datetime) -> bool:
        """Remember who wants to be told; false when that was remembered before."""

    def stop_waiting(self, waiting: FollowRequest) -> bool:
        """Forget it; whether it was there."""

    def waiting(self) -> list[FollowRequest]:
        """Return everybody who waits, the longest first."""

    def waits(self, waiting: FollowRequest) -> bool:
        """Return whether somebody waits for the answer to a question."""

    def answer_waiting(self, waiting: FollowRequest, message: Message, now: datetime) -> bool:
        """Forget that they wait, and queue the message for them, in one transaction; false when they do not wait."""

    def hold(self, waiting: FollowRequest, now: datetime) -> None:
        """Keep an answer, by its own question's id, that no message could bring, for their next use."""

    def held(self, recipient: str) -> list[str]:
        """Return the ids of the questions whose answers are kept for somebody's next use, the oldest first."""

    def add_address(self, email: str, question_id: str, now: datetime, most: int) -> FollowAddress | None:
        """Return the address with its new id, or as it is known; `None` where it waits for so many already.

        One that is not confirmed may be confirmed for a day from `now` on, however often it was asked for before.
        """

    def address(self, recipient: str) -> FollowAddress | None:
        """Return the address with that id."""

    def confirm(self, recipient: str, now: datetime) -> bool:
        """Let a confirmed address wait for its answer; false where it is not known, or was asked for too long ago."""

    def forget_address(self, recipient: str) -> bool:
        """Forget an address and what it waits for; whether it was there."""

    def recipients_at(self, email: str) -> list[str]:
        """Return the ids under which an address is kept."""

    def expire(self, now: datetime) -> None:
        """Forget who waits for a question that is not kept, and addresses that wait for nothing (any more)."""
