"""Finds names in what members type, in capitals or not, and tells places and organisations from other names."""

import re
import threading
from dataclasses import dataclass, field

from knowledge.language.nations import home_nation, is_nation_adjective
from knowledge.language.words import is_function_word, words
from knowledge.storage.protocols import LibraryStore
from knowledge.vocabulary import Nation

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOKEN = re.compile(r"[\w&-]+(?:['’](?!s\b)\w+)?")
_JOINING = frozenset({"and", "of", "the", "&"})
_TELLING_TEXT = """
    nhs trust foundation hospital hospitals council university universities board alliance infirmary college icb ccg
"""
_CONTINUING_TEXT = """
    teaching health healthcare care partnership partners network city county borough clinic charity institute centre
    authority
"""
# Words that tell that a name is an organisation's.
_TELLING = frozenset(_TELLING_TEXT.split())
# Words that such names go on with, and that are no names by themselves.
_CONTINUING = _TELLING | frozenset(_CONTINUING_TEXT.split())
# Words of organisations' and regions' names in the catalogue that stand in other names, too.
_COMMON_TEXT = """
    and of the north east south west northern eastern southern western mid greater region social community service
    services public national learning innovation unit equity evidence first group programme project authors study
    development supplier government planning
"""
_COMMON_WORDS = _CONTINUING | frozenset(_COMMON_TEXT.split())
_BEFORE_PLACES = re.compile(r"\b(?:in|at|near|from|across)\s+$", re.IGNORECASE)
# So many passages say how a word is written.
_PASSAGES_READ = 12
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True)
class Name:
    """A name at `text[start:end]`; `shown` is how it is written.

    `place` says whether it is a place or an organisation, for which another one can stand; `nation` which nation it is.
    `adjective` says that it needs a noun ("Welsh").
    """

    start: int
    end: int
    shown: str
    place: bool
    nation: Nation | None = None
    adjective: bool = False


class NameFinder:
    """Finds names by their capitals, or by how the library writes them. Safe to use from several threads."""

    def __init__(self, store: LibraryStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._version: str | None = None
        self._learned = _Learned()

    def names(self, text: str, *, begins: bool = True) -> list[Name]:
        """The names in a text, in order; years are none. `begins` says whether the text begins a sentence."""
        tokens = list(_TOKEN.finditer(text))
        written = [self._as_name(text, match, begins=begins) for match in tokens]
        found: list[Name] = []
        at = 0
        while at < len(tokens):
            if written[at] is None:
                at += 1
                continue
            end = self._end(text, tokens, written, at)
            found.append(self._name(tokens[at:end], written[at:end]))
            at = end
        return found

    def _end(self, text: str, tokens: list[re.Match[str]], written: list[str | None], start: int) -> int:
        """The place behind the last token of the name that begins at `start`."""
        at = start + 1
        while at < len(tokens):
            if text[tokens[at - 1].end() : tokens[at].start()] != " ":
                break
            word = tokens[at].group().lower()
            if written[at] is not None or word in _CONTINUING:
                at += 1
            elif word in _JOINING and at + 1 < len(tokens) and written[at + 1] is not None:
                # "Mid and South Essex" is one name where the library writes it so; "Leeds and Preston" are two.
                phrase = text[tokens[at - 1].start() : tokens[at + 1].end()].lower()
                if not self._store.document_frequencies([phrase])[phrase]:
                    break
                at += 2
            else:
                break
        return at

    def _name(self, tokens: list[re.Match[str]], written: list[str | None]) -> Name:
        shown = " ".join(
            form or (word if (word := token.group()).lower() in _JOINING or not word.islower() else word.capitalize())
            for token, form in zip(tokens, written, strict=True)
        )
        lower = [token.group().lower() for token in tokens]
        nation = home_nation(" ".join(lower))
        place = nation is not None or any(self._tells_a_place(word) for word in lower)
        return Name(tokens[0].start(), tokens[-1].end(), shown, place, nation, is_nation_adjective(" ".join(lower)))

    def _tells_a_place(self, word: str) -> bool:
        """Whether a word of a name tells a place or an organisation; one that the library does not know may be one."""
        return word in _TELLING or word in self._facts().places or not self._known(word)

    def _as_name(self, text: str, match: re.Match[str], *, begins: bool) -> str | None:
        """How a token is written as a name; `None` where it is none."""
        word = match.group()
        lower = word.lower()
        if is_function_word(word) or len(word) < 2 or word.isdigit():
            return None
        if home_nation(lower) or lower in {"northern", "ireland"}:
            return word.capitalize()
        before = text[: match.start()].rstrip()
        first = before[-1] in ".?!" if before else begins
        if word[0].isupper() and not first:
            return word
        if word.isupper() and len(word) > 2:
            return word
        if word.islower() and _BEFORE_PLACES.search(text[: match.start()]) and not self._known(lower):
            return word.capitalize()
        # A first word has its capital anyway, and many type none at all: the library knows how it is written.
        return self._written(lower) if lower not in _COMMON_WORDS or word[0].isupper() else None

    def _written(self, word: str) -> str | None:
        """The form in which the library writes a word inside sentences, if that is always with a capital."""
        written = self._facts().written
        if word not in written:
            written[word] = self._capital_form(word)
        return written[word]

    def _capital_form(self, word: str) -> str | None:
        found = self._store.lexical_search([word], _PASSAGES_READ).found
        texts = [chunk.text for chunk in self._store.chunks([chunk_id for chunk_id, _ in found]).values()]
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
        forms = [match for text in texts for match in pattern.finditer(text)]
        if not forms or any(match.group()[0].islower() for match in forms):
            return None
        inside = [m.group() for m in forms if re.search(r"[\w,;:(] ?$", m.string[: m.start()])]
        return inside[0] if inside else None

    def _known(self, word: str) -> bool:
        known = self._facts().known
        if word not in known:
            known[word] = self._store.document_frequencies([word])[word] > 0
        return known[word]

    def _facts(self) -> "_Learned":
        """What was learned of the library as it is now."""
        with self._lock:
            version = self._store.version()
            if version != self._version or len(self._learned.written) > _MOST_REMEMBERED:
                self._learned, self._version = _Learned(self._known_places()), version
            return self._learned

    def _known_places(self) -> frozenset[str]:
        """The words of the catalogue's organisations and regions, and the acronyms of organisations."""
        names = [
            f"{document.metadata.organisation or ''} {document.metadata.region or ''}"
            for document in self._store.documents()
        ]
        catalogued = frozenset(word for name in names for word in words(name)) - _COMMON_WORDS
        acronyms = (known.short.lower() for known in self._store.acronyms() if _TELLING & set(words(known.long)))
        return catalogued.union(acronyms)


@dataclass
class _Learned:
    """What is known of one state of the library: words of places, how words are written, whether they occur."""

    places: frozenset[str] = frozenset()
    written: dict[str, str | None] = field(default_factory=dict)
    known: dict[str, bool] = field(default_factory=dict)
