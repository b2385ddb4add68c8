"""Reads a query as it was meant: slips mended, acronyms spelled out, both spellings searched."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.language.spelling import corrected, other_spellings
from knowledge.language.words import MOST_TERMS, is_function_word, query_terms
from knowledge.retrieval.embedder import Embedder
from knowledge.storage.protocols import LibraryStore
from knowledge.types import Acronym

_WORD = re.compile(r"\w+")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")
# Share of all chunks; and a number of them that is never many.
_EVERYWHERE = 0.05
_FEW = 5
# Words in the long form of an acronym.
_LONGEST_NAME = 9


@dataclass(frozen=True)
class Query:
    """A query as typed and as it is searched.

    `meaning` goes to the model; `terms` (words) and `phrases` (long forms, each sought as a whole) to the full text.
    `spelled_out` has the long forms of acronyms in it, by the
    word as typed; `abbreviated` the acronyms of long forms in it, by the long form in lower case; `mended` the words
    taken for slips.
    """

    typed: str
    meaning: str
    terms: tuple[str, ...]
    phrases: tuple[str, ...]
    spelled_out: Mapping[str, str]
    mended: Mapping[str, str]
    abbreviated: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, str]:
        """The acronyms in the query, typed or meant, by their long forms."""
        return {**{long: short for short, long in self.spelled_out.items()}, **self.abbreviated}


class QueryReader:
    """Reads queries with the words and acronyms of one library. Safe to use from several threads."""

    def __init__(self, store: LibraryStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._lock = threading.Lock()
        self._version: str | None = None
        self._chunks = 0
        self._vocabulary: Mapping[str, int] = {}
        self._acronyms: Mapping[str, Acronym] = {}
        self._long_forms: Mapping[str, Acronym] = {}

    def read(self, text: str) -> Query:
        """The query as it was meant; `text` is clean already (see `check_query`)."""
        vocabulary, acronyms = self._learned()
        mended = {word: slip for word in _WORD.findall(text) if (slip := self._mended(word, vocabulary, acronyms))}
        meaning = _WORD.sub(lambda match: mended.get(match.group(), match.group()), text)
        spelled_out = {
            word: known.long for word in _WORD.findall(meaning) if (known := self._helpful(word, acronyms)) is not None
        }
        terms = query_terms(meaning)
        terms += [other for term in terms for other in other_spellings(term, vocabulary)]
        meaning = _WORD.sub(
            lambda match: f"{spelled_out[w]} ({w})" if (w := match.group()) in spelled_out else w, meaning
        )
        abbreviated = self._abbreviated(text)
        phrases = (*(long.lower() for long in spelled_out.values()), *(short.lower() for short in abbreviated.values()))
        terms = list(dict.fromkeys(terms))[:MOST_TERMS]
        return Query(
            typed=text,
            meaning=meaning,
            terms=tuple(terms),
            phrases=tuple(phrase for phrase in dict.fromkeys(phrases) if phrase not in terms),
            spelled_out=spelled_out,
            mended=mended,
            abbreviated=abbreviated,
        )

    def _abbreviated(self, text: str) -> dict[str, str]:
        """The acronyms by which documents may speak of what a query spells out, by the long forms in lower case."""
        words = _WORD.findall(text.lower())
        runs = (
            " ".join(words[start : start + length])
            for length in range(2, _LONGEST_NAME + 1)
            for start in range(len(words) - length + 1)
        )
        return {known.long.lower(): known.short for run in runs if (known := self._long_forms.get(run)) is not None}

    def _mended(self, word: str, vocabulary: Mapping[str, int], acronyms: Mapping[str, Acronym]) -> str | None:
        """What a word that neither the library nor the model knows was meant to be."""
        lower = word.lower()
        if lower in vocabulary or word.isupper() or word.upper() in acronyms or is_function_word(lower):
            return None
        if self._is_word(lower) or any(self._store.document_frequencies([lower]).values()):
            return None
        # A name that the library does not know is more likely just that than a slip.
        return corrected(lower, vocabulary, most_slips=1 if word[0].isupper() else 2)

    def _is_word(self, word: str) -> bool:
        """Whether it is a word of the language: the model has it, or it without an ending, as a whole."""
        bases = {word} | {word.removesuffix(ending) for ending in _ENDINGS if len(word) - len(ending) > 2}
        return any(self._embedder.count_tokens(base) <= 1 for base in bases)

    def _helpful(self, word: str, acronyms: Mapping[str, Acronym]) -> Acronym | None:
        """The acronym that a word is, where spelling it out helps to find what is meant.

        It does for an acronym that a text explains, unless so many chunks hold it that its long form only distracts.
        Initials that no text explains are a guess: it is made only where the library does not have them otherwise.
        """
        singular = word[:-1] if len(word) > 2 and word[-1] == "s" and word[:-1].isupper() else word
        known = acronyms.get(singular.upper())
        if known is None or not (singular.isupper() or (known.stated and len(word) > 3)):
            return None
        frequency = self._store.document_frequencies([singular.lower()])[singular.lower()]
        most = max(_FEW, _EVERYWHERE * self._chunks) if known.stated else 0
        return known if frequency <= most else None

    def _learned(self) -> tuple[Mapping[str, int], Mapping[str, Acronym]]:
        """The library's words and acronyms, read anew when the library has changed."""
        with self._lock:
            version = self._store.version()
            if version != self._version:
                self._vocabulary = self._store.vocabulary()
                self._acronyms = {acronym.short.upper(): acronym for acronym in self._store.acronyms()}
                self._long_forms = {
                    " ".join(_WORD.findall(acronym.long.lower())): acronym
                    for acronym in self._acronyms.values()
                    if acronym.stated
                }
                self._chunks = int(self._store.chunk_ids().size)
                self._version = version
            return self._vocabulary, self._acronyms
