"""Puts a backup in the place of the database: checked first, without what was erased since, and the old one is kept."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from knowledge.backup.backup import KEY_SUFFIX, require_file
from knowledge.domain.library import Noun
from knowledge.errors import HalnError, StorageError
from knowledge.settings import Settings
from knowledge.storage.library_protocols import Erasure
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, erasures, known_erasures
from knowledge.storage.sqlite.hash_key import KEY_FILE, HashKey, key_beside
from knowledge.storage.sqlite.private_files import make_private_file, make_private_folder
from knowledge.storage.sqlite.snapshot import (
    BESIDE,
    counts_of,
    held_still,
    key_fingerprints,
    problems_of_copy,
    settle,
    sync_file,
)

# The database that was replaced, with the moment behind it.
KEPT = "haln-before-restore-"
# Erases in a copy what was erased after it was made; returns how many things, and what disagrees in it afterwards.
Erase = Callable[[Settings, Sequence[Erasure]], tuple[int, Sequence[str]]]


class Restored(Noun):
    """A restore that was done. `erased`: how many erasures were made again; `closed`: how many no key opens."""

    file: str
    kept: str | None
    documents: int
    members: int
    questions: int
    erased: int
    closed: int


def check_backup(file: Path) -> None:
    """Accept a file that may be put in the place of the database; nothing is changed.

    Raises:
        StorageError: It does not exist, is damaged, is something else, or is a newer version's.
    """
    if not file.is_file():
        raise StorageError(f"There is no backup {file}.")
    if found := problems_of_copy(file):
        raise StorageError(f"{file} cannot be restored: {found[0].rstrip('.')}. Nothing was changed.")


def restore(settings: Settings, file: Path, erase: Erase, now: datetime) -> Restored:
    """Put a backup in place. At any moment, also when it is killed, the old database or the new one is there whole.

    `erase` makes the erasures that are younger than the backup in a copy of it, before that is put in place.

    Raises:
        StorageError: The backup cannot be used, or something cannot be written.
        StorageBusyError: The database is in use.
    """
    require_file(settings)
    check_backup(file)
    make_private_folder(settings.data_dir)
    database = settings.database_path
    # Whoever has it open is told before anything is prepared, and again when it is replaced.
    with held_still(database):
        pass
    try:
        with _staging(settings) as staging:
            prepared = staging.database_path
            make_private_file(prepared)
            shutil.copyfile(file, prepared)
            _choose_key(settings, file, staging)
            missing, closed = _erasures_since(settings, file, prepared)
            count, problems = erase(staging, missing)
            if problems:
                raise StorageError(f"{file} cannot be restored: {problems[0]}. Nothing was changed.")
            settle(prepared)
            with held_still(database):
                kept = _keep(database, now)
                _put_in_place(staging, settings)
    except OSError as error:
        raise StorageError(f"The backup could not be put in place ({error}). The database is as it was.") from None
    return Restored(
        file=str(file), kept=str(kept) if kept else None, erased=count, closed=closed, **counts_of(database)
    )


@contextmanager
def _staging(settings: Settings) -> Iterator[Settings]:
    """Lend settings whose data folder is a new one within the real one: on the same disk, and closed to others."""
    folder = settings.data_dir / f".restore-{secrets.token_hex(4)}"
    make_private_folder(folder)
    try:
        yield settings.model_copy(update={"data_dir": folder})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _choose_key(settings: Settings, file: Path, staging: Settings) -> None:
    """Give the copy the key that it was used with: the present one, or the one beside the backup."""
    wanted = key_fingerprints(staging.database_path)
    candidates = (settings.data_dir / KEY_FILE, file.with_name(file.name + KEY_SUFFIX), file.with_name(KEY_FILE))
    there = [path for path in candidates if path.is_file()]
    if not there:
        return
    chosen = next((path for path in there if _fingerprint(path) in wanted), there[0])
    target = staging.data_dir / KEY_FILE
    make_private_file(target)
    target.write_bytes(chosen.read_bytes())


def _fingerprint(path: Path) -> str | None:
    try:
        return HashKey(bytes.fromhex(path.read_text(encoding="ascii").strip())).fingerprint
    except (OSError, ValueError):
        return None


def _erasures_since(settings: Settings, file: Path, prepared: Path) -> tuple[list[Erasure], int]:
    """Return what was erased after a backup was made, and how many notes of erasures no key opens."""
    journals = [settings.data_dir / JOURNAL_FILE, file.with_name(JOURNAL_FILE)]
    if settings.backup_folder is not None:
        journals.append(settings.backup_folder / JOURNAL_FILE)
    keys = [key_beside(prepared)]
    if (settings.data_dir / KEY_FILE).is_file():
        with contextlib.suppress(HalnError):
            keys.append(key_beside(settings.database_path))
    known = known_erasures(prepared)
    found: dict[str, Erasure] = {}
    closed: set[str] = set()
    for key in keys:
        opened, others = erasures(journals, key)
        found |= {each.name: each for each in opened}
        closed |= others
    return [each for each in found.values() if each.name not in known], len(closed - found.keys() - known)


def _keep(database: Path, now: datetime) -> Path | None:
    """Keep the database that is about to be replaced under another name; where it is."""
    if not database.exists():
        return None
    kept = database.with_name(f"{KEPT}{now:%Y%m%d-%H%M%S}.db")
    for suffix in ("", *BESIDE):
        part = database.with_name(database.name + suffix)
        if not part.exists():
            continue
        target = kept.with_name(kept.name + suffix)
        try:
            os.link(part, target)
        except OSError:  # a drive without links
            shutil.copyfile(part, target)
            target.chmod(0o600)
    sync_file(kept)
    return kept


def _put_in_place(staging: Settings, settings: Settings) -> None:
    """Replace the database by the prepared copy. A log that belonged to the old one would be read into the new one."""
    for suffix in BESIDE:
        settings.database_path.with_name(settings.database_path.name + suffix).unlink(missing_ok=True)
    prepared_key, key = staging.data_dir / KEY_FILE, settings.data_dir / KEY_FILE
    if _fingerprint(prepared_key) != _fingerprint(key):
        if key.exists():
            key.replace(key.with_name(f"{KEY_FILE}.before-restore"))
        prepared_key.replace(key)
    staging.database_path.replace(settings.database_path)
    sync_file(settings.database_path)
    settings.index_path.unlink(missing_ok=True)
    settings.lexical_index_path.unlink(missing_ok=True)
