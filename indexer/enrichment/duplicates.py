"""Near-duplicates: the same report as PDF and as web page. A sketch of each text, compared two by two.

A sketch is the smallest hashes of the text's runs of four words (a bottom-k sketch): the share of the smallest hashes
of both together that both have estimates how much of their text two documents share (Jaccard), to about 0.04.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from knowledge.domain.library import Metadata, StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.language.words import words

SKETCH_SIZE = 128
# Two exports of one report share more than this; two years' reports of one organisation share less.
SAME_SHARE = 0.7
_RUN = 4
# Shorter texts are not compared: two notes of a sentence may be alike and each of use.
_FEWEST_RUNS = 40
# A run of words in more documents than this is a form's, not a text's.
MOST_DOCUMENTS = 50
# Sketches that share fewer hashes are of documents that share less than `SAME_SHARE`, however short.
LEAST_SHARED = int(_FEWEST_RUNS * SAME_SHARE / 2)
# Words around a name or number that tell its place, on each side.
_AROUND = 3
# Of that many places, at least so many are ordinary words: names beside names tell no place.
_FEWEST_WORDS = 3
# Where one of two texts was read with slips, some places differ; a template's differ throughout.
_SLIPS = 0.005
_LONGEST_RAISED = 2
# Two readings of one report share nearly all numbers.
_FEWEST_NUMBERS = 4
_SAME_NUMBERS = 0.7
_TOKEN = re.compile(r"\w[\w’'&]*(?:[.,:/-]\w+)*")
_MARK = "\0"


def sketch(texts: Iterable[str]) -> frozenset[int]:
    """Return the sketch of a text; empty for one that is too short to be compared."""
    tokens = [word for text in texts for word in words(text)]
    runs = {" ".join(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)}
    if len(runs) < _FEWEST_RUNS:
        return frozenset()
    # 63 bits: SQLite's integers have a sign.
    hashes = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) >> 1 for run in runs]
    return frozenset(sorted(hashes)[:SKETCH_SIZE])


def shared(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of their text that two documents have in common, 0 to 1, as their sketches tell."""
    if not one or not other:
        return 0.0
    smallest = sorted(one | other)[:SKETCH_SIZE]
    return sum(value in one and value in other for value in smallest) / len(smallest)


def shown_instead(pairs: Iterable[tuple[str, str]], documents: Mapping[str, StoredDocument]) -> dict[str, str]:
    """Return, of documents that are nearly the same, the one that is shown in place of each other one."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        group = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(group, group)
    instead: dict[str, str] = {}
    for group in groups.values():
        best = min(group, key=lambda document_id: _rank(documents[document_id]))
        instead |= {document_id: best for document_id in group if document_id != best}
    return instead


def may_be_duplicates(one: StoredDocument, other: StoredDocument) -> bool:
    """Return whether two documents of nearly the same text are one: events and versions of two years are not.

    Nor are shared examples: a moderator saw what they nearly repeat, and decided to publish them.
    """
    kinds = {one.metadata.kind, other.metadata.kind}
    dates = {document.metadata.published for document in (one, other)} - {None}
    return not kinds & {Kind.EVENT, Kind.EXAMPLE} and len({str(date)[:4] for date in dates}) < 2


def _rank(document: StoredDocument) -> tuple[bool, int, str]:
    """Return the order of two documents: an address to go to comes first, then what is known of it."""
    return document.metadata.url is None, -_filled(document.metadata), document.id


def _filled(metadata: Metadata) -> int:
    return len(metadata.model_dump(exclude_defaults=True))


class Marks(NamedTuple):
    """The names and numbers of a text: by the ordinary words around them, and all its numbers."""

    places: Mapping[tuple[str, ...], frozenset[str]]
    numbers: frozenset[str]


def marks_of(texts: Iterable[str]) -> Marks:
    """Return the names and numbers of a text."""
    numbers: set[str] = set()
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    tokens = [_TOKEN.findall(text) for text in texts]
    # A word that is written small as well is no name where it begins a sentence.
    small = frozenset(token for each in tokens for token in each if token.islower())
    for each in tokens:
        marks = _with_marks(each, small)
        plain = [_MARK if is_mark else word for word, is_mark in marks]
        for position, (word, is_mark) in enumerate(marks):
            if not is_mark:
                continue
            if word.isdigit():
                numbers.add(word)
            around = (*plain[max(0, position - _AROUND) : position], "|", *plain[position + 1 : position + 1 + _AROUND])
            if sum(said not in (_MARK, "|") for said in around) >= _FEWEST_WORDS:
                found[around].add(word)
    return Marks({around: frozenset(words) for around, words in found.items()}, frozenset(numbers))


def differ(one: Marks, other: Marks) -> bool:
    """Return whether two texts say other names or numbers in places that both have, or mostly other numbers."""
    common = one.places.keys() & other.places.keys()
    differing = sum(_are_different(one.places[place], other.places[place]) for place in common)
    if differing >= max(1, _SLIPS * len(common)):
        return True
    # Tables have few words around their numbers.
    every = one.numbers | other.numbers
    return len(every) >= _FEWEST_NUMBERS and len(one.numbers & other.numbers) < _SAME_NUMBERS * len(every)


def _with_marks(tokens: list[str], small: frozenset[str]) -> list[tuple[str, bool]]:
    """Return the words in small letters, each run of names or of numbers as one mark."""
    result: list[tuple[str, bool]] = []
    for token in tokens:
        is_name = token[0].isupper() and token.lower() not in small
        is_mark = is_name or any(c.isdigit() for c in token)
        word = re.sub(r"\W+", "", token).casefold()
        if is_mark and result and result[-1][1] and word.isalpha() and result[-1][0].isalpha():
            result[-1] = result[-1][0] + word, True
        else:
            result.append((word, is_mark))
    return result


def _are_different(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two places hold different names or numbers, and not the same with a slip of reading."""
    if one & other:
        return False
    return not any(_is_slip(a, b) for a in one for b in other)


def _is_slip(one: str, other: str) -> bool:
    """Return whether a word is another with a note's raised number behind it."""
    short, long = sorted((one, other), key=len)
    rest = long[len(short) :]
    plain = short.isdigit() or short.isalpha()
    return long.startswith(short) and plain and rest.isdigit() and len(rest) <= _LONGEST_RAISED
