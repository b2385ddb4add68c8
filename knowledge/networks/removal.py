"""Removes a network from an installation: what it shows and whose its servers are first, then everything it holds.

The register is cleared before anything else, so that no process opens the network any more, and notes that a removal
has begun. Until the last backup is complete a failure takes that back; from then on what is cut off is gone on with
when it is called again, with that backup and no other.
"""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.backup.backup import KEY_SUFFIX, make_backup
from knowledge.domain.library import Noun
from knowledge.domain.networks import MAIN
from knowledge.errors import QuestionError, SettingsError, StorageBusyError, StorageError
from knowledge.networks.directory import no_network, own_servers
from knowledge.storage.engines import drop_database, with_database
from knowledge.storage.networks import REGISTER, NetworkRegister
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, copy_missing
from knowledge.storage.sqlite.hash_key import KEY_FILE
from knowledge.storage.sqlite.private_files import make_private_folder
from knowledge.storage.sqlite.snapshot import is_database, is_in_use

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.settings import Settings

# In the data directory: what is kept of networks that were removed, where no folder for backups is set.
_KEPT = "removed"
_TIME = "%Y%m%d-%H%M%S"
# A running bot lets go of a network once it has read the register anew and nobody works there.
_LOOK_SECONDS = 1.0
_LOOKS = 60


class RemovedNetwork(Noun):
    """A network that was removed: the servers that were its, whom it showed documents to, and where its backup is.

    `backup` is `None` where nothing was there to back up, or a server of PostgreSQL keeps it; `kept` is the folder with
    its key and the notes of what was erased, without which no older backup should be restored.
    """

    network: str
    servers: tuple[int, ...]
    shown_to: tuple[str, ...]
    backup: str | None
    kept: str | None


def removable(settings: Settings, name: str, *, with_servers: bool) -> tuple[int, ...]:
    """Return the servers of a network that may be removed.

    Raises:
        QuestionError: It is the first one, or servers are registered for it and `with_servers` is not set.
        SettingsError: There is none of that name, nor has the removal of one begun.
    """
    if name in (MAIN, REGISTER):
        raise QuestionError(f"The network {name} cannot be removed: it is the installation's own.")
    own = settings.for_network(name)
    with NetworkRegister.opened(settings) as register:
        if (begun := register.removals.unfinished(name)) is not None:
            return begun.servers  # what was cut off goes on
        if name not in {one.name for one in register.all()}:
            left = f" {own.data_dir} is none of theirs and stays as it is." if own.data_dir.exists() else ""
            raise SettingsError(f"{no_network(register, name)}{left}")
        servers = {number for number, owner in register.servers().items() if owner == name}
    if with_database(own, [name]):
        with own_servers(own) as registered:
            servers |= set(registered.ids())
    if servers and not with_servers:
        raise QuestionError(
            f"Servers belong to the network {name}: {', '.join(map(str, sorted(servers)))}. Take each out with `haln "
            "network remove-server ID`, or add --with-servers: the assistant then answers nobody there. Nothing was "
            "changed."
        )
    return tuple(sorted(servers))


def remove_network(
    settings: Settings,
    name: str,
    now: datetime,
    *,
    with_servers: bool,
    unshare: Callable[[Settings], object],
    wait: Callable[[float], object] = time.sleep,
) -> RemovedNetwork:
    """Remove a network; `unshare` takes what it showed out of another network's library, `wait` lets seconds pass.

    Raises:
        QuestionError: See `removable`; nothing was changed then.
        SettingsError: See `removable`.
        StorageError: It cannot be backed up, and stays as it was; or not be deleted, and calling again goes on.
        StorageBusyError: Somebody goes on working in it; it stays as it was.
    """
    servers = removable(settings, name, with_servers=with_servers)
    own = settings.for_network(name)
    kept = _keeping_place(own)
    with NetworkRegister.opened(settings) as register:
        removals = register.removals
        begun = removals.begin(name, now)
        if begun is None:
            raise SettingsError(f"There is no network {name} here any more: it was removed a moment ago.")
        backup = begun.backup
        if backup is None:
            try:
                _keep_erasures(own, kept)  # first, so that a place that cannot be written holds no backup either
                backup = _kept_backup(own, kept, now, wait)
            except BaseException:
                removals.cancel(name)
                raise
            removals.note_backup(name, backup)
        known = {one.name for one in register.all()}
        shown_to = sorted({one.shared_with for one in register.shares() if one.network == name} & known)
        for other in shown_to:
            unshare(settings.for_network(other))
        drop_database(own)
        _keep_erasures(own, kept)  # what was noted since
        _delete_folder(own)
        removals.finish(name)
    return RemovedNetwork(
        network=name,
        servers=servers,
        shown_to=tuple(shown_to),
        backup=backup or None,
        kept=str(kept) if kept.is_dir() else None,
    )


def _keeping_place(own: Settings) -> Path:
    return own.backup_folder or own.installation.data_dir / _KEPT / own.network


def _kept_backup(own: Settings, kept: Path, now: datetime, wait: Callable[[float], object]) -> str:
    """Return the path of a last backup, or an empty text where there is nothing to back up or a server does it.

    Beside a server's dump the key has to be kept, under a name of its own: that of an earlier removal stays.
    """
    file = is_database(own.database_path) if own.database_url is None else (own.data_dir / KEY_FILE).is_file()
    if not file:
        return ""
    if own.database_url is None:
        _wait_until_free(own, wait)
    try:
        make_private_folder(kept)
        if own.database_url is not None:
            shutil.copy2(own.data_dir / KEY_FILE, _free(kept, own.network, now, KEY_SUFFIX))
            return ""
    except OSError as error:
        raise _unwritable(own, kept, error) from None
    return make_backup(own, _free(kept, own.network, now, ".db")).file


def _wait_until_free(own: Settings, wait: Callable[[float], object]) -> None:
    """Wait until nobody has the database open: what they still write belongs into the backup.

    Raises:
        StorageBusyError: Somebody has it open after a minute.
    """
    for _ in range(_LOOKS):
        if not is_in_use(own.database_path):
            return
        wait(_LOOK_SECONDS)
    raise StorageBusyError(
        f"Somebody works in the network {own.network}. Stop its web page and other commands for it, then run `haln "
        f"network remove {own.network}` again. Nothing was changed."
    )


def _free(folder: Path, name: str, now: datetime, suffix: str) -> Path:
    """Return where nothing is yet: a clock that was set back, or a second removal at once, replaces no backup."""
    stem = f"{name}-{now.strftime(_TIME)}"
    number, file = 1, folder / f"{stem}{suffix}"
    while file.exists():
        number += 1
        file = folder / f"{stem}-{number}{suffix}"
    return file


def _keep_erasures(own: Settings, kept: Path) -> None:
    """Put the notes of what was erased, which are sealed with its key, beside the backups."""
    journal = own.data_dir / JOURNAL_FILE
    try:
        if journal.is_file():
            make_private_folder(kept)
            copy_missing(journal, kept / JOURNAL_FILE)
    except OSError as error:
        raise _unwritable(own, kept, error) from None


def _delete_folder(own: Settings) -> None:
    try:
        if own.data_dir.exists():
            shutil.rmtree(own.data_dir)
    except OSError as error:
        raise StorageError(
            f"{error.filename or own.data_dir} cannot be deleted ({error.strerror}). Stop what uses the network "
            f"{own.network}, then run `haln network remove {own.network}` again."
        ) from None


def _unwritable(own: Settings, kept: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{kept} cannot be written ({error.strerror}). Make room, or name another folder with HALN_BACKUP_FOLDER, "
        f"then run `haln network remove {own.network}` again."
    )
