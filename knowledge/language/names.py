"""Names in questions and sentences: organisations, places, acronyms, years; and whether a text speaks of them.

One finder for both. A capital letter marks a name, except where any word has one; there, and for what is typed in small
letters, the library's own spelling decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.domain.vocabulary import Nation
from knowledge.language.dates import YEAR
from knowledge.language.library_words import LibraryWords
from knowledge.language.name_spans import Span, name_spans
from knowledge.language.name_words import (
    COMMON,
    CONTINUING,
    LEFT_OUT,
    SILENT,
    TELLING,
    TOKEN,
    WIDE,
    comparable,
    is_acronym,
    keys_of,
)
from knowledge.language.nations import home_nation, is_nation_adjective
from knowledge.language.words import NAME_JOINERS, stems, words

# "Leeds Trust" is in "Leeds Teaching Hospitals NHS Trust": so many such words may stand inside a name.
_MOST_INSIDE = 4
_INSIDE = NAME_JOINERS | CONTINUING
# Short forms of "Foundation Trust", which texts seldom have.
_UNSAID = frozenset({SILENT, "ft"})
# The words that have to be left for the end of an organisation's name to be left out.
_FEWEST_LEFT = 2
# The initials of fewer letters stand for too much.
_FEWEST_INITIALS = 4
# An acronym in small letters is one from this length on.
_SHORTEST_SMALL_ACRONYM = 4


def has_phrase(present: Sequence[str], keys: Sequence[str]) -> bool:
    """Return whether the words of a text have a name's words one after the other.

    Small words and words of organisations may stand between; the end of an organisation's name ("NHS Foundation
    Trust") may stand elsewhere. Both are as `comparable` makes them.
    """
    core = [key for key in keys if key not in _UNSAID] or list(keys)
    whole = core
    while len(core) > _FEWEST_LEFT and core[-1] in LEFT_OUT:
        core = core[:-1]
    if not set(whole[len(core) :]) <= set(present):
        return False
    return any(_same(core[0], word) and _goes_on(present[place + 1 :], core[1:]) for place, word in enumerate(present))


def has_initials(present: Sequence[str], acronym: str) -> bool:
    """Return whether consecutive words begin with an acronym's letters: "long term workforce plan" for LTWP."""
    return acronym in "".join(word[0] for word in present)


def _goes_on(following: Sequence[str], keys: Sequence[str]) -> bool:
    place, inside = 0, 0
    for key in keys:
        while place < len(following) and not _same(key, following[place]):
            if following[place] not in _INSIDE or inside == _MOST_INSIDE:
                return False
            place, inside = place + 1, inside + 1
        if place == len(following):
            return False
        place += 1
    return True


def _same(key: str, word: str) -> bool:
    """Return whether a word is a key, one "hospital" or several, or what a place was cut short of (Lancs, Notts)."""
    if key == word or (key in CONTINUING and key.rstrip("s") == word.rstrip("s")):
        return True
    return len(key) > 4 and key.endswith("s") and word.startswith(key[:-1])


class NameKind(StrEnum):
    """A sort of thing that has a name."""

    ORGANISATION = "organisation"
    PLACE = "place"
    ACRONYM = "acronym"
    YEAR = "year"
    OTHER = "other"


@dataclass(frozen=True)
class Name:
    """A name at `text[start:end]`; `shown` is how it is written.

    `keys` are its words as they are compared; `forms` the words of what it is called as well: slips mended, acronyms
    spelled out, long forms in short. `nation` is the nation that it is itself, by name or adjective. `replaceable` says
    that it is a place or an organisation, for which another one can stand. `wide` says that it is of a whole country or
    in nearly everything ("an NHS trust"), so that evidence need not repeat it. `opens` says that it begins a sentence
    and that no library could tell whether its first word is an ordinary one.
    """

    start: int
    end: int
    shown: str
    keys: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...] = ()
    kind: NameKind = NameKind.OTHER
    nation: Nation | None = None
    replaceable: bool = False
    wide: bool = False
    opens: bool = False

    @property
    def adjective(self) -> bool:
        """Return whether it needs a noun: "Welsh"."""
        return is_nation_adjective(self.shown)


def find_names(text: str, library: LibraryWords | None = None, *, begins: bool = True) -> tuple[Name, ...]:
    """Return what a text names, in order.

    Without a `library`, only capitals tell. `begins` says whether the text begins a sentence.
    """
    found = [_name(span, library) for span in name_spans(text, library, begins=begins)]
    years = [
        Name(match.start(), match.end(), match.group(), (match.group(1),), kind=NameKind.YEAR)
        for match in YEAR.finditer(text)
    ]
    return tuple(sorted((name for name in (*found, *years) if name.keys), key=lambda name: name.start))


