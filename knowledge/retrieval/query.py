"""Reads a query as it was meant: slips mended, acronyms spelled out, both spellings searched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.domain.library import Acronym
from knowledge.errors import QuestionError
from knowledge.language.library_words import LibraryWords, WordStore
from knowledge.language.spelling import other_spellings
from knowledge.language.words import MOST_TERMS, query_terms
from knowledge.retrieval.embedder import Embedder

_WORD = re.compile(r"\w+")
# Share of all chunks; and a number of them that is never many.
_EVERYWHERE = 0.05
_FEW = 5
LONGEST_QUERY = 4000
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
        """Return the acronyms in the query, typed or meant, by their long forms."""
        return {**{long: short for short, long in self.spelled_out.items()}, **self.abbreviated}


def well_formed(text: str) -> str:
    """Return the text with what is not Unicode replaced, as when a terminal sends bytes of another encoding."""
    return text.encode("utf-8", "replace").decode("utf-8")


def check_query(text: str) -> str:
    """Return the text without control characters and surrounding space, cut at what a question can be.

    Raises:
        QuestionError: Nothing is left.
    """
    clean = "".join(c if c.isprintable() else " " for c in text).strip()
    if not any(c.isalnum() or ord(c) > 0x2000 for c in clean):
        raise QuestionError("The question is empty. Type a few words about what you want to know.")
    return clean[:LONGEST_QUERY]


class QueryReader:
    """Reads queries with the words and acronyms of one library. Safe to use from several threads."""

    def __init__(self, store: WordStore, embedder: Embedder) -> None:
        self._store = store
        self.words = LibraryWords(store, lambda word: embedder.count_tokens(word) <= 1)

    def read(self, text: str) -> Query:
        """Return the query as it was meant; `text` is clean already (see `check_query`)."""
        mended = self.words.slips(_WORD.findall(text))
        meaning = _WORD.sub(lambda match: mended.get(match.group(), match.group()), text)
        acronyms = self.words.acronyms
        spelled_out = {
            word: known.long for word in _WORD.findall(meaning) if (known := self._helpful(word, acronyms)) is not None
        }
        terms = query_terms(meaning)
        terms += [other for term in terms for other in other_spellings(term, self.words.holds)]
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
        """Return the acronyms of what a query spells out, as documents may have them, by long forms in lower case."""
        words = _WORD.findall(text.lower())
        runs = (
            " ".join(words[start : start + length])
            for length in range(2, _LONGEST_NAME + 1)
            for start in range(len(words) - length + 1)
        )
        long_forms = self.words.long_forms
        return {known.long.lower(): known.short for run in runs if (known := long_forms.get(run)) is not None}

    def _helpful(self, word: str, acronyms: Mapping[str, Acronym]) -> Acronym | None:
        """Return the acronym that a word is, where spelling it out helps to find what is meant.

        It does for an acronym that a text explains, unless so many chunks hold it that its long form only distracts.
        Initials that no text explains are a guess: it is made only where the library does not have them otherwise.
        """
        singular = word[:-1] if len(word) > 2 and word[-1] == "s" and word[:-1].isupper() else word
        known = acronyms.get(singular.upper())
        if known is None or not (singular.isupper() or (known.stated and len(word) > 3)):
            return None
        frequency = self._store.document_frequencies([singular.lower()])[singular.lower()]
        most = max(_FEW, _EVERYWHERE * self.words.chunks) if known.stated else 0
        return known if frequency <= most else None
