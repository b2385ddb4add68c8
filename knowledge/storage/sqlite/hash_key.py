"""The key of the hashes that stand for people: in a file of its own beside the database, so that neither undoes them.

Ids of people are few and known: whoever has a hash without a key, or with its key, tries them all within seconds.
"""

import hashlib
import hmac
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from knowledge.errors import StorageError
from knowledge.storage.sqlite.private_files import close_to_others

KEY_FILE = "haln.key"
_BYTES = 32
_FORM = re.compile(r"[0-9a-f]{64}")
_FINGERPRINT = 16
_log = logging.getLogger(__name__)


class HashKey:
    """A secret key; what it makes of a text cannot be told from chance without it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @property
    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that tell this key from others and nothing about it."""
        return self.hashed("fingerprint\0")[:_FINGERPRINT]

    def hashed(self, text: str) -> str:
        """Return the text's hash, 64 hexadecimal digits."""
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def key_beside(database: Path) -> HashKey:
    """Return the key of a database; one is made where there is none.

    Raises:
        StorageError: The file cannot be read or made, or is no key.
    """
    path = database.with_name(KEY_FILE)
    try:
        if not path.exists():
            _make(path)
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"The key file {path} cannot be read or made ({error}). Check who may read it.") from None
    if not _FORM.fullmatch(text):
        raise StorageError(
            f"{path} is no key (64 hexadecimal digits). Put a backup in its place, or move it away: then a new one is "
            "made, and members cannot be shown any more what they asked before."
        )
    close_to_others(path)
    return HashKey(bytes.fromhex(text))


def database_file(connection: sqlite3.Connection) -> Path:
    """Return the file that a connection works on."""
    return Path(next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"))


def register(connection: sqlite3.Connection, key: HashKey, moment: str) -> None:
    """Note that a key is used from a moment on. The caller holds a write transaction.

    Where an earlier one is lost, nobody knows who wished that their posts be left out: then no post is kept at all.
    """
    earlier = _known(connection)
    connection.execute("INSERT INTO hash_keys (fingerprint, since) VALUES (?, ?)", [key.fingerprint, moment])
    if not earlier:
        return
    _log.warning(
        "%s is not the key that this database was used with. Put the earlier one back from a backup. Until then "
        "members can neither be shown nor have deleted what they asked before.",
        database_file(connection).with_name(KEY_FILE),
    )
    if connection.execute("SELECT 1 FROM post_opt_outs LIMIT 1").fetchone():
        connection.execute("DELETE FROM posts")
        connection.execute("UPDATE forums SET searchable = 0")
        _log.warning("Forum posts are no longer found: who wished theirs to be left out is not known without that key.")


def is_registered(connection: sqlite3.Connection, key: HashKey) -> bool:
    """Return whether a database was used with this key before, or keeps nothing that is made with one."""
    with_keys = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hash_keys'").fetchone()
    return with_keys is None or key.fingerprint in _known(connection)


def _known(connection: sqlite3.Connection) -> Sequence[str]:
    return [row[0] for row in connection.execute("SELECT fingerprint FROM hash_keys")]


def _make(path: Path) -> None:
    """Make a key file that is whole from its first moment; of two processes that begin at once, one makes it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a drive without hard links
            if not path.exists():
                draft.replace(path)
        _settle(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Bring a folder's list of files onto the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
