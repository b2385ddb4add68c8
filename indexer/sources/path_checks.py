"""Checks of paths: a name that can be stored, inside the folder that somebody gave."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.errors import SourceError

_MOST_NAMED = 5


def require_storable(name: str) -> None:
    """Accept a name that is text. The bytes of one that is not UTF-8 come as lone halves of characters.

    Raises:
        SourceError: It is not.
    """
    if storable(name) != name:
        raise SourceError("its name is not text in UTF-8, so it cannot be cited; give it another name")


def storable(name: str) -> str:
    """Return a name with a question mark for everything in it that is not text."""
    return name.encode("utf-8", "replace").decode("utf-8")


def leads_outside(path: Path, root: Path) -> bool:
    """Return whether a link, itself or one above it, leads out of the folder `root`, or to nowhere that can be told."""
    try:
        return not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a link to itself
        return True


def links_outside(links: Sequence[Path]) -> list[str]:
    """Return one line on links that were not followed; none where there are none."""
    if not links:
        return []
    named = ", ".join(map(str, links[:_MOST_NAMED])) + (", ..." if len(links) > _MOST_NAMED else "")
    several = len(links) > 1
    return [
        f"{len(links)} {'links lead' if several else 'link leads'} out of the folder and "
        f"{'were' if several else 'was'} not followed: {named}. Copy what {'they lead' if several else 'it leads'} to "
        "into the folder, or add it by its own path"
    ]
