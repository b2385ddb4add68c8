"""Errors where nobody waits: whether trying again helps, whom no message reaches, and loops that go on."""

from contextlib import AbstractContextManager

import discord

from bot import background_rounds
from bot.discord.runtime.errors import RefusedError

_SERVER_ERROR = 500
# Too many requests, and a token that is not (yet) valid: neither says anything about the receiver or the message.
_PASSING = frozenset({401, 429})
# No such user; they take no messages; no server is shared with them.
_UNREACHABLE = frozenset({10013, 50007, 50278})


def lasts(error: Exception) -> bool:
    """Return whether trying again changes nothing: the receiver is gone, or does not take such a message."""
    return isinstance(error, discord.HTTPException) and error.status < _SERVER_ERROR and error.status not in _PASSING


def reaches_nobody(error: Exception) -> bool:
    """Return whether Discord says that this person gets no direct message from us at all."""
    return isinstance(error, discord.HTTPException) and error.code in _UNREACHABLE


def going_on(what: str) -> AbstractContextManager[None]:
    """Log as `what` whatever fails in the body, and let it go no further: a loop that ends never begins again."""
    return background_rounds.going_on(what, RefusedError)
