"""Names that people have, and names that look like theirs: read from the lists in `names/`, once for a finder."""

import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from knowledge.language.nations import read_places

# Letters that are no letter with a mark, so that taking marks away does not make them plain.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "’": "'"})


@dataclass(frozen=True)
class NameLists:
    """Given and family names, those of them that are words as well, and what is called like a person and is none.

    Of the given names, `common` are the best known.

    All in lower case without accents. `places` and `namesakes` are of one word or more, as texts have them.
    """

    given: frozenset[str]
    common: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]
    places: frozenset[str]
    namesakes: frozenset[str]
    organisation_words: frozenset[str]
    named_things: frozenset[str]

    @classmethod
    def read(cls) -> Self:
        """Return the lists that come with the assistant."""
        given, family, gazetteer = (_sections(f"{name}.txt") for name in ("given_names", "family_names", "gazetteer"))
        places = {plain(place) for nation in read_places().values() for place in nation}
        return cls(
            given=frozenset(" ".join(given.values()).split()),
            family=frozenset(" ".join(family.values()).split()),
            common=frozenset(f"{given['common']} {given['common words']}".split()),
            words=frozenset(f"{given['words']} {given['common words']} {family['words']}".split()),
            places=frozenset(places | _entries(gazetteer["places"])),
            namesakes=frozenset(_entries(gazetteer["namesakes"])),
            organisation_words=frozenset(gazetteer["words of organisations"].split()),
            named_things=frozenset(gazetteer["named things"].split()),
        )


def plain(text: str) -> str:
    """Return a text in lower case, without accents."""
    lower = text.lower().translate(_PLAIN)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def _entries(section: str) -> set[str]:
    return {plain(entry.strip()) for entry in section.split(";")}


def _sections(file: str) -> dict[str, str]:
    """Return the lines of a file below each [heading], joined; what stands above the first is under no name."""
    sections: dict[str, str] = {}
    heading = ""
    for line in (files(__package__) / "names" / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            sections[heading] = f"{sections.get(heading, '')} {line}"
    return sections
