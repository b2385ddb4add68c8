"""Acronyms that documents themselves explain: "East London NHS Foundation Trust (ELFT)", "the NHS Long Term Plan"."""

import re
from itertools import dropwhile

from knowledge.domain.library import Acronym
from knowledge.language.words import NAME_JOINERS

# A word that names leave out of their acronyms as often as not.
_SILENT = "NHS"
_BRACKETED = re.compile(r"\(([A-Z][A-Za-z&]{1,7})\)")
_WORD = re.compile(r"[\w’'&-]+")
# The words have an end, so that one of a hundred thousand letters is not read anew from each of them.
_CAPITALS = re.compile(r"[A-Z][\w’'-]{0,60}(?:,? (?:(?:and|of|the|for|&) )?[A-Z][\w’'-]{0,60})+")
_LOOKED_BACK = 120
_MOST_WORDS = 9
# The initials of two words stand for too much; of more than six nobody makes an acronym.
_FEWEST_INITIALS, _MOST_INITIALS = 3, 6


def find_acronyms(text: str) -> set[Acronym]:
    """Return the acronyms that a text states, and the initials of the names in it."""
    found = {
        Acronym(short, long, stated=True)
        for match in _BRACKETED.finditer(text)
        if (short := _singular(match.group(1)))
        and (long := _spelled_out(short, text[max(0, match.start() - _LOOKED_BACK) : match.start()]))
    }
    for match in _CAPITALS.finditer(text):
        words = (word for word in _WORD.findall(match.group()) if word != _SILENT)
        name = list(dropwhile(lambda word: word.lower() in NAME_JOINERS, words))
        initials = "".join(word[0].upper() for word in name if word.lower() not in NAME_JOINERS)
        if _FEWEST_INITIALS <= len(initials) <= _MOST_INITIALS and initials.isalpha():
            found.add(Acronym(initials, " ".join(name), stated=False))
    return found


def _spelled_out(short: str, before: str) -> str | None:
    """Return the last words before an acronym whose initials it is made of, or `None`."""
    words = list(_WORD.finditer(before))[-_MOST_WORDS:]
    letters = [letter for letter in reversed(short.upper()) if letter.isalpha()]
    position = 0
    for place in range(len(words) - 1, -1, -1):
        word = words[place].group()
        if position < len(letters) and word[0].upper() == letters[position]:
            position += 1
            if position == len(letters):
                return before[words[place].start() :].strip()
        elif word.lower() not in NAME_JOINERS and word != _SILENT:
            return None
    return None


def _singular(short: str) -> str:
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[:-1].isupper() else short
