"""Decompresses what a server sends packed (gzip, deflate), part by part, and knows whether all of it came."""

import zlib

# gzip or zlib, told by how it begins.
_EITHER = 47
_GZIP = b"\x1f\x8b"


class Decompressor:
    """Decompress one body. A gzip body may be of several members, one after the other."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(_EITHER)
        self._has_begun = False

    def take(self, part: bytes, most: int) -> bytes:
        """Return what the next part unpacks to, at most `most` bytes of it.

        Raises:
            zlib.error: It is damaged.
        """
        self._has_begun = self._has_begun or bool(part)
        content = bytearray()
        while part and len(content) < most:
            if self._unpack.eof:
                if not part.startswith(_GZIP):
                    break  # what some servers fill the end with
                self._unpack = zlib.decompressobj(_EITHER)
            content += self._unpack.decompress(part, most - len(content))
            part = self._unpack.unused_data
        return bytes(content)

    @property
    def is_whole(self) -> bool:
        """Return whether what began has come to its end; an empty body has."""
        return self._unpack.eof or not self._has_begun
