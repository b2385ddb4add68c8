"""Handles of members: what stands for somebody on a button or in a form, without telling who it is.

Each member has a random number; a handle is that number and a keyed hash of the list or question that it is for,
enciphered as one block. So the member is found by the number, however many there are, and nobody makes a handle up:
of all blocks one in 2^64 has the right hash. It is gone with the member, as the number is.
"""

import hmac
import secrets

_BYTES = 8
# In hexadecimal digits: a block of AES.
LENGTH = 4 * _BYTES


def new_number() -> int:
    """Return a random number for a new member, of 63 bits: databases have a sign."""
    return secrets.randbits(63)


def handle(salt: bytes, context: str, number: int) -> str:
    """Return what stands for the member with that number there; the same each time."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # One block, which no other is like: there is nothing for a mode to hide.
    encryptor = Cipher(algorithms.AES(_key(salt)), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(_hash(salt, context) + number.to_bytes(_BYTES)).hex()


def number_behind(salt: bytes, context: str, known: str) -> int | None:
    """Return the number of the member whose handle this is there; `None` where it is nobody's."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    try:
        block = bytes.fromhex(known)
    except ValueError:
        return None
    if len(block) != 2 * _BYTES:
        return None
    decryptor = Cipher(algorithms.AES(_key(salt)), modes.ECB()).decryptor()  # noqa: S305 - as above
    plain = decryptor.update(block)
    if not hmac.compare_digest(plain[:_BYTES], _hash(salt, context)):
        return None
    return int.from_bytes(plain[_BYTES:])


def _key(salt: bytes) -> bytes:
    return hmac.digest(salt, b"\0handles", "sha256")


def _hash(salt: bytes, context: str) -> bytes:
    # No context has a null character: it is never hashed as the key is made, nor as an id is.
    return hmac.digest(salt, b"\0context\0" + context.encode(), "sha256")[:_BYTES]
