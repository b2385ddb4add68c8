"""The names in a sentence (organisations, people, places, acronyms, months) and whether a text has them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from knowledge.language.words import is_function_word, stems, words

_TOKEN = re.compile(r"[^\W_]+(?:['’&.][^\W_]+)*")
_BEGINS_AFTER = re.compile(r"[.!?:;]['\"’”)]*\s+['\"‘“(]*$|[\"‘“(]$|(?:^|\s)'$")
_POSSESSIVE = re.compile(r"['’]s?$")
# Said of nearly every name, and as often left out of it.
_SILENT = "nhs"
# Words that begin sentences and that evidence need not have, besides function words.
_OPENING_WORDS = """
    according across additionally alongside although another based beyond common despite evidence examples example
    finally following furthermore given however if including instead key later many moreover nonetheless one others
    otherwise overall rather several similarly since specifically still then therefore though thus together unlike
    using various whereas whether within yes
"""
_OPENING = frozenset(_OPENING_WORDS.split())


class ProperName(NamedTuple):
    """Words with capitals that follow one another, as written.

    `opens` says that the first of them begins a sentence, where an ordinary word has a capital too.
    """

    shown: str
    opens: bool

    @property
    def keys(self) -> list[str]:
        """The words as they are compared."""
        return [_key(word) for word in _TOKEN.findall(self.shown)]


def proper_names(sentence: str) -> list[ProperName]:
    """What a sentence names, in order."""
    return [name for group in _groups(sentence) if (name := _named(group, sentence)) is not None]


def has_name(text: str, name: ProperName) -> bool:
    """Whether a text has all the words of a name, one after the other.

    A word that begins the sentence may be an ordinary one: then the text has to have it in some form, with a small
    letter if other words with capitals follow it.
    """
    if _together(name.keys, text):
        return True
    if not name.opens:
        return False
    first, *rest = name.keys
    if not rest:
        return stems([first])[0] in stems(words(text))
    ordinary = [word for word in _TOKEN.findall(text) if word.islower()]
    return stems([first])[0] in stems([_key(word) for word in ordinary]) and _together(rest, text)


def _groups(sentence: str) -> Iterator[list[re.Match[str]]]:
    tokens = list(_TOKEN.finditer(sentence))
    group: list[re.Match[str]] = tokens[:1] if tokens and _capital(tokens[0].group()) else []
    for before, token in pairwise(tokens):
        gap = sentence[before.end() : token.start()]
        # "Barts Health's Green Plan" is two names; "Leeds (LTHT)" is two as well.
        if not _capital(token.group()) or gap.strip() or _POSSESSIVE.search(before.group()):
            yield group
            group = []
        if _capital(token.group()):
            group.append(token)
    yield group


def _named(group: list[re.Match[str]], sentence: str) -> ProperName | None:
    opens = bool(group) and _begins(sentence, group[0])
    if opens and (is_function_word(group[0].group()) or group[0].group().lower() in _OPENING):
        group, opens = group[1:], False
    group = [token for token in group if not is_function_word(token.group()) or _acronym(token.group())]
    if not group:
        return None
    if _acronym(group[0].group()):
        opens = False
    return ProperName(sentence[group[0].start() : group[-1].end()], opens)


def _begins(sentence: str, token: re.Match[str]) -> bool:
    before = sentence[: token.start()]
    return not before.strip(" '\"‘“(") or _BEGINS_AFTER.search(before) is not None


def _together(keys: list[str], text: str) -> bool:
    present = [_key(word) for word in _TOKEN.findall(text)]
    whole, kept = f" {' '.join(present)} ", [key for key in keys if key != _SILENT]
    if f" {' '.join(keys)} " in whole:
        return True
    silent = f" {' '.join(word for word in present if word != _SILENT)} "
    return bool(kept) and f" {' '.join(kept)} " in silent and (kept == keys or _SILENT in present)


def _capital(token: str) -> bool:
    return any(c.isupper() for c in token)


def _acronym(token: str) -> bool:
    return len(token) > 1 and sum(c.isupper() for c in token) > 1


def _key(token: str) -> str:
    """A word as it is compared: without a possessive ending, the plural s of an acronym, and accents."""
    bare = _POSSESSIVE.sub("", token)
    if len(bare) > 2 and bare.endswith("s") and bare[:-1].isupper():
        bare = bare[:-1]
    return " ".join(words(bare)) or bare.lower()
