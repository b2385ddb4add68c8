"""The starter library that ships with the assistant: one Markdown file per item, in a folder per kind."""

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.storage.library_protocols import LibraryStore

LOCATION_PREFIX = "starter:"
_FLAG = "starter_library"


def item_files() -> list[Traversable]:
    """Return the items' files, by folder and name."""
    folders = sorted((f for f in files(__name__).iterdir() if f.is_dir()), key=lambda f: f.name)
    return [
        item
        for folder in folders
        for item in sorted(folder.iterdir(), key=lambda f: f.name)
        if item.name.endswith(".md")
    ]


def starter_version() -> str:
    """Return a digest of all items: changes when a release changes the library."""
    digest = hashlib.sha256()
    for item in item_files():
        digest.update(item.name.encode())
        digest.update(item.read_bytes())
    return digest.hexdigest()


def is_stored(store: LibraryStore) -> bool:
    """Return whether this release's items are in a library already, or were and somebody removed some."""
    return store.flag(_FLAG) == starter_version()


def set_stored(store: LibraryStore) -> None:
    """Note that this release's items are in a library."""
    store.set_flag(_FLAG, starter_version())
