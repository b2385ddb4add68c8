"""A process that reads files for this one: started when the first file comes, killed and replaced when one exceeds."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from indexer.sandbox.frames import LAST, FrameTooLongError, encoded, read_frame, write_frame
from indexer.sandbox.limits import TOO_LARGE_EXIT, Limits
from knowledge.errors import SourceError

# A cold disk may take its time over a library; a file is given none of this.
_START_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]
# What the process needs to find Python and its packages, and no token or key beside it.
_PASSED_ON = (
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "PYTHONDONTWRITEBYTECODE",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "TZ",
)


class LimitError(SourceError):
    """A file costs more than the limits allow, or ended the process that read it."""


class WorkerEndedError(Exception):
    """The process ended, neither too slow nor too large as far as can be told; with a file, if that `has_begun`."""

    def __init__(self, *, has_begun: bool) -> None:
        super().__init__()
        self.has_begun = has_begun


class WorkerProcess:
    """One process, which takes one request at a time; for several threads they queue."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._served = 0

    def ask(self, task: str, content: bytes, arguments: Mapping[str, str | None]) -> object:
        """Return the result of a task (see `tasks`).

        Raises:
            LimitError: It costs more than the limits allow, or ended the process.
            SourceError: The file cannot be read.
        """
        with self._turn:
            has_begun = False
            # Where others came before, one of them may have damaged the process: this file gets a fresh one.
            for _ in range(2 if self._served else 1):
                try:
                    return self._asked(task, content, arguments)
                except WorkerEndedError as error:
                    has_begun = error.has_begun
            if not has_begun:
                raise SourceError(
                    "the program that reads files does not start. Where the machine is busy, try again; if it never "
                    "starts, install the assistant anew"
                )
            megabytes = self._limits.memory_bytes // 2**20
            raise LimitError(
                f"it could not be read safely: it ended the program that reads it, or took more than {megabytes} MB of "
                "memory. Save it anew in a simpler form"
            )

    def close(self) -> None:
        """End the process; the next request starts another one."""
        with self._turn:
            self._discard()

    @property
    def pid(self) -> int | None:
        """Return the number of the process; `None` while there is none."""
        return self._process.pid if self._process else None

    def _asked(self, task: str, content: bytes, arguments: Mapping[str, str | None]) -> object:
        try:
            reply = self._exchanged(task, content, arguments)
        except BaseException:  # an interrupt too leaves a reply in the pipe that would be taken for the next file's
            self._discard()
            raise
        self._served += 1
        if reply[:1] == LAST:
            self._discard()
        answer = json.loads(memoryview(reply)[1:].tobytes())
        if "limit" in answer:
            raise self._exceeded(answer["limit"])
        if "error" in answer:
            raise SourceError(str(answer["error"]))
        return answer["result"]

    def _exchanged(self, task: str, content: bytes, arguments: Mapping[str, str | None]) -> bytes:
        """Send a request and return the reply to it."""
        limits = self._limits
        process = self._process = self._process or _started()
        assert process.stdin is not None  # noqa: S101  # for the type checker: both are pipes
        assert process.stdout is not None  # noqa: S101
        header = {
            "task": task,
            "arguments": dict(arguments),
            "seconds": limits.seconds,
            "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes,
        }
        with _Alarm(process, _START_SECONDS):
            try:
                write_frame(process.stdin, encoded(header))
                write_frame(process.stdin, content)
                begun = read_frame(process.stdout, 0)
            except OSError:
                begun = None
        if begun is None:
            raise WorkerEndedError(has_begun=False)
        with _Alarm(process, limits.waiting_seconds) as alarm:
            try:
                reply = read_frame(process.stdout, limits.output_bytes + 1)
            except FrameTooLongError:
                raise self._exceeded("output") from None
            except OSError:
                reply = None
        if alarm.has_rung:
            raise self._exceeded("time")
        if reply is None:
            raise self._ended(process)
        return reply

    def _ended(self, process: subprocess.Popen[bytes]) -> Exception:
        """Return why a process ended in the middle of a file."""
        process.kill()
        code = process.wait()
        if code == TOO_LARGE_EXIT:
            return self._exceeded("memory")
        if code == -getattr(signal, "SIGXCPU", 0) != 0:
            return self._exceeded("time")
        return WorkerEndedError(has_begun=True)

    def _exceeded(self, limit: str) -> LimitError:
        reasons = {
            "time": f"it takes more than {self._limits.seconds:g} seconds to read",
            "memory": f"it takes more than {self._limits.memory_bytes // 2**20} MB of memory to read",
            "output": f"it holds more than {self._limits.output_bytes // 2**20} MB of text",
        }
        return LimitError(f"{reasons[limit]}, so it was left out; split it, or save it in a simpler form")

    def _discard(self) -> None:
        process, self._process = self._process, None
        self._served = 0
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                try:
                    if stream is not None:
                        stream.close()
                except OSError:
                    pass  # what was still to be sent has nobody to read it


class _Alarm:
    """Kills a process when a time is over, unless what is waited for comes first."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.has_rung = False
        self._process = process
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _ring(self) -> None:
        self.has_rung = True
        self._process.kill()


def _started() -> subprocess.Popen[bytes]:
    """Return a new process with a clean interpreter.

    Raises:
        SourceError: The system starts none.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), environment.get("PYTHONPATH"))))
    try:
        return subprocess.Popen(
            # -P: the folder that somebody happens to be in is no place for modules.
            [sys.executable, "-P", "-X", "utf8", "-m", "indexer.sandbox.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise SourceError(
            f"no process can be started to read it in ({error.strerror}); free some memory and try again"
        ) from None
