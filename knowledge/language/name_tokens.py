"""Tokens of which names are made, and the keys by which two names are compared."""

import re

from knowledge.language.stop_words import NAME_JOINERS
from knowledge.language.words import words

# Without a possessive ending, and whole with the small words inside: "King" of "King's", "Stoke-on-Trent".
_PART = r"[^\W_]+(?:(?:['’](?!s\b)|&|\.(?=[^\W_]))[^\W_]+)*"
TOKEN = re.compile(rf"(?!(?<=\w['’])s\b)(?:{_PART}(?:-(?:on|in|upon|by|the|of|le|under)-{_PART})*|&)")
# What stands between a possessive and the word after it.
POSSESSIVE_GAP = re.compile(r"['’]s? ")
_BEGINS_AFTER = re.compile(r"[.!?:;]['\"’”)]*\s+['\"‘“(]*$|\s[-–—]\s+$|[\"‘“(]$|(?:^|\s)'$")


def begins_sentence(text: str, start: int) -> bool:
    """Return whether a token at `start` is the first word of a sentence, where any word may have a capital."""
    before = text[:start]
    return not before.strip(" '\"‘“(") or _BEGINS_AFTER.search(before) is not None


def is_acronym(token: str) -> bool:
    """Return whether a token has more than one capital: "ELFT", "ICSs"."""
    return sum(character.isupper() for character in token) > 1


def keys_of(token: str) -> list[str]:
    """Return a token as it is compared: lower case, without accents and the plural s of an acronym, small words out."""
    bare = token[:-1] if len(token) > 2 and token.endswith("s") and token[:-1].isupper() else token
    return [word for word in words(bare) if word not in NAME_JOINERS]


def comparable(text: str) -> list[str]:
    """Return the words of a text, in order, as names are compared with them; the small words stay."""
    found: list[str] = []
    for match in TOKEN.finditer(text):
        token = match.group()
        found += keys_of(token) or [token.lower()]
    return found
