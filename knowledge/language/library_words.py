"""The words of one library: which it knows, how it writes them, its acronyms, and what a slip was meant to be."""

import re
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from knowledge.domain.library import Acronym, Chunk
from knowledge.language.nations import read_places
from knowledge.language.spelling import Vocabulary, corrected
from knowledge.language.words import is_function_word, words

# So many passages say how a word is written.
_PASSAGES_READ = 12
# Each word that is asked of is remembered; people type words that nobody typed before for as long as it runs.
_MOST_REMEMBERED = 5_000
_LARGE_VOCABULARY = 20_000
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")
_WORD = re.compile(r"\w+")
# A word with a capital before or after: "the City Deal".
_IN_LONGER = re.compile(r"\b[A-Z][\w'’-]*[ -]\0|\0[ -][A-Z]")
_INSIDE = re.compile(r"[\w,;:(] ?$")


class _Matches(Protocol):
    @property
    def found(self) -> list[tuple[int, float]]: ...


class WordStore(Protocol):
    """The part of a library's store that words need; `LibraryStore` has it all."""

    def version(self, *, anew: bool = False) -> str: ...  # noqa: D102
    def vocabulary(self) -> dict[str, int]: ...  # noqa: D102
    def acronyms(self) -> Sequence[Acronym]: ...  # noqa: D102
    def named(self) -> list[tuple[str | None, str | None]]: ...  # noqa: D102
    def holds_word(self, word: str) -> bool: ...  # noqa: D102
    def texts_since(self, version: str) -> list[str] | None: ...  # noqa: D102
    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]: ...  # noqa: D102
    def lexical_search(self, terms: Sequence[str], limit: int) -> _Matches: ...  # noqa: D102
    def chunks(self, ids: Collection[int]) -> dict[int, Chunk]: ...  # noqa: D102

    @property
    def size(self) -> int: ...  # noqa: D102


class _Spelling(NamedTuple):
    """A library's spelling of a phrase inside sentences where that is always with a capital.

    `small` says that it is in small letters too, `alone` that it stands by itself, and not only in longer names.
    """

    capital: str | None
    small: bool = False
    alone: bool = False


class _Catalogue(NamedTuple):
    """Organisations that documents are of, lower case, and all words of these and of regions."""

    organisations: frozenset[str]
    words: frozenset[str]


@dataclass
class _Acronyms:
    """The acronyms of a library, by short and by long form, with the list that they were read from."""

    read: Sequence[Acronym] = ()
    short: Mapping[str, Acronym] = field(default_factory=dict)
    long: Mapping[str, Acronym] = field(default_factory=dict)


@dataclass
class _Learned:
    """The answers to what was asked of one state of the library; nothing is read before it is."""

    known: dict[str, bool] = field(default_factory=dict)
    frequencies: dict[str, int] = field(default_factory=dict)
    spellings: dict[str, _Spelling] = field(default_factory=dict)
    slips: dict[str, str | None] = field(default_factory=dict)
    catalogue: _Catalogue | None = None

    @property
    def remembered(self) -> int:
        """Return how many words and phrases there are answers to, at most."""
        return max(len(self.known), len(self.frequencies), len(self.spellings), len(self.slips))


