"""Other languages than English: gettext catalogues, one file `LANGUAGE.po` a language, found by its BCP 47 code.

A new language is a copy of `cy.po` with other translations under a new name. What a catalogue lacks stays English.
"""

import functools
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.pofile import read_po

ENGLISH = "en"
FOLDER = Path(__file__).parent


class Language(NamedTuple):
    """A language that there are texts in: its code and its own name."""

    code: str
    name: str


def languages() -> list[Language]:
    """Return English and every language that there is a catalogue for."""
    codes = [ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po"))]
    return [Language(code, (Locale.parse(code, sep="-").display_name or code).title()) for code in codes]


def translated(text: str, language: str) -> str:
    """Return the text in that language where its catalogue has it; else as it is."""
    return catalogue_of(language).get(text, text)


@functools.cache
def catalogue_of(language: str) -> dict[str, str]:
    """Return the texts of a language by the English ones; empty for English and where there is no catalogue."""
    path = FOLDER / f"{language}.po"
    if language == ENGLISH or not path.is_file():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
    }
