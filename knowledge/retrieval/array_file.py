"""A file of named arrays that is a cache: read as it lies on disk, and refused unless it is whole.

It holds a digest, a header with a table of contents, and the arrays. A large one is mapped into memory: processes share
what they touch of it, and opening it costs nothing. Of a large one the digest is over even samples: a cut, an overwrite
and most damage are found at once, a single altered byte by `haln index verify`.
"""

import contextlib
import hashlib
import json
import mmap
import os
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

_MAGIC = b"HALN-ARRAYS-1\n"
_DIGEST_LENGTH = 64
_ALIGNED = 64
# Bytes. Smaller files are read whole and digested whole.
_SMALL = 16_000_000
_BLOCK = 4096
_BLOCKS = 512
# Seconds after which a file that is being written belongs to a writer that was killed.
_LEFT_BEHIND = 3600

# A smaller difference than this share of the library is cheaper to catch up with at the next start than to write now.
_WORTH_WRITING = 0.02
# Whoever only searches writes no file for less than so many chunks, and a large one for no less than this share.
_WORTH_WRITING_CHUNKS = 256
_LARGE = 20_000
OVERDUE = 0.1

AnyArray = npt.NDArray[Any]


class Blocks(NamedTuple):
    """An array that is written in parts, so that it is never in memory as a whole."""

    dtype: str
    shape: tuple[int, ...]
    parts: Iterable[AnyArray]


class ArrayFile(NamedTuple):
    """An opened file: its number on its disk, its header, its arrays, and where each begins (bytes)."""

    path: Path
    number: int
    header: dict[str, Any]
    arrays: dict[str, AnyArray]
    offsets: dict[str, int]


def is_worth_writing(unsaved: int, gone: int, size: int, *, of_indexer: bool) -> bool:
    """Return whether an index is to be written that has so many chunks more and so many less than its file.

    The indexer lets no file keep what is gone.
    """
    if of_indexer:
        return gone > 0 or unsaved > _WORTH_WRITING * size
    least = max(_WORTH_WRITING_CHUNKS, _WORTH_WRITING * size) if size <= _LARGE else OVERDUE * size
    return unsaved + gone >= least


def open_arrays(path: Path) -> ArrayFile:
    """Open a file of arrays.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not such a file, or not whole.
    """
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        size = status.st_size
        start = len(_MAGIC) + _DIGEST_LENGTH
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("of an earlier version, or none of ours")
        digest = file.read(_DIGEST_LENGTH)
        if _digest(file, start, size).encode() != digest:
            raise ValueError("cut short or altered")
        content: bytes | mmap.mmap
        if size <= _SMALL:
            file.seek(0)
            content = file.read()
        else:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    end = content.find(b"\n", start)
    header = json.loads(content[start:end])
    arrays, offsets = {}, {}
    for name, (dtype, shape, offset) in header.pop("arrays").items():
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(content, dtype=dtype, count=count, offset=offset).reshape(shape)
        offsets[name] = offset
    return ArrayFile(path, status.st_ino, header, arrays, offsets)


def remove_file(path: Path) -> int | None:
    """Remove a file that is of no use; the number of the one that is still there, where it cannot be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return path.stat().st_ino
    return None


def write_arrays(path: Path, header: Mapping[str, Any], arrays: Mapping[str, AnyArray | Blocks]) -> None:
    """Write a file of arrays in the place of what is there.

    It gets a name of its own for each writer, then the right one: a reader sees the old file or the new one, never a
    part.

    Raises:
        OSError: It cannot be written.
    """
    _tidy(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("w+b") as file:
            _write(file, header, arrays)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write(file: BinaryIO, header: Mapping[str, Any], arrays: Mapping[str, AnyArray | Blocks]) -> None:
    blocks = {name: _as_blocks(array) for name, array in arrays.items()}
    start = len(_MAGIC) + _DIGEST_LENGTH
    # The header names places behind itself: it is made twice, the first time for its length.
    length = len(_header(header, blocks, 1 << 50))
    line = _header(header, blocks, start + length)
    file.write(_MAGIC + b" " * _DIGEST_LENGTH + line.ljust(length - 1) + b"\n")
    for block in blocks.values():
        file.write(b"\0" * (-file.tell() % _ALIGNED))
        for part in block.parts:
            file.write(np.ascontiguousarray(part, dtype=block.dtype).data.cast("B") if part.size else b"")
    file.flush()
    digest = _digest(file, start, file.tell())
    file.seek(len(_MAGIC))
    file.write(digest.encode())


def _as_blocks(array: AnyArray | Blocks) -> Blocks:
    return array if isinstance(array, Blocks) else Blocks(array.dtype.str, array.shape, (array,))


def _header(header: Mapping[str, Any], blocks: Mapping[str, Blocks], start: int) -> bytes:
    """Return the header with the arrays' places, the first of which begins at `start` or a little behind."""
    table = {}
    for name, block in blocks.items():
        start += -start % _ALIGNED
        table[name] = (block.dtype, block.shape, start)
        start += int(np.prod(block.shape, dtype=np.int64)) * np.dtype(block.dtype).itemsize
    return json.dumps({**header, "arrays": table}).encode() + b"\n"


def _digest(file: BinaryIO, start: int, size: int) -> str:
    """Return a digest of what lies behind `start`: of everything, or of even samples of a large file."""
    digest = hashlib.blake2b(str(size).encode(), digest_size=_DIGEST_LENGTH // 2)
    if size <= _SMALL:
        file.seek(start)
        digest.update(file.read())
        return digest.hexdigest()
    for place in np.linspace(start, size - _BLOCK, _BLOCKS).astype(np.int64).tolist():
        file.seek(place)
        digest.update(file.read(_BLOCK))
    return digest.hexdigest()


def _tidy(path: Path) -> None:
    """Delete what writers that were killed left beside the file."""
    for left in path.parent.glob(f"{path.name}.*"):
        with contextlib.suppress(FileNotFoundError):  # its writer was only slow
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()
