"""The words that names are made of: those that tell an organisation, that go on a name, or that are in nearly all."""

import functools
import re

from knowledge.language.nations import ALL_NATIONS, nation_terms
from knowledge.language.words import NAME_JOINERS, words

_TELLING_TEXT = """
    nhs trust foundation hospital hospitals council university universities board alliance infirmary college icb ccg
"""
_CONTINUING_TEXT = """
    teaching health healthcare care partnership partners network city county borough clinic charity institute centre
    authority
"""
# Words that tell that a name is an organisation's.
TELLING = frozenset(_TELLING_TEXT.split())
# Words that such names go on with, typed with a capital or not, and that are no names by themselves.
CONTINUING = TELLING | frozenset(_CONTINUING_TEXT.split())
# Words of organisations' and regions' names in the catalogue that stand in other names, too.
_COMMON_TEXT = """
    and of the north east south west northern eastern southern western mid greater region social community service
    services public national learning innovation unit equity evidence first group programme project authors study
    development supplier government planning
"""
COMMON = CONTINUING | frozenset(_COMMON_TEXT.split())
# Ends of organisations' names that texts leave out once the name is known: "Barts Health" is "Barts Health NHS Trust".
LEFT_OUT = frozenset({"nhs", "foundation", "trust", "ft"})
# Said of nearly every name, and as often left out of it.
SILENT = "nhs"
# Whole countries are asked about in ways that evidence need not repeat ("light on members from Wales?" - "most are
# England-based"), and the other words are in nearly everything.
WIDE = frozenset(
    {part for nation in ALL_NATIONS for term in nation_terms(nation) for part in term.split()}
    | {"us", "usa", "irish", "ni", "britain", "british", "nhs", "covid", "haln", "gp"}
)
# Words that begin sentences and that evidence need not have, besides stop words.
_OPENING_TEXT = """
    according across additionally alongside although another based beyond common despite evidence examples example
    finally following furthermore given however if including instead key later many moreover nonetheless one others
    otherwise overall rather several similarly since specifically still then therefore though thus together unlike
    using various whereas whether within yes
"""
OPENING = frozenset(_OPENING_TEXT.split())


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


@functools.lru_cache(maxsize=4096)
def keys_of(token: str) -> tuple[str, ...]:
    """Return a token as it is compared: lower case, without accents and the plural s of an acronym, small words out."""
    bare = token[:-1] if len(token) > 2 and token.endswith("s") and token[:-1].isupper() else token
    return tuple(word for word in words(bare) if word not in NAME_JOINERS)


def comparable(text: str) -> list[str]:
    """Return the words of a text, in order, as names are compared with them; the small words stay."""
    found: list[str] = []
    for match in TOKEN.finditer(text):
        token = match.group()
        found += keys_of(token) or (token.lower(),)
    return found
