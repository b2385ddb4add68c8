"""A reference for each question: every line of the log that is written while it is answered carries it.

It is made at random for the log alone, and says nothing of the question, of who asked, or of where it is kept.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("question_reference", default=None)
_ON_ERROR = "haln_reference"


def current_reference() -> str | None:
    """Return the reference of the question that this thread answers; `None` while it answers none."""
    return _current.get()


def new_reference() -> str:
    """Return a reference of eight letters and digits, short enough to be read out."""
    return secrets.token_hex(4)


@contextmanager
def referenced() -> Iterator[str]:
    """Give the body a reference, the one of the question around it if there is one; an error takes it along."""
    reference = _current.get() or new_reference()
    token = _current.set(reference)
    try:
        yield reference
    except Exception as error:
        setattr(error, _ON_ERROR, reference)
        raise
    finally:
        _current.reset(token)


def reference_of(error: BaseException) -> str:
    """Return the reference that members are told of an error: its question's, or a new one."""
    found = getattr(error, _ON_ERROR, None) or _current.get()
    return str(found) if found else new_reference()
