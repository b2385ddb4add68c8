"""Rounds of work in the background, of every face: whatever one round fails of, the next comes all the same."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.errors import HalnError

_log = logging.getLogger(__name__)


@contextmanager
def going_on(what: str, *expected: type[Exception]) -> Iterator[None]:
    """Log as `what` whatever fails in the body, and let it go no further: a loop that ends never begins again.

    Errors of the library, and those that a face expects, say in one line what is wrong; of others the log says where.
    """
    foreseen: tuple[type[Exception], ...] = (HalnError, *expected)
    try:
        yield
    except foreseen as error:
        _log.error("%s: %s", what, error)
    except Exception:  # noqa: BLE001 - the next round may be better, and there must be one
        _log.exception("%s", what)
