"""Removes a network from an installation: what it shows and whose its servers are first, then everything it holds.

What is cut off is gone on with when it is called again: the register is cleared before the first file goes, so that no
process opens the network any more.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.backup.backup import make_backup
from knowledge.domain.library import Noun
from knowledge.domain.networks import MAIN
from knowledge.errors import QuestionError, SettingsError, StorageError
from knowledge.networks.directory import own_servers
from knowledge.storage.engines import drop_database
from knowledge.storage.networks import REGISTER, NetworkRegister
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, copy_missing
from knowledge.storage.sqlite.hash_key import KEY_FILE
from knowledge.storage.sqlite.private_files import make_private_folder
from knowledge.storage.sqlite.snapshot import is_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.settings import Settings

# In the data directory: what is kept of networks that were removed, where no folder for backups is set.
_KEPT = "removed"
_TIME = "%Y%m%d-%H%M%S"


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
        SettingsError: There is none of that name, nor anything left of one.
    """
    if name in (MAIN, REGISTER):
        raise QuestionError(f"The network {name} cannot be removed: it is the installation's own.")
    own = settings.for_network(name)
    with NetworkRegister.opened(settings) as register:
        known = [one.name for one in register.all()]
        servers = {number for number, owner in register.servers().items() if owner == name}
    if name not in known:
        if not own.data_dir.exists() and not drop_database(own, only_look=True):
            raise SettingsError(f"There is no network {name} here, only {', '.join(known)}.")
        return ()  # what was cut off goes on
    if _is_there(own):
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
    settings: Settings, name: str, now: datetime, *, with_servers: bool, unshare: Callable[[Settings], object]
) -> RemovedNetwork:
    """Remove a network; `unshare` takes what it showed out of another network's library.

    Raises:
        QuestionError: See `removable`; nothing was changed then.
        SettingsError: See `removable`.
        StorageError: It cannot be backed up or deleted.
    """
    servers = removable(settings, name, with_servers=with_servers)
    own = settings.for_network(name)
    kept = _keeping_place(own)
    backup = None
    if own.database_url is None and is_database(own.database_path):
        make_private_folder(kept)
        backup = make_backup(own, kept / f"{name}-{now.strftime(_TIME)}.db").file
    _keep_erasures(own, kept)
    with NetworkRegister.opened(settings) as register:
        shown_to = register.remove(name)
    for other in shown_to:
        unshare(settings.for_network(other))
    drop_database(own)
    try:
        if own.data_dir.exists():
            shutil.rmtree(own.data_dir)
    except OSError as error:
        raise StorageError(
            f"{error.filename or own.data_dir} cannot be deleted ({error.strerror}). Stop what uses the network "
            f"{name}, then run `haln network remove {name}` again."
        ) from None
    return RemovedNetwork(
        network=name,
        servers=servers,
        shown_to=shown_to,
        backup=backup,
        kept=str(kept) if kept.is_dir() else None,
    )


def _is_there(own: Settings) -> bool:
    return is_database(own.database_path) if own.database_url is None else drop_database(own, only_look=True)


def _keeping_place(own: Settings) -> Path:
    return own.backup_folder or own.installation.data_dir / _KEPT / own.network


def _keep_erasures(own: Settings, kept: Path) -> None:
    """Put the notes of what was erased, and the key that they are sealed with, beside the backups."""
    journal, key = own.data_dir / JOURNAL_FILE, own.data_dir / KEY_FILE
    try:
        if own.database_url is not None and key.is_file():  # with a file the key goes with the backup
            make_private_folder(kept)
            shutil.copy2(key, kept / KEY_FILE)
        if journal.is_file():
            make_private_folder(kept)
            copy_missing(journal, kept / JOURNAL_FILE)
    except OSError as error:
        raise StorageError(f"{kept} cannot be written ({error.strerror}). Nothing was removed.") from None
