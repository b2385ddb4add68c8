"""Ids of submissions: nothing in them says whose they are, and they can be read out on the phone."""

import secrets

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for something else
_LENGTH = 8


def new_id() -> str:
    """A new id, e.g. "ex-k7wm2r9q"."""
    return "ex-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
