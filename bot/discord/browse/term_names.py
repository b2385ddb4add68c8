"""Names of a word in the glossary, and ways to type them: title and short forms, in a sentence, joined or in part."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from knowledge.language.words import content_stems, stems, words

# "Integrated care board (ICB)", but not "Wider (social) determinants".
_SHORT_FORM = re.compile(r"\(([^()]*[A-Z][^()]*)\)")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# What a short form in brackets behind it stands for; a title may have several.
_LONG_FORM = re.compile(r"(?:^|\)[ ,]*(?:and |or |& ?)?)([^()]+?) ?(?=\([^()]*[A-Z])")
_SHORT_WORD = re.compile(r"^[A-Z][A-Za-z]*[A-Z][a-z]?$")
_BETWEEN = frozenset({"and", "or", "&"})
# What somebody asks in a sentence stands around the word.
_ASKED = re.compile(
    r"^(?:(?:what|who)(?:'?s| is| are| does| do)|(?:the )?(?:meaning|definition) of|define|explain|meaning:?)\s+"
    r"(?:an? |the )?"
    r"|\s+(?:mean|means|meaning|stands? for|definition)\W*$",
    re.IGNORECASE,
)
_NOT_A_LETTER = re.compile(r"[\W_]+")
# The letters of a short form may be written with dots or spaces between: "I.C.S.", "I C S".
_SPACED = re.compile(r"^(?:\w[.\s]+)+\w?[.\s]*$")
_SHORTEST_PART = 3
# Of fewer letters, many words have the same initials: AI is no anchor institution.
_SHORTEST_INITIALS = 3
_SHORTEST_JOINED = 6


def asked_for(term: str) -> str:
    """Return the word that somebody asks for: of "what does ICS stand for?", ICS."""
    bare = _ASKED.sub("", _ASKED.sub("", term.replace("’", "'").strip())).strip(" ?!.")
    return bare or term


def whole_forms(wanted: str, typed: str) -> Iterable[Callable[[str], bool]]:
    """Yield how the whole of a name may be typed, the most exact first."""
    letters = _NOT_A_LETTER.sub("", typed.casefold())
    short = letters if _SPACED.match(typed.strip()) else ""
    singular = wanted.removesuffix("s") if len(wanted) > _SHORTEST_PART else wanted
    stemmed = stems(words(wanted))
    yield lambda name: name == wanted
    yield lambda name: short != "" and name == short
    yield lambda name: name in (singular, f"{wanted}s")
    yield lambda name: stems(words(name)) == stemmed
    yield lambda name: len(letters) >= _SHORTEST_JOINED and name.replace(" ", "") == letters
    yield lambda name: _has_initials(name, short or wanted)


def part_forms(wanted: str) -> Iterable[Callable[[str], bool]]:
    """Yield how a part of a name may be typed, or a name within a sentence, the most exact first."""
    content = content_stems(wanted)
    if not content:
        return
    # What somebody asks in a sentence: "is a trust an anchor institution?"
    yield lambda name: len(name) >= _SHORTEST_PART and f" {name} " in f" {wanted} "
    yield lambda name: len(wanted) >= _SHORTEST_PART and f" {wanted} " in f" {name} "
    yield lambda name: content <= content_stems(name)
    yield lambda name: len(wanted) >= _SHORTEST_PART and wanted in name
    joined = wanted.replace(" ", "")
    yield lambda name: len(joined) >= _SHORTEST_JOINED and joined in name.replace(" ", "")


def _has_initials(name: str, short: str) -> bool:
    """Return whether a short form, or its plural, is made of the initials of a name: "CWB", "RLWs"."""
    parts = [word for word in words(name) if word not in _BETWEEN]
    initials = "".join(word[0] for word in parts)
    return len(initials) >= _SHORTEST_INITIALS and short.removesuffix("s") in (initials, initials.removesuffix("s"))


def names_of(title: str) -> tuple[str, ...]:
    """Return the names of an entry: the title, with and without its brackets, its short forms, and their long forms."""
    long = [plain(found) for found in _LONG_FORM.findall(title)]
    return tuple(dict.fromkeys([plain(title), plain(_IN_BRACKETS.sub(" ", title)), *short_forms(title), *long]))


def spelt_out(title: str, stated: Mapping[str, str]) -> list[str]:
    """Return what the short forms of a title stand for, as other documents state it."""
    return [plain(stated[short.upper()]) for short in short_forms(title) if short.upper() in stated]


def short_forms(title: str) -> list[str]:
    """Return the short forms in a title: those in brackets, or all of a title like "VCSE, VCS and VCFSE"."""
    found = [word.strip(",") for word in title.split() if word not in _BETWEEN]
    if not all(map(_SHORT_WORD.match, found)):
        found = _SHORT_FORM.findall(title)
    return [plain(short) for short in found]


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    without = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(_NOT_A_LETTER.sub(" ", without.replace("'", "").replace("’", "")).split())
