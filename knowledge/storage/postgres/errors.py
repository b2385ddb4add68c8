"""The server's errors in words that a person can act on."""

from psycopg import Error as ServerError
from psycopg import OperationalError, errors
from psycopg_pool import PoolTimeout

from knowledge.errors import HalnError, StorageBusyError, StorageError

# The server says by name what can be waited out: the lock, a deadlock that it broke, its own start.
_BUSY = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.QueryCanceled,
    errors.CannotConnectNow,
)
# Of a connection that is refused the driver knows no more than these words.
_TOO_MANY = ("too many clients", "too many connections", "remaining connection slots")


def in_words(error: ServerError) -> HalnError:
    """Turn an error of the server into one of ours that says what to do. Addresses and passwords are not in it."""
    reason = _reason(error)
    if isinstance(error, errors.DiskFull):
        return StorageBusyError("The disk of the database's server is full. Nothing was lost; free some space there.")
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return StorageBusyError(
            "The database takes no writes at present: its server is a standby, or was made read-only. Nothing was "
            "lost; try again when the failover is over."
        )
    if isinstance(error, OperationalError) and any(words in str(error) for words in _TOO_MANY):
        return StorageBusyError(
            f"The database's server lets no more connections in ({_reason(error)}). Nothing was lost; raise its "
            "max_connections, or run fewer processes: docs/scale.md says how many each takes."
        )
    if isinstance(error, PoolTimeout):
        return StorageBusyError(
            f"The database does not answer, or all connections are in use ({reason}). Nothing was lost; try again in a "
            "moment."
        )
    if isinstance(error, errors.ProgramLimitExceeded):  # of the errors of operation, but the server is well
        return StorageError(
            f"Something in it is too long for PostgreSQL ({reason}): a name, an address or an id of more than two "
            "thousand bytes. Shorten that."
        )
    if isinstance(error, _BUSY):
        return StorageBusyError(f"The database is busy ({reason}). Nothing was lost; try again in a moment.")
    if isinstance(error, errors.InsufficientPrivilege) and " for table " in reason:
        return StorageError(
            f"The account in HALN_DATABASE_URL does not own the assistant's tables ({reason}): another account made "
            "them. Use that one's address, or have an administrator give them to this one (`ALTER TABLE ... OWNER TO`)."
        )
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


def _reason(error: ServerError) -> str:
    """Return the first line of what the server said."""
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
