"""Embeds a library with a new model in a thread of its own, while the old embeddings go on answering."""

import threading
from collections.abc import Callable

from indexer.embeddings import catch_up
from indexer.pipeline import Indexer
from knowledge.errors import HalnError
from knowledge.library import Library
from knowledge.storage.claims import ASK_SECONDS

_TENTHS = 10
_CLAIM = "embedding"


class _StoppedError(Exception):
    """The program ends. What is embedded is kept, and the next run goes on with it."""


class BackgroundEmbedding:
    """One run over a library that is behind. Stopped, it ends after the few texts that it is at."""

    def __init__(self, library: Library, report: Callable[[str], object]) -> None:
        """Prepare the run; `report` is given a line at the beginning, at each tenth and at the end."""
        self._library = library
        self._report = report
        self._stopped = threading.Event()
        self._tenths = 0
        self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over, for so many seconds at most; return whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End it, and wait until it has let go of the library."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            # One process embeds, the others find it done; should it end before, the next goes on with what it has.
            while not self._library.claims.claim(_CLAIM):
                if self._stopped.wait(ASK_SECONDS) or not self._library.is_behind:
                    return
            self._embed()
        except HalnError as error:
            self._report(f"The library could not be embedded with the new model, and answers as before. {error}")
        finally:
            self._library.claims.release(_CLAIM)
            self._library.store.release()

    def _embed(self) -> None:
        self._report(
            "The library is being embedded with another model than before. Until that is done, it answers with the "
            "embeddings that it has."
        )
        try:
            catch_up(self._library, self._progress)
            Indexer(self._library).ensure_starter_library()
        except _StoppedError:
            return
        self._report("The library is embedded with the new model.")

    def _progress(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        tenths = _TENTHS * done // max(total, 1)
        if self._tenths < tenths < _TENTHS:
            self._report(f"Embedding the library: {done} of {total} passages.")
        self._tenths = max(tenths, self._tenths)
