"""The glossary: a word's meaning, also where it is typed with a slip, in the plural, or as a part or short form."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.discord.browse.term_names import asked_for, names_of, part_forms, plain, short_forms, spelt_out, whole_forms
from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.language.spelling import corrected
from knowledge.language.words import content_stems, words
from knowledge.library import Library

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
    entries, typed = _entries(library), asked_for(term)
    wanted = plain(typed)
    if not wanted:
        return None
    documents = [entry for entry in entries if entry.document is not None]
    acronyms = [entry for entry in entries if entry.document is None]
    mended = _mended(entries, wanted)
    parts = [*part_forms(wanted), *(part_forms(mended) if mended != wanted else ())]
    whole = [*whole_forms(wanted, typed), *(whole_forms(mended, mended) if mended != wanted else ())]
    # A word that is a part of what an acronym stands for is seldom meant by it: "anchors" in HALN.
    for among, ways in ((entries, whole), (documents, parts), (acronyms, parts)):
        for fits in ways:
            if found := next((entry for entry in among if any(map(fits, entry.names))), None):
                return _meaning(library, found)
    near = _nearest(entries, wanted)
    # Two that are equally near: which one is meant is for the reader to say.
    return _meaning(library, near[0][1]) if near and (len(near) == 1 or near[0][0] < near[1][0]) else None


def near_terms(library: Library, term: str) -> list[str]:
    """Return the words of the glossary that one may have meant that it does not explain, the likeliest first."""
    entries, wanted = _entries(library), plain(asked_for(term))
    sharing = [entry.term for entry in entries if content_stems(wanted) & content_stems(entry.term)]
    return list(dict.fromkeys([*(entry.term for _, entry in _nearest(entries, wanted)), *sharing]))[:_MOST_NEAR]


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
    stated = {one.short.upper(): one.long for one in library.store.acronyms() if one.stated}
    documents = [
        _Entry(title, (*names_of(title), *spelt_out(title, stated)), document)
        for document in library.store.listed(kinds=[Kind.GLOSSARY])
        if (title := document.metadata.title)
    ]
    covered = {name for entry in documents for name in short_forms(entry.term)}
    acronyms = [
        _Entry(short, (plain(short), plain(long)), None, long)
        for short, long in stated.items()
        if plain(short) not in covered
    ]
    return [*documents, *acronyms]


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
