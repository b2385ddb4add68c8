"""Things that a question names (organisations, acronyms, places, years) and whether a text speaks of them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowledge.retrieval.terms import is_function_word, words

_YEAR = re.compile(r"\b((?:19|20)\d\d)(?:\s?[/–-]\s?\d\d(?:\d\d)?)?\b")
_TOKEN = re.compile(r"[\w'’&]+")
# Whole countries are asked about in ways that evidence need not repeat ("light on members from Wales?"
# - "most are England-based"), and these words are in nearly everything.
_TOO_WIDE_WORDS = """
    uk us usa america england english scotland scottish wales welsh northern ireland irish ni britain british
    nhs covid haln gp i
"""
_TOO_WIDE = frozenset(_TOO_WIDE_WORDS.split())
_SKIPPED_IN_INITIALS = frozenset({"and", "of", "the", "for", "in", "on", "&"})


class Named(NamedTuple):
    """A thing that a question names. `keys` are the words, lower case, that must all be in a text that speaks of it."""

    shown: str
    keys: tuple[str, ...]


def named_things(question: str, library_texts: Sequence[str]) -> list[Named]:
    """What the question names, in order.

    A capital letter marks a name, except on a sentence's first word: there the library's own spelling decides
    (`library_texts` are the chunks that search found): a name has its capital inside sentences, and always.
    """
    found: list[Named] = []
    group: list[re.Match[str]] = []
    first, follows = True, 0
    for match in _TOKEN.finditer(question):
        gap = question[follows : match.start()]
        first = first or bool(re.search(r"[.?!]\s", gap)) or " - " in gap
        follows = match.end()
        if group and gap.strip():
            found += _closed(group, question)
        if _is_name(_bare(match.group()), first, library_texts) or (
            group and match.group().lower() in _SKIPPED_IN_INITIALS
        ):
            group.append(match)
        else:
            found += _closed(group, question)
        first = False
    found += _closed(group, question)
    found += [Named(match.group(), (match.group(1),)) for match in _YEAR.finditer(question)]
    return [named for named in found if not all(key in _TOO_WIDE for key in named.keys)]


def supports(text: str, named: Named) -> bool:
    """Whether the text has all the words of a name, or words that its acronym abbreviates."""
    present = {word.removesuffix("'s") for word in words(text)}
    return all(
        key in present or key in _TOO_WIDE or (_acronym(named, key) and _initials_occur(key, text))
        for key in named.keys
    )


def _closed(group: list[re.Match[str]], question: str) -> list[Named]:
    """The collected words as one name; empties the collection."""
    while group and group[-1].group().lower() in _SKIPPED_IN_INITIALS:
        group.pop()
    if not group:
        return []
    shown = _bare(question[group[0].start() : group[-1].end()])
    parts = [match.group() for match in group if match.group().lower() not in _SKIPPED_IN_INITIALS]
    group.clear()
    return [Named(shown, tuple(_bare(part).lower().replace("’", "'") for part in parts))]


def _bare(word: str) -> str:
    """A word without a possessive ending or quotation marks."""
    return re.sub(r"['’]s$", "", word).strip("'’")


def _is_name(token: str, first: bool, library_texts: Sequence[str]) -> bool:
    if len(token) < 2 or not token[0].isupper():
        return False
    if token.isupper():
        return True
    if is_function_word(token):
        return False
    if not first:
        return True
    lower = re.compile(rf"\b{re.escape(token.lower())}\b")
    capital = re.compile(rf"(?<=[a-z,;:(] ){re.escape(token)}\b")
    return any(capital.search(text) for text in library_texts) and not any(lower.search(text) for text in library_texts)


def _acronym(named: Named, key: str) -> bool:
    return any(part.isupper() and part.lower() == key for part in named.shown.split())


def _initials_occur(acronym: str, text: str) -> bool:
    """Whether consecutive words of the text, small words left out, begin with the letters of the acronym."""
    significant = [word for word in words(text) if word not in _SKIPPED_IN_INITIALS]
    initials = "".join(word[0] for word in significant)
    return acronym in initials
