"""Makes a backup: one file, consistent although others write meanwhile, and checked by opening it."""

import logging
import secrets
import shutil
from pathlib import Path

from knowledge.domain.library import Noun
from knowledge.errors import StorageBusyError, StorageError
from knowledge.settings import Settings
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, copy_missing
from knowledge.storage.sqlite.hash_key import KEY_FILE
from knowledge.storage.sqlite.private_files import make_private_file
from knowledge.storage.sqlite.snapshot import (
    copy_database,
    counts_of,
    is_database,
    problems_of_copy,
    sync_file,
)

# What the backup's key file is called: the backup's name with this behind it.
KEY_SUFFIX = ".key"
# Besides the copy itself there must be room to go on working.
_ROOM = 1.1
_log = logging.getLogger(__name__)


class Backup(Noun):
    """A backup that was made: where it is, its size in bytes, and what is in it."""

    file: str
    key_file: str
    bytes: int
    documents: int
    members: int
    questions: int


def make_backup(settings: Settings, file: Path) -> Backup:
    """Copy the database and its key; `file` is replaced only by a copy that was checked.

    Raises:
        StorageError: There is nothing to back up, the place cannot be written, or the database is damaged.
        StorageBusyError: The disk is full.
    """
    source = settings.database_path
    require_file(settings)
    if not is_database(source):
        raise StorageError(f"There is no database in {settings.data_dir}, so there is nothing to back up.")
    _require_place(file, settings)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        make_private_file(draft)
        copy_database(source, draft)
        if found := problems_of_copy(draft):
            raise StorageError(f"The database is damaged, and no backup was made: {found[0]}. `haln doctor` says more.")
        sync_file(draft)
        counts = counts_of(draft)
        key = _copy_key(settings.database_path.with_name(KEY_FILE), file)
        draft.replace(file)
        sync_file(file)
        return Backup(file=str(file), key_file=str(key), bytes=file.stat().st_size, **counts)
    except OSError as error:
        raise StorageError(f"{file} cannot be written ({error.strerror}). Choose another place.") from None
    finally:
        draft.unlink(missing_ok=True)


def require_file(settings: Settings) -> None:
    """Accept settings that keep everything in one file.

    Raises:
        StorageError: It is kept in PostgreSQL, whose own programs make and restore backups.
    """
    if settings.database_url is not None:
        raise StorageError(
            "The database is PostgreSQL's: back it up with `pg_dump` or your provider's snapshots and restore it with "
            f"`pg_restore`, as docs/scale.md says. Keep {KEY_FILE} and {JOURNAL_FILE} of {settings.data_dir} with each "
            "backup; after a restore `haln restore --erasures` erases again what was erased since."
        )


def mirror_erasures(settings: Settings) -> None:
    """Copy the notes of what was erased to the scheduled backups, which are of use on another disk only with them."""
    if settings.backup_folder is None or not settings.backup_folder.is_dir():
        return  # without backups there, there is nothing that could come back
    try:
        copy_missing(settings.data_dir / JOURNAL_FILE, settings.backup_folder / JOURNAL_FILE)
    except OSError as error:
        _log.warning("the notes of erasures could not be copied to %s (%s)", settings.backup_folder, error.strerror)


def _require_place(file: Path, settings: Settings) -> None:
    """Accept a place for a backup: nothing else may be there, and there must be room.

    Raises:
        StorageError: It is a folder, the database itself, or a file of another kind.
        StorageBusyError: There is no room for it.
    """
    source = settings.database_path
    if file.is_dir():
        raise StorageError(f"{file} is a folder. Give the name of a file, such as {file / 'haln-backup.db'}.")
    if not file.parent.is_dir():
        raise StorageError(f"The folder {file.parent} does not exist. Make it, or choose another place.")
    if file.resolve().parent == settings.data_dir.resolve() and file.name.startswith(source.name):
        raise StorageError(f"{file} is the database itself. Choose another place, best on another disk.")
    if file.exists() and not (file.is_file() and (not file.stat().st_size or _is_backup(file))):
        raise StorageError(f"{file} is something else than a backup, and stays as it is. Choose another name.")
    # What was written last is in the log yet.
    log = source.with_name(f"{source.name}-wal")
    wanted = int((source.stat().st_size + (log.stat().st_size if log.exists() else 0)) * _ROOM)
    if (free := shutil.disk_usage(file.parent).free) < wanted:
        raise StorageBusyError(
            f"The disk that holds {file.parent} has room for {free // 1_000_000} MB, and a backup takes about "
            f"{wanted // 1_000_000} MB. Free some space or choose another place."
        )


def _is_backup(file: Path) -> bool:
    """Return whether a file is a database of ours, of whatever version and state."""
    return is_database(file) and not any(line.startswith("it ") for line in problems_of_copy(file))


def _copy_key(key: Path, file: Path) -> Path:
    """Put the key beside a backup: without it members cannot be shown, or have deleted, what they asked."""
    target = file.with_name(file.name + KEY_SUFFIX)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        make_private_file(draft)
        draft.write_bytes(key.read_bytes())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
