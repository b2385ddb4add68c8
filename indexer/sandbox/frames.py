"""Messages between two processes: eight bytes with the length, then the bytes. Nothing in them is ever executed."""

import json
from typing import IO

# How a reply begins: whether its process goes on after it, or has grown so much that a fresh one takes over.
MORE, LAST = b"+", b"-"
_LENGTH_BYTES = 8


class FrameTooLongError(ValueError):
    """A message is longer than the reader takes."""


def write_frame(stream: IO[bytes], *parts: bytes) -> None:
    """Write one message that is made of these parts, and send it off.

    Raises:
        OSError: Nobody reads at the other end.
    """
    stream.write(sum(map(len, parts)).to_bytes(_LENGTH_BYTES))
    for part in parts:
        stream.write(part)
    stream.flush()


def read_frame(stream: IO[bytes], most: int | None = None) -> bytes | None:
    """Return the next message; `None` where the other end has closed, also in the middle of one.

    Raises:
        FrameTooLongError: It has more than `most` bytes.
    """
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    size = int.from_bytes(length)
    if most is not None and size > most:
        raise FrameTooLongError(f"{size} bytes where {most} are taken")
    content = stream.read(size)
    return content if len(content) == size else None


def encoded(value: object) -> bytes:
    """Return a value as JSON. Lone halves of characters, which no text may hold, become question marks."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")