def supports(text: str, name: Name) -> bool:
    """Return whether a text speaks of a name: has it, or one of its other forms, as a phrase.

    A word that opens a sentence may be an ordinary one: then the text has to have it in some form, in small letters if
    other words of the name follow it.
    """
    present = comparable(text)
    if any(has_phrase(present, keys) for keys in (name.keys, *name.forms)):
        return True
    if name.kind is NameKind.ACRONYM and len(name.keys[0]) >= _FEWEST_INITIALS and has_initials(present, name.keys[0]):
        return True
    if not name.opens:
        return False
    first, *rest = name.keys
    if not rest:
        return stems([first])[0] in stems(words(text))
    ordinary = [key for match in TOKEN.finditer(text) if match.group().islower() for key in keys_of(match.group())]
    return stems([first])[0] in stems(ordinary) and has_phrase(present, rest)


def _name(span: Span, library: LibraryWords | None) -> Name:
    tokens = [match.group() for match in span.tokens]
    lower = [token.lower() for token in tokens]
    compared = _compared(span, library)
    keys = tuple(key for token in compared for key in keys_of(token))
    nation = home_nation(" ".join(lower))
    return Name(
        start=span.start,
        end=span.end,
        shown=span.shown,
        keys=keys,
        forms=_forms(tokens, keys, library) if library else (),
        kind=_kind(span, [token.lower() for token in compared], library, nation),
        nation=nation,
        replaceable=library is not None and _is_replaceable(lower, library, nation),
        wide=_is_wide(tokens, keys),
        opens=span.opens,
    )


def _is_wide(tokens: list[str], keys: tuple[str, ...]) -> bool:
    if all(key in WIDE for key in keys):
        return True
    # "An NHS trust" is any of them; "the Health Foundation" is one.
    return any(token.islower() for token in tokens) and all(key in WIDE or key in CONTINUING for key in keys)


def _compared(span: Span, library: LibraryWords | None) -> list[str]:
    """Return the tokens that a text has to have: words in small letters only where the library writes them with it.

    "Preston council" is Preston, whatever else is said of it.
    """
    tokens = [match.group() for match in span.tokens]
    while (
        library is not None
        and len(tokens) > 1
        and tokens[-1].islower()
        and tokens[-1] in CONTINUING
        and not library.frequency(" ".join(tokens).lower())
    ):
        tokens.pop()
    return tokens


def _kind(span: Span, lower: list[str], library: LibraryWords | None, nation: Nation | None) -> NameKind:
    whole = " ".join(lower)
    if nation is not None or (library is not None and whole in library.places):
        return NameKind.PLACE
    if TELLING & set(lower) or (len(lower) > 1 and lower[-1] in CONTINUING):
        return NameKind.ORGANISATION
    if len(lower) == 1 and is_acronym(span.shown):
        return NameKind.ACRONYM
    if library is not None and len(lower) > 1 and library.is_organisation(whole):
        return NameKind.ORGANISATION
    return NameKind.PLACE if span.placed else NameKind.OTHER


def _is_replaceable(lower: list[str], library: LibraryWords, nation: Nation | None) -> bool:
    """Return whether a word of it tells a place or an organisation; one that the library does not know may be one."""
    return nation is not None or any(
        word in TELLING
        or (word in library.catalogued and word not in COMMON)
        or _is_organisations(word, library)
        or not library.frequency(word)
        for word in lower
    )


def _is_organisations(word: str, library: LibraryWords) -> bool:
    known = library.acronyms.get(word.upper())
    return known is not None and bool(TELLING & set(words(known.long)))


def _forms(tokens: list[str], keys: tuple[str, ...], library: LibraryWords) -> tuple[tuple[str, ...], ...]:
    forms: list[tuple[str, ...]] = []
    mended = [library.mended(token) or token for token in tokens]
    if mended != tokens:
        forms.append(tuple(key for token in mended for key in keys_of(token)))
    spelled = [key for token in tokens for key in _spelled_out(token, library)]
    if tuple(spelled) != keys:
        forms.append(tuple(spelled))
    lower = [word for token in tokens for word in words(token)]
    runs = ((start, end) for start in range(len(lower)) for end in range(start + 2, len(lower) + 1))
    for start, end in runs:
        if known := library.long_forms.get(" ".join(lower[start:end])):
            shortened = [*lower[:start], known.short, *lower[end:]]
            forms.append(tuple(key for word in shortened for key in keys_of(word)))
    return tuple(dict.fromkeys(form for form in forms if form and form != keys))


def _spelled_out(token: str, library: LibraryWords) -> tuple[str, ...]:
    """Return the keys of the long form of an acronym that texts state, or that the library has no other use for."""
    bare = keys_of(token)
    known = library.acronyms.get(bare[0].upper()) if len(bare) == 1 else None
    if known is None or not (known.stated or not library.frequency(bare[0])):
        return bare
    if not is_acronym(token) and not (known.stated and len(token) >= _SHORTEST_SMALL_ACRONYM):
        return bare
    return tuple(key for word in known.long.split() for key in keys_of(word))
