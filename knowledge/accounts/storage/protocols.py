"""Storage for sign-in, as a protocol: accounts, links that are good once, and who is signed in.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when it
returns. Moments are ISO 8601 in UTC (`knowledge.dates.stamp`); of secrets only keyed hashes are kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from knowledge.domain.library import Noun


class Account(Noun):
    """A member who signs in on the web page: by mail, by Discord (then their id is Discord's), or by both."""

    member_id: str
    email: str | None
    created_at: str
    seen_at: str


class Session(NamedTuple):
    """Somebody who is signed in. `by_discord`: Discord said who they are; else a mailed link did.

    `moderates_until` is the moment until which Discord's word for their being a moderator is taken.
    """

    account: Account
    by_discord: bool
    moderates_until: str | None


class Link(NamedTuple):
    """A link that was mailed; `member_id` is who wants to join the address to their account."""

    email: str
    member_id: str | None


class AccountStore(Protocol):
    """Accounts, links and sessions. What has expired is good for nothing, and is deleted with the next write."""

    def hashed(self, text: str) -> str:
        """Return the text's hash with the database's key, 64 hexadecimal digits."""

    def add_link(self, token: str, email: str, now: str, until: str, most: int, member_id: str | None = None) -> bool:
        """Keep a link, unless that address has `most` that are still good; whether it was kept."""

    def link(self, token: str, now: str) -> Link | None:
        """Return a link that has not expired, without using it."""

    def use_link(self, token: str, now: str) -> Link | None:
        """Take a link away, whoever else asks at once; `None` where there is none or it has expired."""

    def account_for(self, email: str, member_id: str, now: str) -> Account:
        """Return the account of an address, made under that id where there is none."""

    def account_of_discord(self, member_id: str, now: str) -> Account:
        """Return the account of one of Discord's ids, made where there is none."""

    def account(self, member_id: str) -> Account | None:
        """Return the account of a member."""

    def account_with(self, email: str) -> Account | None:
        """Return the account of an address."""

    def set_email(self, member_id: str, email: str | None) -> None:
        """Give an account an address, in the place of the one before; `None` takes it away."""

    def join(self, former_id: str, member_id: str) -> None:
        """Give everything of one account to another, which has the former one's address from then on.

        Where both have something of which there can be one only, such as a profile, the other's stays. Nothing holds
        the former id then but `former_ids`.
        """

    def former_ids(self, member_id: str) -> Sequence[str]:
        """Return what accounts that were joined to this one were called before."""

    def joined_to(self, former_id: str) -> str | None:
        """Return whose an account is by now that was joined to another; `None` where it was not."""

    def add_session(
        self, visitor: str, member_id: str, now: str, until: str, *, by_discord: bool, moderates_until: str | None
    ) -> None:
        """Note who a visitor is."""

    def session(self, visitor: str, now: str) -> Session | None:
        """Return who a visitor is."""

    def end_session(self, visitor: str) -> None:
        """Forget who a visitor is."""

    def unused(self, before: str) -> Sequence[str]:
        """Return the ids of accounts that nobody has signed in to since that moment."""

    def clock_is_right(self, now: datetime) -> bool:
        """Note what time it is; return whether it has passed as it should, so that accounts may expire."""

    def export(self, member_id: str) -> dict[str, object] | None:
        """Return everything that is kept of an account, as JSON values; `None` where there is none.

        Of one that has expired that is its former ids.
        """

    def forget(self, member_id: str) -> dict[str, int]:
        """Delete an account with its links, sessions and former ids; how many rows of each table went."""

    def expire(self, member_id: str) -> None:
        """Delete an account with its links and sessions.

        What was joined to it stays known: whoever erases the person later erases that in older backups, too.
        """
