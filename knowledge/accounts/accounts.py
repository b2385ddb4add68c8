"""Members who sign in by a link in a mail: who may, what the link is good for, and for how long they are known.

Their ids begin with "web-": no server knows them, and what is to be said to them goes by mail.
"""

import secrets
from datetime import datetime, timedelta

from knowledge.accounts.storage.protocols import Account, AccountStore
from knowledge.dates import stamp
from knowledge.domain.examples import Actor, Role
from knowledge.domain.ids import new_mail_member_id
from knowledge.settings import Settings

LINK_MINUTES = 15
SESSION_DAYS = 30
_MOST_LINKS = 5
_TOKEN_BYTES = 32
_LONGEST_ADDRESS = 254


class Accounts:
    """Sign-in over one library."""

    def __init__(self, store: AccountStore, settings: Settings) -> None:
        self._store = store
        self._members = _listed(settings.web_members)
        self._moderators = _listed(settings.web_moderators)

    def hashed(self, text: str) -> str:
        """Return a keyed hash, 64 hexadecimal digits: what stands for a secret where it is kept or shown."""
        return self._store.hashed(text)

    def may_sign_in(self, email: str) -> bool:
        """Return whether an address is one of those that the operator lets in."""
        address = tidy_address(email)
        if address is None:
            return False
        domain = address.rpartition("@")[2]
        inside = any(
            domain == one.removeprefix("@") or domain.endswith(f".{one.removeprefix('@')}") for one in self._members
        )
        return "*" in self._members or address in self._members or inside or address in self._moderators

    def make_link(self, email: str, now: datetime) -> str | None:
        """Return the token of a new sign-in link; `None` where the address may not sign in or has links enough.

        It is good once, for a quarter of an hour.
        """
        address = tidy_address(email)
        if address is None or not self.may_sign_in(address):
            return None
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        until = stamp(now + timedelta(minutes=LINK_MINUTES))
        made = self._store.add_link(self.hashed(f"link:{token}"), address, stamp(now), until, _MOST_LINKS)
        return token if made else None

    def link_is_good(self, token: str, now: datetime) -> bool:
        """Return whether a link can still be used, without using it."""
        return self._store.link_is_good(self.hashed(f"link:{token}"), stamp(now))

    def sign_in(self, token: str, visitor: str, now: datetime) -> Account | None:
        """Use a link up: the visitor is signed in to the account of its address, a new one where there was none.

        `None` where the link was used, has expired, never was, or the address may not sign in any more.
        """
        address = self._store.use_link(self.hashed(f"link:{token}"), stamp(now))
        if address is None or not self.may_sign_in(address):
            return None
        account = self._store.account_for(address, new_mail_member_id(), stamp(now))
        self._store.add_session(visitor, account.member_id, stamp(now), stamp(now + timedelta(days=SESSION_DAYS)))
        return account

    def session(self, visitor: str, now: datetime) -> Account | None:
        """Return the account that a visitor is signed in to; `None` where they are not, or may not be any more."""
        account = self._store.session(visitor, stamp(now))
        return account if account is not None and self.may_sign_in(account.email) else None

    def sign_out(self, visitor: str) -> None:
        """End a visitor's session."""
        self._store.end_session(visitor)

    def actor(self, account: Account) -> Actor:
        """Return somebody who has signed in as they act on shared examples."""
        return Actor(account.member_id, Role.MODERATOR if account.email in self._moderators else Role.MEMBER)


def tidy_address(email: str) -> str | None:
    """Return a mail address as it is compared, in small letters; `None` where it cannot be one."""
    address = email.strip().lower()
    name, at, domain = address.rpartition("@")
    printable = address.isascii() and address.isprintable() and " " not in address
    if not (printable and at and name and "." in domain and len(address) <= _LONGEST_ADDRESS):
        return None
    return None if any(mark in address for mark in '<>,;:"()[]\\') or "@" in name or ".." in address else address


def _listed(setting: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in setting.split(",") if part.strip())
