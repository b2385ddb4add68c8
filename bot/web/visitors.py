"""Visitors: a random key in a cookie, what is known under it on the server, and tokens against forgery."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from knowledge.accounts.accounts import Accounts
from knowledge.accounts.storage.protocols import Account
from knowledge.domain.examples import Actor, Role
from knowledge.settings import Settings

_KEY_BYTES = 24
_KEY_LENGTH = 32
COOKIE_DAYS = 30
NOBODY = Actor(None, Role.OUTSIDER)


class Visitor(NamedTuple):
    """A visitor: `key` is secret, and `name` stands for them wherever something is kept. `new`: no cookie came.

    `csrf` goes into every form. `account` is who has signed in, and `by_discord` how.
    """

    key: str
    name: str
    csrf: str
    new: bool
    account: Account | None
    actor: Actor = NOBODY
    by_discord: bool = False

    @property
    def known_as(self) -> str:
        """Return what somebody is signed in as, in their own words."""
        return (self.account.email if self.account else None) or "a member of our Discord server"

    @property
    def moderator(self) -> bool:
        """Return whether they review shared examples."""
        return self.actor.role is Role.MODERATOR

    @property
    def conversation(self) -> str:
        """Return the key of the visitor's conversation."""
        return f"web:{self.name}"

    @property
    def voter(self) -> str:
        """Return the key under which the visitor's feedback is counted."""
        return f"discord:{self.account.member_id}" if self.account else f"web:{self.name}"


class Visitors:
    """Knows visitors by their cookie."""

    def __init__(self, accounts: Accounts, settings: Settings, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now
        self.secure = (settings.web_url or "").startswith("https://")
        # Browsers take a cookie of this name from the page itself only, and over HTTPS only.
        self.cookie = "__Host-haln" if self.secure else "haln"

    def of(self, key: str | None) -> Visitor:
        """Return the visitor with the key of a cookie, a new one where there is none or it is none of ours."""
        if key is None or len(key) != _KEY_LENGTH or not key.isascii():
            return self.fresh()
        now = self._now()
        session = self._accounts.session(self.name_of(key), now)
        visitor = self._visitor(key, new=False)
        if session is None:
            return visitor
        actor = self._accounts.actor(session, now)
        return visitor._replace(account=session.account, actor=actor, by_discord=session.by_discord)

    def fresh(self) -> Visitor:
        """Return a visitor with a key that nobody has had."""
        return self._visitor(secrets.token_urlsafe(_KEY_BYTES), new=True)

    def is_theirs(self, visitor: Visitor, token: str) -> bool:
        """Return whether a form's token is this visitor's."""
        return hmac.compare_digest(visitor.csrf.encode(), token.encode("utf-8", "replace"))

    def name_of(self, key: str) -> str:
        """Return what stands for the holder of a key wherever something is kept."""
        return self._accounts.hashed(f"visitor:{key}")

    def _visitor(self, key: str, *, new: bool) -> Visitor:
        return Visitor(key, self.name_of(key), self._accounts.hashed(f"csrf:{key}"), new, None)
