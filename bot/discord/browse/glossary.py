"""The glossary: a word's meaning, also where it is typed with a slip, in the plural, or as a part or short form."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.language.spelling import corrected
from knowledge.language.words import content_stems, stems, words
from knowledge.library import Library

_SHORT_FORM = re.compile(r"\(([^)]+)\)")
_NOT_A_LETTER = re.compile(r"[\W_]+")
# The letters of a short form may be written with dots or spaces between: "I.C.S.", "I C S".
_SPACED = re.compile(r"^(?:\w[.\s]+)+\w?[.\s]*$")
_SHORTEST_PART = 3
# So many letters may differ; a word of four letters with one wrong may as well be another word.
_ONE_SLIP, _TWO_SLIPS = 5, 9
_MOST_NEAR = 3


class Meaning(NamedTuple):
    """A glossary entry: a document on a word with its opening text, or what an acronym stands for."""

    term: str
    text: str
    document: StoredDocument | None


class _Entry(NamedTuple):
    """A word that is explained, and the names by which it is found: its title, the title's parts, its short forms."""

    term: str
    names: tuple[str, ...]
    document: StoredDocument | None = None
    stands_for: str = ""


def terms(library: Library) -> list[str]:
    """Return all words that the glossary explains, and acronyms that a document explains, in order."""
    return sorted((entry.term for entry in _entries(library)), key=str.casefold)


def meaning(library: Library, term: str) -> Meaning | None:
    """Return what a word means; of several that it may be, the one that is typed most exactly."""
    entries, wanted = _entries(library), _plain(term)
    if not wanted:
        return None
    ways = [*_ways(wanted, term)]
    if (mended := _mended(entries, wanted)) != wanted:
        ways += _ways(mended, mended)
    for fits in ways:
        if found := next((entry for entry in entries if any(map(fits, entry.names))), None):
            return _meaning(library, found)
    near = _nearest(entries, wanted)
    # Two that are equally near: which one is meant is for the reader to say.
    return _meaning(library, near[0][1]) if near and (len(near) == 1 or near[0][0] < near[1][0]) else None


def near_terms(library: Library, term: str) -> list[str]:
    """Return the words of the glossary that one may have meant that it does not explain, the likeliest first."""
    entries, wanted = _entries(library), _plain(term)
    sharing = [entry.term for entry in entries if content_stems(wanted) & content_stems(entry.term)]
    return list(dict.fromkeys([*(entry.term for _, entry in _nearest(entries, wanted)), *sharing]))[:_MOST_NEAR]


def _ways(wanted: str, typed: str) -> Iterable[Callable[[str], bool]]:
    """Yield how a name may be typed, the most exact first."""
    short = _NOT_A_LETTER.sub("", typed.casefold()) if _SPACED.match(typed.strip()) else ""
    singular = wanted.removesuffix("s") if len(wanted) > _SHORTEST_PART else wanted
    stemmed = stems(words(wanted))
    yield lambda name: name == wanted
    yield lambda name: short != "" and name == short
    yield lambda name: name in (singular, f"{wanted}s")
    yield lambda name: stems(words(name)) == stemmed
    # What somebody asks in a sentence: "what is an anchor institution?"
    yield lambda name: len(name) >= _SHORTEST_PART and f" {name} " in f" {wanted} "
    yield lambda name: len(wanted) >= _SHORTEST_PART and f" {wanted} " in f" {name} "
    yield lambda name: len(wanted) >= _SHORTEST_PART and wanted in name
    content = content_stems(wanted)
    yield lambda name: bool(content) and content <= content_stems(name)


def _mended(entries: Sequence[_Entry], wanted: str) -> str:
    """Return what was typed with the glossary's own words in the place of their slips."""
    known = Counter(word for entry in entries for name in entry.names for word in words(name))
    return " ".join(
        near
        if len(word) >= _ONE_SLIP and word not in known and (near := corrected(word, known)) and near[0] == word[0]
        else word
        for word in wanted.split()
    )


def _entries(library: Library) -> list[_Entry]:
    """Return what is explained: glossary documents, then acronyms that only other documents spell out."""
    documents = [
        _Entry(title, _names(title), document)
        for document in library.store.documents()
        if document.metadata.kind is Kind.GLOSSARY and (title := document.metadata.title)
    ]
    covered = {short.casefold() for entry in documents for short in _SHORT_FORM.findall(entry.term)}
    stated = {one.short.upper(): one.long for one in library.store.acronyms() if one.stated}
    acronyms = [
        _Entry(short, (_plain(short), _plain(long)), None, long)
        for short, long in stated.items()
        if short.casefold() not in covered
    ]
    return [*documents, *acronyms]


def _names(title: str) -> tuple[str, ...]:
    """Return the names of an entry: the title, what stands before and within its brackets."""
    within = [_plain(short) for short in _SHORT_FORM.findall(title)]
    return tuple(dict.fromkeys([_plain(title), _plain(_SHORT_FORM.sub(" ", title)), *within]))


def _plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    without = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(_NOT_A_LETTER.sub(" ", without.replace("'", "").replace("’", "")).split())


def _nearest(entries: Sequence[_Entry], wanted: str) -> list[tuple[int, _Entry]]:
    """Return the entries that are few slips away, the nearest first."""
    most = 0 if len(wanted) < _ONE_SLIP else 1 if len(wanted) < _TWO_SLIPS else 2
    found = []
    for entry in entries:
        forms = {wanted, wanted.removesuffix("s")}
        slips = min(OSA.distance(form, name, score_cutoff=most) for form in forms for name in entry.names)
        if slips <= most:
            found.append((slips, entry))
    return sorted(found, key=lambda one: one[0]) if most else []


def _meaning(library: Library, entry: _Entry) -> Meaning:
    if entry.document is None:
        return Meaning(entry.term, entry.stands_for, None)
    sections = library.store.sections(entry.document.id)
    return Meaning(entry.term, sections[0].text if sections else "", entry.document)
