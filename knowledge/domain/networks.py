"""The nouns of an installation for several networks: the networks, their servers, and what one shows to another."""

from typing import Annotated

from pydantic import Field

from knowledge.domain.library import Noun

# The network that every installation has; its data are where they would be if there were no other.
MAIN = "main"
# Begins with a letter and is short: it becomes the name of a folder, of a schema, and a part of buttons' ids.
NAME_PATTERN = r"^[a-z][a-z0-9-]{0,19}$"


class Network(Noun):
    """A network of people with a library of its own. `added_at` is ISO 8601, UTC; `None` for the first one."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    added_at: str | None = None


class Share(Noun):
    """A set of documents that a network shows to another: those whose location fits a pattern with `*` and `?`."""

    network: str
    pattern: Annotated[str, Field(min_length=1, max_length=500)]
    shared_with: str