class LibraryWords:
    """Tells how one library uses words; learns anew when the library has changed. Safe to use from several threads.

    `is_word` tells whether a word of lower case is one of the language, as a model's vocabulary knows.
    """

    def __init__(self, store: WordStore, is_word: Callable[[str], bool]) -> None:
        self._store = store
        self._is_word = is_word
        self._lock = threading.Lock()
        self._version: str | None = None
        self._kept = _Learned()
        self._acronyms = _Acronyms()
        self._counted: tuple[str, Vocabulary] | None = None

    def holds(self, word: str) -> bool:
        """Return whether the library has a word of lower case just as written."""
        return self._holds(word, self._learned())

    def _holds(self, word: str, learned: _Learned) -> bool:
        known = learned.known
        if word not in known:
            known[word] = self._store.holds_word(word)
        return known[word]

    @property
    def acronyms(self) -> Mapping[str, Acronym]:
        """Return the library's acronyms by their short form in capitals."""
        return self._read_acronyms().short

    @property
    def long_forms(self) -> Mapping[str, Acronym]:
        """Return the acronyms that texts state, by their long form: its words in lower case with single spaces."""
        return self._read_acronyms().long

    @property
    def chunks(self) -> int:
        """Return the number of chunks that searches can find."""
        return self._store.size

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Return the UK's places as written, by their name in lower case, whether the library has them or not."""
        return {name.lower(): name for names in read_places().values() for name in names}

    @property
    def catalogued(self) -> frozenset[str]:
        """Return the words, lower case, of the organisations and regions that documents are of."""
        return self._catalogue().words

    def is_organisation(self, name: str) -> bool:
        """Return whether a name in lower case is an organisation's that documents are of."""
        return name in self._catalogue().organisations

    def frequency(self, phrase: str) -> int:
        """Return in how many chunks a word or phrase stands, in any grammatical form."""
        known = self._learned().frequencies
        if phrase not in known:
            known[phrase] = self._store.document_frequencies([phrase])[phrase]
        return known[phrase]

    def written(self, phrase: str) -> str | None:
        """Return how the library writes a word or phrase inside sentences, if that is always with a capital.

        `None` where it does not have it, has it only where any word has a capital, or has it in small letters too.
        """
        return self._spelling(phrase).capital

    def stands_alone(self, phrase: str) -> bool:
        """Return whether a word that the library always writes with a capital is a name without others beside it."""
        return self._spelling(phrase).alone

    def in_small_letters(self, phrase: str) -> bool:
        """Return whether the library writes a word or phrase in small letters as well."""
        return self._spelling(phrase).small

    def mended(self, word: str) -> str | None:
        """Return the word of the library that an unknown word is most likely a slip of, lower case, or `None`."""
        return self.slips([word]).get(word)

    def slips(self, words: Collection[str]) -> dict[str, str]:
        """Return those of the words that are most likely slips, with the word of the library that each is one of."""
        learned = self._learned()
        return {word: slip for word in words if (slip := self._mended(word, learned)) is not None}

    def _mended(self, word: str, learned: _Learned) -> str | None:
        lower = word.lower()
        if word.isupper() or is_function_word(lower) or self._holds(lower, learned) or word.upper() in self.acronyms:
            return None
        if word not in learned.slips:
            is_known = self.is_word(lower) or self.frequency(lower)
            # A name that the library does not know is more likely just that than a slip.
            most = 1 if word[0].isupper() else 2
            learned.slips[word] = None if is_known else corrected(lower, self._vocabulary(), most_slips=most)
        return learned.slips[word]

    def is_word(self, word: str) -> bool:
        """Return whether a word in lower case, or it without an ending, is one of the language."""
        bases = {word} | {word.removesuffix(ending) for ending in _ENDINGS if len(word) - len(ending) > 2}
        return any(self._is_word(base) for base in bases)

    def _catalogue(self) -> _Catalogue:
        learned = self._learned()
        if learned.catalogue is None:
            known = self._store.named()
            organisations = {part.strip() for one, _ in known for part in (one or "").lower().split(";")}
            named = organisations | {region or "" for _, region in known}
            every = frozenset(word for name in named for word in words(name))
            learned.catalogue = _Catalogue(frozenset(organisations), every)
        return learned.catalogue

    def _spelling(self, phrase: str) -> _Spelling:
        known = self._learned().spellings
        if phrase not in known:
            known[phrase] = self._read_spelling(phrase)
        return known[phrase]

    def _read_spelling(self, phrase: str) -> _Spelling:
        if not self.frequency(phrase):
            return _Spelling(None)
        found = self._store.lexical_search([phrase], _PASSAGES_READ).found
        texts = [chunk.text for chunk in self._store.chunks([chunk_id for chunk_id, _ in found]).values()]
        pattern = re.compile(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])".replace("'", "['’]"), re.IGNORECASE)
        forms = [match for text in texts for match in pattern.finditer(text)]
        if any(not match.group()[0].isupper() for match in forms):
            return _Spelling(None, small=True)
        inside = [match for match in forms if _INSIDE.search(match.string[: match.start()])]
        alone = any(
            not _IN_LONGER.search(f"{match.string[: match.start()]}\0{match.string[match.end() :]}") for match in inside
        )
        return _Spelling(inside[0].group() if inside else None, alone=alone)

    def _vocabulary(self) -> Vocabulary:
        """Return the words of the library, lower case, with the number of chunks that have each.

        A large vocabulary is not read again for a few chunks more: their words are added to it.
        """
        version = self._store.version(anew=True)  # with an earlier one, words would be added twice
        if self._counted is None or self._counted[0] != version:
            before, counts = (self._counted[0], self._counted[1].counts) if self._counted else ("", {})
            more = self._store.texts_since(before) if len(counts) > _LARGE_VOCABULARY else None
            if more is None:
                counts = self._store.vocabulary()
            else:
                counts = dict(counts)
                for word in (word for text in more for word in set(words(text))):
                    counts[word] = counts.get(word, 0) + 1
            self._counted = (version, Vocabulary(counts))
        return self._counted[1]

    def _read_acronyms(self) -> _Acronyms:
        read = self._store.acronyms()
        if read is not self._acronyms.read:
            short = {acronym.short.upper(): acronym for acronym in read}
            stated = (acronym for acronym in short.values() if acronym.stated)
            long = {" ".join(_WORD.findall(acronym.long.lower())): acronym for acronym in stated}
            self._acronyms = _Acronyms(read, short, long)
        return self._acronyms

    def _learned(self) -> _Learned:
        with self._lock:
            version = self._store.version()
            if version != self._version or self._kept.remembered > _MOST_REMEMBERED:
                self._kept, self._version = _Learned(), version
            return self._kept
