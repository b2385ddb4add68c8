"""Storage of members' digests, as a protocol: who wants one, when the last was begun, which addresses are off.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when it
returns. Moments are ISO 8601 in UTC (`knowledge.dates.stamp`). Of addresses that mail came back from only keyed hashes
are kept.
"""

from enum import StrEnum
from typing import Protocol

from knowledge.domain.library import Noun


class Frequency(StrEnum):
    """A member's choice of how often they get the digest."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Means(StrEnum):
    """A way in which a member gets the digest."""

    DIRECT = "direct"  # a direct message
    EMAIL = "email"


class DigestChoice(Noun):
    """A member's choice. `email` is an address that they confirmed, `None` where it is that of their account.

    `looked_at` is when the last one was begun, at first when they chose; `number` is how many were. `missed_since` is
    from when on nothing was delivered, where the last one was not.
    """

    member_id: str
    frequency: Frequency
    means: Means
    email: str | None = None
    chosen_at: str
    looked_at: str
    number: int = 0
    missed_since: str | None = None


class AddressState(Noun):
    """A hash of an address that mail came back from: how often so far, and since when nothing is sent to it."""

    address: str
    failures: int
    latest: str
    off_since: str | None = None


class DigestStore(Protocol):
    """Members' digests, and addresses that mail comes back from."""

    def hashed(self, text: str) -> str:
        """Return the text's hash with the database's key, 64 hexadecimal digits."""

    def choice(self, member_id: str) -> DigestChoice | None:
        """Return what a member chose; `None` where they want no digest."""

    def choose(self, choice: DigestChoice) -> DigestChoice:
        """Store a choice, and return it as it is then: when the last one was begun, and how many were, stays."""

    def stop(self, member_id: str) -> bool:
        """Forget a choice, with what of it waits to be sent; whether there was one."""

    def begin(
        self, means: Means, kinds: dict[Means, str], now: str, cutoffs: dict[Frequency, str], most: int = 500
    ) -> int:
        """Queue a message for each member whose last digest was begun by the cutoff, `most` at once; how many.

        What was begun and what is queued are one transaction: whatever crashes, each is queued once in its period. The
        data of a message are its `number` and `since` when it tells of what is new.
        """

    def hand_over(self, member_id: str, number: int) -> bool:
        """Note that a digest is given to the mail server now; false where that was noted before, or it was stopped."""

    def take_back(self, member_id: str, number: int) -> None:
        """Note that the mail server did not take it after all."""

    def missed(self, member_id: str, since: str) -> None:
        """Note that the one about what is new since a moment did not arrive: the next tells of it, too."""

    def address(self, address: str) -> AddressState | None:
        """Return how it stands with an address, given as its hash; `None` where no mail came back."""

    def failed(self, address: str, now: str, *, off: bool, most: int, forget_before: str) -> AddressState:
        """Note that mail came back; the address is off where `off` says so, or when that happened `most` times.

        What came back from any address before `forget_before` is forgotten.
        """

    def works(self, address: str) -> None:
        """Forget what came back from an address."""

    def export(self, member_id: str) -> dict[str, object] | None:
        """Return what is kept of a member's choice, as JSON values."""

    def forget(self, member_id: str, addresses: tuple[str, ...]) -> dict[str, int]:
        """Delete a member's choice and what is known of their addresses; how many rows of each table went."""
