"""Storage for sign-in, as a protocol: accounts, links that are good once, and who is signed in.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when it
returns. Moments are ISO 8601 in UTC (`knowledge.dates.stamp`); of secrets only keyed hashes are kept.
"""

from typing import Protocol

from knowledge.domain.library import Noun


class Account(Noun):
    """A member who signs in by mail."""

    member_id: str
    email: str
    created_at: str
    seen_at: str


class AccountStore(Protocol):
    """Accounts, links and sessions. What has expired is good for nothing, and is deleted with the next write."""

    def hashed(self, text: str) -> str:
        """Return the text's hash with the database's key, 64 hexadecimal digits."""

    def add_link(self, token: str, email: str, now: str, until: str, most: int) -> bool:
        """Keep a link, unless that address has `most` that are still good; whether it was kept."""

    def link_is_good(self, token: str, now: str) -> bool:
        """Return whether there is a link that has not expired."""

    def use_link(self, token: str, now: str) -> str | None:
        """Take a link away, whoever else asks at once; its address, `None` where there is none or it has expired."""

    def account_for(self, email: str, member_id: str, now: str) -> Account:
        """Return the account of an address, made under that id where there is none."""

    def account(self, member_id: str) -> Account | None:
        """Return the account of a member."""

    def add_session(self, visitor: str, member_id: str, now: str, until: str) -> None:
        """Note who a visitor is."""

    def session(self, visitor: str, now: str) -> Account | None:
        """Return who a visitor is."""

    def end_session(self, visitor: str) -> None:
        """Forget who a visitor is."""

    def export(self, member_id: str) -> dict[str, object] | None:
        """Return everything that is kept of an account, as JSON values; `None` where there is none."""

    def forget(self, member_id: str) -> dict[str, int]:
        """Delete an account with its links and sessions; how many rows of each table went."""
