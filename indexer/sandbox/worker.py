"""The process that reads files: `python -m indexer.sandbox.worker`. Requests come in on its standard input."""

import json
import os
import signal
from collections.abc import Mapping
from typing import IO

from indexer.sandbox import tasks
from indexer.sandbox.frames import LAST, MORE, encoded, read_frame, write_frame
from indexer.sandbox.limits import MemoryWatch, hold_to, mapped_bytes, peak_bytes
from knowledge.errors import SourceError

# What files may leave behind in memory before a fresh process takes over.
_MOST_KEPT_BYTES = 256 * 2**20


def main() -> None:
    """Serve requests, one after the other, until the other end closes or this process has grown too large."""
    # Whoever started this decides when it ends, not Ctrl-C in the terminal that both share.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _own_streams()
    watch: MemoryWatch | None = None
    if mapped_bytes() is None:
        watch = MemoryWatch()
        watch.start()
    first: int | None = None
    while (header := read_frame(requests)) is not None and (content := read_frame(requests)) is not None:
        request = json.loads(header)
        tasks.prepare(request["task"], request["arguments"])
        if first is None:
            first = _held_bytes()
        write_frame(replies)  # an empty message: from now on the time is the file's
        hold_to(request["seconds"], request["memory_bytes"])
        if watch is not None:
            watch.allow(request["memory_bytes"])
        reply = _reply(request, content)
        del content
        is_last = _held_bytes() - first > _MOST_KEPT_BYTES
        write_frame(replies, LAST if is_last else MORE, reply)
        if is_last:
            return


def _held_bytes() -> int:
    """Return how much memory this process has taken, as far as its system tells."""
    mapped = mapped_bytes()
    return peak_bytes() if mapped is None else mapped


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return the streams of requests and replies, which no library that reads or prints something can reach."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return requests, replies


def _reply(request: Mapping[str, object], content: bytes) -> bytes:
    """Return what came of one request, as JSON."""
    try:
        try:
            result = tasks.perform(str(request["task"]), content, request["arguments"])  # type: ignore[arg-type]
            reply = encoded({"result": result})
        except SourceError as error:
            reply = encoded({"error": str(error)})
    except MemoryError:
        return encoded({"limit": "memory"})
    except Exception as error:  # noqa: BLE001  # told to whoever asked, below
        # As in `parse_file`: what a damaged file makes of a library nobody foresees.
        return encoded({"error": f"it is damaged ({type(error).__name__}: {str(error)[:200]}); save it again"})
    return reply if len(reply) <= int(str(request["output_bytes"])) else encoded({"limit": "output"})


if __name__ == "__main__":
    main()
