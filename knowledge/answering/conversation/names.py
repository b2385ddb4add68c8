"""Finds names in what members type, in capitals or not, and tells places and organisations from other names."""

import re
import threading
from dataclasses import dataclass

from knowledge.retrieval.terms import is_function_word, words
from knowledge.storage.protocols import LibraryStore
from knowledge.vocabulary import Nation

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOKEN = re.compile(r"[\w&-]+(?:['’](?!s\b)\w+)?")
_JOINING = frozenset({"and", "of", "the", "&"})
# Words of which names of organisations are made: they tell an organisation, but are no name by themselves.
_ORGANISATION_TEXT = """
    nhs trust foundation hospital hospitals teaching council university universities board health healthcare care
    partnership partnerships partners alliance network college city county borough infirmary clinic charity institute
    centre authority ics icb pct ccg
"""
_ORGANISATION_WORDS = frozenset(_ORGANISATION_TEXT.split())
# Words of organisations' and regions' names that stand in other names, too.
_COMMON_TEXT = """
    north east south west northern eastern southern western mid greater region social community service services
    public national london-wide learning innovation unit foundation equity evidence first group programme project
    authors study development supplier government planning
"""
_COMMON_WORDS = _ORGANISATION_WORDS | frozenset(_COMMON_TEXT.split()) | _JOINING
_NATION_WORDS = {
    "wales": Nation.WALES,
    "welsh": Nation.WALES,
    "scotland": Nation.SCOTLAND,
    "scottish": Nation.SCOTLAND,
    "england": Nation.ENGLAND,
    "english": Nation.ENGLAND,
    "northern ireland": Nation.NORTHERN_IRELAND,
    "northern irish": Nation.NORTHERN_IRELAND,
}
_ADJECTIVES = frozenset({"welsh", "scottish", "english", "northern irish"})
# So many passages say how a word is written.
_PASSAGES_READ = 12


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
        self._places: frozenset[str] = frozenset()

    def names(self, text: str) -> list[Name]:
        """The names in a text, in order; years are none."""
        tokens = list(_TOKEN.finditer(text))
        written = [self._as_name(text, match) for match in tokens]
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
            if written[at] is not None or word in _ORGANISATION_WORDS:
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
        nation = _NATION_WORDS.get(" ".join(lower))
        place = nation is not None or any(
            word in self._known_places()
            or word in _ORGANISATION_WORDS
            or not self._store.document_frequencies([word])[word]
            for word in lower
        )
        return Name(tokens[0].start(), tokens[-1].end(), shown, place, nation, " ".join(lower) in _ADJECTIVES)

    def _as_name(self, text: str, match: re.Match[str]) -> str | None:
        """How a token is written as a name; `None` where it is none."""
        word = match.group()
        lower = word.lower()
        if is_function_word(word) or len(word) < 2 or word.isdigit():
            return None
        if lower in _NATION_WORDS or lower in {"northern", "ireland"}:
            return word.capitalize()
        before = text[: match.start()].rstrip()
        first = not before or before[-1] in ".?!(:"
        if word[0].isupper() and not first:
            return word
        if word.isupper() and len(word) > 2:
            return word
        # A first word has its capital anyway, and many type none at all: the library knows how it is written.
        return self._written(lower) if lower not in _COMMON_WORDS or word[0].isupper() else None

    def _written(self, word: str) -> str | None:
        """The form in which the library writes a word inside sentences, if that is always with a capital."""
        found = self._store.lexical_search([word], _PASSAGES_READ).found
        texts = [chunk.text for chunk in self._store.chunks([chunk_id for chunk_id, _ in found]).values()]
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
        forms = [match for text in texts for match in pattern.finditer(text)]
        if not forms or any(match.group()[0].islower() for match in forms):
            return None
        inside = [m.group() for m in forms if re.search(r"[\w,;:(] ?$", m.string[: m.start()])]
        return inside[0] if inside else None

    def _known_places(self) -> frozenset[str]:
        """The words that only names of organisations and regions in the library's catalogue have."""
        with self._lock:
            version = self._store.version()
            if version != self._version:
                names = [
                    f"{document.metadata.organisation or ''} {document.metadata.region or ''}"
                    for document in self._store.documents()
                ]
                self._places = frozenset(word for name in names for word in words(name)) - _COMMON_WORDS
                self._version = version
            return self._places
