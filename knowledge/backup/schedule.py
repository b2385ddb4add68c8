"""Backups by themselves: when the next one is due, under which names they stand, and which of them go."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.backup.backup import KEY_SUFFIX, Backup, make_backup, mirror_erasures
from knowledge.errors import StorageError
from knowledge.settings import Settings
from knowledge.storage.sqlite.private_files import make_private_folder

_NAME = re.compile(r"haln-(\d{8}-\d{6})\.db")
_STAMP = "%Y%m%d-%H%M%S"
_log = logging.getLogger(__name__)


def backups_in(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the scheduled backups in a folder with the moments in their names, oldest first."""
    if not folder.is_dir():
        return []
    named = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), path) for match, path in named if match)


def is_due(settings: Settings, now: datetime) -> bool:
    """Return whether a backup is to be made now; one from the future says nothing about when the next one is."""
    if settings.backup_folder is None or settings.database_url is not None:  # servers have programs of their own
        return False
    past = [moment for moment, _ in backups_in(settings.backup_folder) if moment <= now]
    return not past or past[-1] <= now - timedelta(hours=settings.backup_hours)


def back_up(settings: Settings, now: datetime) -> Backup | None:
    """Make the backup that is due and delete those that are too many; `None` where none is due.

    The notes of what was erased are copied to the backups in any case.

    Raises:
        StorageError: It cannot be made.
        StorageBusyError: The disk is full.
    """
    mirror_erasures(settings)
    if settings.backup_folder is None or not is_due(settings, now):
        return None
    folder = settings.backup_folder
    try:
        make_private_folder(folder)
    except OSError as error:
        raise StorageError(f"The folder for backups {folder} cannot be made ({error.strerror}).") from None
    made = make_backup(settings, folder / f"haln-{now.astimezone(UTC):{_STAMP}}.db")
    _rotate(folder, settings.backup_keep, now)
    return made


def _rotate(folder: Path, keep: int, now: datetime) -> None:
    """Delete the oldest backups beyond `keep`. With one from the future a clock is wrong: then all stay."""
    found = backups_in(folder)
    if any(moment > now for moment, _ in found):
        _log.warning(
            "%s holds a backup from the future, so a clock is or was wrong: no backup is deleted. Check the clock; if "
            "it is right, delete that backup.",
            folder,
        )
        return
    for _, path in found[:-keep]:
        path.unlink(missing_ok=True)
        path.with_name(path.name + KEY_SUFFIX).unlink(missing_ok=True)
