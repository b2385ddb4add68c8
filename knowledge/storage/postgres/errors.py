"""The server's errors in words that a person can act on."""

from psycopg import Error as ServerError
from psycopg import OperationalError, errors
from psycopg_pool import PoolTimeout

from knowledge.errors import HalnError, StorageBusyError, StorageError

# The server says by name what can be waited out: the lock, a deadlock that it broke, a full disk, too many of us.
_BUSY = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.QueryCanceled,
    errors.TooManyConnections,
    errors.CannotConnectNow,
    PoolTimeout,
)


def in_words(error: ServerError) -> HalnError:
    """Turn an error of the server into one of ours that says what to do. Addresses and passwords are not in it."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, errors.DiskFull):
        return StorageBusyError("The disk of the database's server is full. Nothing was lost; free some space there.")
    if isinstance(error, _BUSY):
        return StorageBusyError(f"The database is busy ({reason}). Nothing was lost; try again in a moment.")
    if isinstance(error, errors.InsufficientPrivilege):
        return StorageError(
            f"The account in HALN_DATABASE_URL may not do what is needed ({reason}). It must own the database; and an "
            "administrator has to run `CREATE EXTENSION vector` in it once."
        )
    if isinstance(error, OperationalError):
        return StorageError(
            f"The database of HALN_DATABASE_URL cannot be reached ({reason}). Check that the server runs, and the "
            "address, the account and the password."
        )
    return StorageError(f"The database refused ({reason}).")
