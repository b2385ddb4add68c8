"""Things that a question names (organisations, acronyms, places, years) and whether a text speaks of them."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from knowledge.language.stop_words import NAME_JOINERS as SMALL_WORDS
from knowledge.language.words import is_function_word, words
from knowledge.retrieval.query import Query

YEAR = re.compile(r"\b((?:19|20)\d\d)(?:\s?[/–-]\s?\d\d(?:\d\d)?)?\b")
_TOKEN = re.compile(r"[\w'’&]+")
# Whole countries are asked about in ways that evidence need not repeat ("light on members from Wales?"
# - "most are England-based"), and these words are in nearly everything.
_TOO_WIDE_WORDS = """
    uk us usa america american england english scotland scottish wales welsh northern ireland irish ni britain british
    nhs covid haln gp i
"""
_TOO_WIDE = frozenset(_TOO_WIDE_WORDS.split())


class Named(NamedTuple):
    """A thing that a question names.

    `keys` are the words, lower case, that must all be in a text that speaks of it; so are those of each of
    `other_names`, by which a text may speak of it as well.
    """

    shown: str
    keys: tuple[str, ...]
    other_names: tuple[tuple[str, ...], ...] = ()

    @property
    def is_year(self) -> bool:
        """Whether it is a year: that belongs to whatever else is named, and is never asked for by itself."""
        return self.keys[0].isdigit()

    @property
    def is_acronym(self) -> bool:
        """Whether it is one word in capitals, long enough for its initials to mean something."""
        short = self.shown.removesuffix("s")
        return len(self.keys) == 1 and len(short) > 3 and short.isupper() and short.isalpha()


def named_things(query: Query, library_texts: Sequence[str]) -> list[Named]:
    """What the question names, in order.

    A capital letter marks a name, except on a sentence's first word: there the library's own spelling decides
    (`library_texts` are the chunks that search found): a name has its capital inside sentences, and always.
    """
    question = query.typed
    found: list[Named] = []
    group: list[re.Match[str]] = []
    first, follows = True, 0
    for match in _TOKEN.finditer(question):
        gap = question[follows : match.start()]
        first = first or bool(re.search(r"[.?!]\s", gap)) or " - " in gap
        follows = match.end()
        if group and gap.strip():
            found += _closed(group, question, library_texts)
        if _is_name(_bare(match.group()), first, library_texts) or (group and match.group().lower() in SMALL_WORDS):
            group.append(match)
        else:
            found += _closed(group, question, library_texts)
        first = False
    found += _closed(group, question, library_texts)
    found += [Named(match.group(), (match.group(1),)) for match in YEAR.finditer(question)]
    return [
        named._replace(other_names=_other_names(named, query))
        for named in found
        if not all(key in _TOO_WIDE for key in named.keys)
    ]


def supports(text: str, named: Named) -> bool:
    """Whether the text has all the words of one of the names."""
    in_order = words(text)
    present = {word.removesuffix("'s") for word in in_order}
    return any(
        all(key in present or key in _TOO_WIDE or _shortened(key, present) for key in keys)
        for keys in (named.keys, *named.other_names)
    ) or (named.is_acronym and _has_initials(in_order, named.keys[0]))


def _shortened(key: str, present: Collection[str]) -> bool:
    """Whether a key is a place cut short with an s (Lancs, Notts) of a word that is present."""
    return len(key) > 4 and key.endswith("s") and any(word.startswith(key[:-1]) for word in present)


def _has_initials(in_order: Sequence[str], acronym: str) -> bool:
    """Whether consecutive words begin with an acronym's letters: "long term workforce plan" for LTWP."""
    initials = "".join(word[0] for word in in_order)
    return acronym in initials or acronym.removesuffix("s") in initials


def _other_names(named: Named, query: Query) -> tuple[tuple[str, ...], ...]:
    """A name with its slips mended, with its acronyms spelled out, and in short where it has an acronym."""
    forms: list[tuple[str, ...]] = []
    mended = {typed.lower(): word for typed, word in query.mended.items()}
    if any(key in mended for key in named.keys):
        forms.append(tuple(mended.get(key, key) for key in named.keys))
    longs = {short.lower(): words(long) for short, long in query.spelled_out.items()}
    if len(named.keys) == 1 and named.shown.endswith("s") and named.shown[:-1].isupper():
        forms.append((named.keys[0][:-1],))  # ICSs: what is said of an ICS is said of them
    if any(key in longs for key in named.keys):
        spelled = [part for key in named.keys for part in longs.get(key, [key])]
        forms.append(tuple(part for part in spelled if part not in SMALL_WORDS))
    for long, short in query.abbreviated.items():
        whole = {part for part in words(long) if part not in SMALL_WORDS}
        if whole <= set(named.keys):
            forms.append((*(key for key in named.keys if key not in whole), short.lower()))
    return tuple(forms)


def _closed(group: list[re.Match[str]], question: str, library_texts: Sequence[str]) -> list[Named]:
    """The collected words as names; empties the collection.

    "Apple Trust and Pear Council" are two names, "Mid and South Essex" is one: where a small word or a possessive joins
    two parts, the library decides. They are two if it has both and never writes them together.
    """
    parts: list[list[re.Match[str]]] = [[]]
    for place, match in enumerate(group):
        if match.group().lower() in SMALL_WORDS:
            continue
        before = group[place - 1].group() if place else ""
        joined = before.lower() in SMALL_WORDS or before != _bare(before)
        if parts[-1] and joined and _are_two(parts[-1][-1], match, question, library_texts):
            parts.append([])
        parts[-1].append(match)
    group.clear()
    return [
        Named(
            _bare(question[part[0].start() : part[-1].end()]),
            tuple(_bare(match.group()).lower().replace("’", "'") for match in part),
        )
        for part in parts
        if part
    ]


def _are_two(left: re.Match[str], right: re.Match[str], question: str, library_texts: Sequence[str]) -> bool:
    def written(text: str) -> bool:
        pattern = re.compile(rf"\b{re.escape(text)}\b", re.IGNORECASE)
        return any(pattern.search(library_text.replace("’", "'")) for library_text in library_texts)

    together = question[left.start() : right.end()].replace("’", "'")
    return not written(together) and written(_bare(left.group())) and written(_bare(right.group()))


def _bare(word: str) -> str:
    """A word without a possessive ending or quotation marks."""
    return re.sub(r"['’]s$", "", word).strip("'’")


def _is_name(token: str, first: bool, library_texts: Sequence[str]) -> bool:
    if len(token) < 2 or not token[0].isupper():
        return False
    if token.isupper():
        # Two letters that the library never writes are a member's own shorthand.
        return len(token) > 2 or any(token in text for text in library_texts)
    if is_function_word(token):
        return False
    if not first:
        return True
    lower = re.compile(rf"\b{re.escape(token.lower())}\b")
    capital = re.compile(rf"(?<=[a-z,;:(] ){re.escape(token)}\b")
    return any(capital.search(text) for text in library_texts) and not any(lower.search(text) for text in library_texts)
