"""Ids that nobody guesses and everybody can read out: of answers, introductions, questions to peers, examples."""

import secrets

# Letters and digits that are not mistaken for each other, and nothing that a command line takes for an option.
_SPOKEN = "abcdefghjkmnpqrstuvwxyz23456789"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ" + _SPOKEN
_LENGTH = 13
# What the ids of members begin with who sign in by mail: no server knows them.
MAIL_MEMBER = "web-"
_SPOKEN_LENGTH = 8
# Discord's ids have 64 bits, and columns of numbers one of them for the sign.
_LARGEST = 2**63 - 1
_TOO_LONG = 30  # digits that nobody needs to read


def discord_number(member_id: str) -> int | None:
    """Return a member's id as the number that it is on Discord; `None` for those of others."""
    number = int(member_id) if member_id.isascii() and member_id.isdecimal() and len(member_id) < _TOO_LONG else None
    return None if number is None or number > _LARGEST else number


def new_id(length: int = _LENGTH) -> str:
    """Return a random id, of 75 bits unless another length is asked for."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_mail_member_id() -> str:
    """Return a random id for a member who signs in by mail."""
    return MAIL_MEMBER + new_id()


def new_example_id() -> str:
    """Return a random id without capital letters, to be read out on the phone, e.g. "ex-k7wm2r9q"."""
    return "ex-" + "".join(secrets.choice(_SPOKEN) for _ in range(_SPOKEN_LENGTH))
