"""The journal of erasures, kept beside the database and sealed, so that a restored backup brings none of it back.

Each erasure has a random name, which stands in the database too. A backup that does not know a name was made before
that erasure: no clock decides it. Who was erased is readable with the key file alone.
"""

import base64
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import StorageError
from knowledge.storage.library_protocols import Erased, Erasure
from knowledge.storage.sqlite.hash_key import HashKey
from knowledge.storage.sqlite.private_files import make_private_file

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

JOURNAL_FILE = "erasures.jsonl"
# In the database: `erased:` and the name of an erasure.
FLAG = "erased:"


def note(path: Path, key: HashKey, sort: Erased, subject: str, detail: str = "") -> str:
    """Add an erasure to a journal and return its name; once this returns it is on the disk.

    Raises:
        StorageError: It cannot be written.
    """
    name = secrets.token_hex(8)
    sealed = _cipher(key).encrypt(json.dumps([sort, subject, detail]).encode()).decode()
    line = json.dumps({"erasure": name, "sealed": sealed}) + "\n"
    try:
        make_private_file(path)
        with path.open("a", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written ({error.strerror}), and without it a backup could bring back what is deleted "
            "now. Nothing was deleted; make room, or make its folder writable."
        ) from None
    return name


def erasures(paths: Iterable[Path], key: HashKey) -> tuple[list[Erasure], set[str]]:
    """Return every erasure in these journals, in order and each once, and the names of those the key does not open."""
    from cryptography.fernet import InvalidToken

    found: dict[str, Erasure] = {}
    closed: set[str] = set()
    cipher = _cipher(key)
    for line in _lines(paths):
        try:
            entry = json.loads(line)
            name, sealed = entry["erasure"], entry["sealed"]
            sort, subject, detail = json.loads(cipher.decrypt(sealed))
            found.setdefault(name, Erasure(name, Erased(sort), subject, detail))
        except InvalidToken:
            closed.add(name)
        except (ValueError, KeyError, TypeError):
            continue  # the last line of a process that was killed while it wrote
    return list(found.values()), closed - found.keys()


def known_erasures(database: Path) -> set[str]:
    """Return the names of the erasures that were made before a database was copied."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT name FROM flags WHERE name LIKE ?", [f"{FLAG}%"])
        return {row[0].removeprefix(FLAG) for row in rows}


def copy_missing(source: Path, target: Path) -> None:
    """Add to a journal what another one holds and it does not.

    Raises:
        OSError: One of the two cannot be read or written.
    """
    held = set(_lines([target]))
    missing = [line for line in _lines([source]) if line not in held]
    if missing:
        make_private_file(target)
        with target.open("a", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in missing)
            file.flush()
            os.fsync(file.fileno())


def _lines(paths: Iterable[Path]) -> list[str]:
    lines: list[str] = []
    for path in paths:
        try:
            lines += path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            continue
    return [line for line in lines if line.strip()]


def _cipher(key: HashKey) -> "Fernet":
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(key.hashed("erasures\0"))))
