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

    `csrf` goes into every form. `account` is who has signed in.
    """

    key: str
    name: str
    csrf: str
    new: bool
    account: Account | None
    actor: Actor = NOBODY

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
        return self._visitor(key, new=False, account=self._accounts.session(self._name(key), self._now()))

    def fresh(self) -> Visitor:
        """Return a visitor with a key that nobody has had."""
        return self._visitor(secrets.token_urlsafe(_KEY_BYTES), new=True, account=None)

    def is_theirs(self, visitor: Visitor, token: str) -> bool:
        """Return whether a form's token is this visitor's."""
        return hmac.compare_digest(visitor.csrf.encode(), token.encode("utf-8", "replace"))

    def _name(self, key: str) -> str:
        return self._accounts.hashed(f"visitor:{key}")

    def _visitor(self, key: str, *, new: bool, account: Account | None) -> Visitor:
        csrf = self._accounts.hashed(f"csrf:{key}")
        return Visitor(key, self._name(key), csrf, new, account, self._accounts.actor(account) if account else NOBODY)
