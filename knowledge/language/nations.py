"""The nations in the words of texts: their names, the adjectives of them, and the places that each has."""

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from knowledge.domain.vocabulary import Nation


class NationWords(NamedTuple):
    """The words for a nation, as written: its names, and adjectives, which need a noun ("Welsh")."""

    names: tuple[str, ...]
    adjectives: tuple[str, ...] = ()


# The four nations of the United Kingdom.
HOME_NATIONS = {
    Nation.ENGLAND: NationWords(("England",), ("English",)),
    Nation.SCOTLAND: NationWords(("Scotland",), ("Scottish",)),
    Nation.WALES: NationWords(("Wales",), ("Welsh",)),
    Nation.NORTHERN_IRELAND: NationWords(("Northern Ireland",), ("Northern Irish",)),
}
# All that documents are of.
ALL_NATIONS = {
    **HOME_NATIONS,
    Nation.UK: NationWords(("UK", "United Kingdom")),
    Nation.INTERNATIONAL: NationWords(
        ("United States", "America", "Canada", "Australia", "Netherlands"), ("American",)
    ),
}


def home_nation(text: str) -> Nation | None:
    """Return the nation of the United Kingdom that a name or adjective in any case is of."""
    plain = text.lower()
    return next((nation for nation in HOME_NATIONS if plain in nation_terms(nation)), None)


def nation_in(text: str) -> Nation | None:
    """Return the one nation of the United Kingdom that a text has by name or adjective; `None` for none or several."""
    lower = text.lower()
    found = [
        nation
        for nation in HOME_NATIONS
        if any(re.search(rf"\b{re.escape(term)}\b", lower) for term in nation_terms(nation))
    ]
    return found[0] if len(found) == 1 else None


def is_nation_adjective(text: str) -> bool:
    """Return whether a text is an adjective of a nation of the United Kingdom, in any case: "welsh"."""
    return any(text.lower() == word.lower() for known in HOME_NATIONS.values() for word in known.adjectives)


def nation_terms(nation: Nation) -> tuple[str, ...]:
    """Return the words by which texts speak of a nation, lower case."""
    known = ALL_NATIONS[nation]
    return tuple(word.lower() for word in (*known.names, *known.adjectives))


def read_places() -> Mapping[Nation, Sequence[str]]:
    """Return the places of each nation, as written. Reads a file of the package."""
    places: dict[Nation, list[str]] = {}
    for line in (files(__package__) / "places.txt").read_text(encoding="utf-8").splitlines():
        nation, colon, names = line.partition(":")
        if colon and not line.startswith("#"):
            places.setdefault(Nation(nation), []).extend(name.strip() for name in names.split(","))
    return places
