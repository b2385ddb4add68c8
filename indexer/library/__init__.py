"""The starter library that ships with the assistant: one Markdown file per item, in a folder per kind."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from indexer.parsing import parse_file
from indexer.sources.metadata import metadata_from
from knowledge.types import Document

LOCATION_PREFIX = "starter:"


def item_files() -> list[Traversable]:
    """The items' files, by folder and name."""
    folders = sorted((f for f in files(__name__).iterdir() if f.is_dir()), key=lambda f: f.name)
    return [
        item
        for folder in folders
        for item in sorted(folder.iterdir(), key=lambda f: f.name)
        if item.name.endswith(".md")
    ]


def starter_documents() -> Iterator[Document]:
    """Every item as a document. Its id is its file's name."""
    for item in item_files():
        parsed = parse_file(item.name, item.read_bytes())
        name = item.name.removesuffix(".md")
        yield Document(
            location=LOCATION_PREFIX + name,
            suggested_id=name,
            metadata=metadata_from(parsed.title, parsed.front_matter, _link(parsed.front_matter)),
            sections=parsed.sections,
        )


def _link(front_matter: object) -> dict[str, object]:
    """An item links to its source."""
    return {"url": front_matter.get("source_url")} if isinstance(front_matter, dict) else {}


def starter_version() -> str:
    """A digest of all items: changes when a release changes the library."""
    digest = hashlib.sha256()
    for item in item_files():
        digest.update(item.name.encode())
        digest.update(item.read_bytes())
    return digest.hexdigest()
