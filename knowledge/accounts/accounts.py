"""Members who sign in on the web page, by a link in a mail or by Discord: who may, for how long, and with what rights.

Ids of those who only sign in by mail begin with "web-": no server knows them, and what is to be said to them goes by
mail. Who signs in by Discord has Discord's id, and so is the same person here and there.
"""

import secrets
from datetime import datetime, timedelta

from knowledge.accounts.storage.protocols import Account, AccountStore, Link, Session
from knowledge.dates import stamp
from knowledge.domain.examples import Actor, Role
from knowledge.domain.ids import new_mail_member_id
from knowledge.settings import Settings

LINK_MINUTES = 15
# Discord is asked when somebody signs in, and no key to ask again is kept: so what it said is believed for so long.
DISCORD_SESSION = timedelta(days=7)
_DISCORD_ROLE = timedelta(days=1)
_MOST_LINKS = 5
_TOKEN_BYTES = 32
_LONGEST_ADDRESS = 254


class Accounts:
    """Sign-in over one library."""

    def __init__(self, store: AccountStore, settings: Settings) -> None:
        self._store = store
        self._session = timedelta(days=settings.web_session_days)
        self._kept = timedelta(days=settings.web_account_days)
        self._by_discord = settings.discord_client_id is not None
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

    def make_link(self, email: str, now: datetime, member_id: str | None = None) -> str | None:
        """Return the token of a new sign-in link; `None` where the address may not sign in or has links enough.

        It is good once, for a quarter of an hour. With `member_id` it joins the address to that member's account.
        """
        address = tidy_address(email)
        if address is None or not self.may_sign_in(address):
            return None
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        until = stamp(now + timedelta(minutes=LINK_MINUTES))
        made = self._store.add_link(self.hashed(f"link:{token}"), address, stamp(now), until, _MOST_LINKS, member_id)
        return token if made else None

    def link(self, token: str, now: datetime) -> Link | None:
        """Return a link that can still be used, without using it."""
        return self._store.link(self.hashed(f"link:{token}"), stamp(now))

    def sign_in(self, token: str, visitor: str, now: datetime) -> Account | None:
        """Use a link up: the visitor is signed in to the account of its address, a new one where there was none.

        `None` where the link was used, has expired, never was, or the address may not sign in any more.
        """
        link = self._store.use_link(self.hashed(f"link:{token}"), stamp(now))
        if link is None or link.member_id is not None or not self.may_sign_in(link.email):
            return None
        account = self._store.account_for(link.email, new_mail_member_id(), stamp(now))
        until = stamp(now + self._session)
        self._store.add_session(visitor, account.member_id, stamp(now), until, by_discord=False, moderates_until=None)
        return account

    def sign_in_by_discord(self, member_id: str, visitor: str, now: datetime, *, moderates: bool) -> Account:
        """Sign a visitor in whom Discord has just named, and said whether they have the moderators' role."""
        account = self._store.account_of_discord(member_id, stamp(now))
        self._store.add_session(
            visitor,
            account.member_id,
            stamp(now),
            stamp(now + min(DISCORD_SESSION, self._session)),
            by_discord=True,
            moderates_until=stamp(now + _DISCORD_ROLE) if moderates else None,
        )
        return account

    def address_to_join(self, token: str, member_id: str, now: datetime) -> str | None:
        """Use up a link that this member had sent to an address of theirs, and return the address; else `None`."""
        link = self.link(token, now)
        if link is None or link.member_id != member_id or not self.may_sign_in(link.email):
            return None
        used = self._store.use_link(self.hashed(f"link:{token}"), stamp(now))
        return used.email if used is not None else None

    def account_with(self, email: str) -> Account | None:
        """Return the account of an address."""
        return self._store.account_with(email)

    def set_email(self, member_id: str, email: str | None) -> None:
        """Let a member who signs in by Discord be reached at an address as well, or no more."""
        self._store.set_email(member_id, email)

    def session(self, visitor: str, now: datetime) -> Session | None:
        """Return who a visitor is signed in as; `None` where they are not, or may not be any more."""
        session = self._store.session(visitor, stamp(now))
        if session is None:
            return None
        email = session.account.email
        allowed = self._by_discord if session.by_discord else email is not None and self.may_sign_in(email)
        return session if allowed else None

    def sign_out(self, visitor: str) -> None:
        """End a visitor's session."""
        self._store.end_session(visitor)

    def actor(self, session: Session, now: datetime) -> Actor:
        """Return somebody who has signed in as they act on shared examples."""
        account = session.account
        by_setting = account.email is not None and account.email in self._moderators
        by_role = session.moderates_until is not None and session.moderates_until > stamp(now)
        return Actor(account.member_id, Role.MODERATOR if by_setting or by_role else Role.MEMBER)

    def unused(self, now: datetime) -> list[str]:
        """Return the ids of accounts that nobody has signed in to for longer than they are kept.

        None after a jump of the clock.
        """
        return list(self._store.unused(stamp(now - self._kept))) if self._store.clock_is_right(now) else []


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
