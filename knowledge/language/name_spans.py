"""Places of names in a text: which tokens are written as names, and which of them make one name."""

import re
from dataclasses import dataclass

from knowledge.language.dates import MONTHS, WEEKDAYS
from knowledge.language.library_words import LibraryWords
from knowledge.language.name_words import (
    COMMON,
    CONTINUING,
    OPENING,
    POSSESSIVE_GAP,
    SILENT,
    TELLING,
    TOKEN,
    WIDE,
    begins_sentence,
    is_acronym,
)
from knowledge.language.nations import home_nation, is_nation_adjective
from knowledge.language.words import NAME_JOINERS, is_function_word

_BEFORE_PLACES = re.compile(r"\b(?:in|at|near|from|across)\s+$", re.IGNORECASE)
# Places that are ordinary words as well: they need a word such as "in" before them.
_ORDINARY_PLACES = frozenset({"barking", "bath", "bury", "down", "highland", "hull", "moray", "poole"})
_LONGEST_PLACE = 5
_SHORTEST_PLACE = 4
# With fewer words, capitals throughout may be a name and nothing else.
_FEWEST_DOUBTFUL = 3


@dataclass(frozen=True)
class Span:
    """A name's tokens; `placed` says that a word such as "in" is before it."""

    tokens: tuple[re.Match[str], ...]
    shown: str
    opens: bool
    placed: bool

    @property
    def start(self) -> int:
        """Return where it begins in the text."""
        return self.tokens[0].start()

    @property
    def end(self) -> int:
        """Return where it ends in the text."""
        return self.tokens[-1].end()


def name_spans(text: str, library: LibraryWords | None, *, begins: bool) -> list[Span]:
    """Return the names in a text, in order; `begins` says whether the text begins a sentence."""
    return _Reader(text, library, begins=begins).spans()


class _Reader:
    """Reads one text."""

    def __init__(self, text: str, library: LibraryWords | None, *, begins: bool) -> None:
        self._text = text
        self._library = library
        self._begins = begins
        self._tokens = list(TOKEN.finditer(text))
        self._lower = [token.group().lower() for token in self._tokens]
        content = [token.group() for token in self._tokens if not is_function_word(token.group())]
        # WHERE ALL IS IN CAPITALS, or Every Word Has One, capitals tell nothing.
        self._shouted = len(self._tokens) >= _FEWEST_DOUBTFUL and text.isupper()
        titled = len(content) >= _FEWEST_DOUBTFUL and all(word[0].isupper() for word in content)
        self._doubtful = self._shouted or titled
        self._ends: dict[int, int] = {}
        self._forms = [self._form(place) for place in range(len(self._tokens))]
        if library is not None:
            self._mark_places(library)

    def spans(self) -> list[Span]:
        found: list[Span | None] = []
        at = 0
        while at < len(self._tokens):
            if self._forms[at] is None:
                at += 1
                continue
            end = self._end(at)
            found.append(self._span(at, end))
            at = end
        return [span for span in found if span is not None]

    def _form(self, place: int) -> str | None:
        """Return how a token is written as a name; `None` where it is none."""
        word, lower = self._tokens[place].group(), self._lower[place]
        if len(word) < 2 or not word[0].isalpha():
            return None
        if self._library is not None and (lower in MONTHS or lower in WEEKDAYS):
            return None  # a date
        if self._library is None:
            named = any(character.isupper() for character in word)
            return word if named and (not is_function_word(word) or is_acronym(word)) else None
        if is_function_word(word):
            return None
        if self._is_nation(place):
            return word.capitalize()
        if is_acronym(word) and not self._shouted:
            # Two letters that the library never writes are a member's own shorthand.
            return word if len(word) > 2 or self._library.written(lower) else None
        if word[0].isupper() and not self._doubtful and not self._is_first(place):
            return word
        return self._as_library_writes(place, self._library)

    def _is_nation(self, place: int) -> bool:
        pairs = (self._lower[max(0, place - 1) : place + 1], self._lower[place : place + 2])
        return home_nation(self._lower[place]) is not None or any(home_nation(" ".join(pair)) for pair in pairs)

    def _is_first(self, place: int) -> bool:
        start = self._tokens[place].start()
        return self._begins if not self._text[:start].strip(" '\"‘“(") else begins_sentence(self._text, start)

    def _as_library_writes(self, place: int, library: LibraryWords) -> str | None:
        word, lower = self._tokens[place].group(), self._lower[place]
        capital = word[0].isupper()
        if lower in COMMON and not (capital and not self._shouted):
            return None
        written = library.written(lower)
        if written and (capital or library.stands_alone(lower) or self._in_longer(place, library)):
            return written
        after_place_word = _BEFORE_PLACES.search(self._text[: self._tokens[place].start()]) is not None
        if lower in library.places and not library.in_small_letters(lower):
            return library.places[lower] if after_place_word or lower not in _ORDINARY_PLACES else None
        if library.frequency(lower):
            return None
        if capital and self._doubtful and not library.is_word(lower):
            return word.capitalize() if self._shouted else word
        # "Leave it in Wigan": no word of the language, or all that is asked ("and in ashford?").
        alone = all(map(is_function_word, self._lower[:place]))
        long = len(word) >= _SHORTEST_PLACE
        return word.capitalize() if after_place_word and long and (alone or not library.is_word(lower)) else None

    def _in_longer(self, place: int, library: LibraryWords) -> bool:
        """Return whether a word that is only in longer names is typed in one of them: "royal free", "city deal"."""
        pairs = [(place - 1, place), (place, place + 1)]
        return any(
            left >= 0 and right < len(self._tokens) and library.written(self._phrase(left, right)) is not None
            for left, right in pairs
        )

    def _mark_places(self, library: LibraryWords) -> None:
        """Take the words of a place for one name, however they are typed: "mid and south essex"."""
        for start in range(len(self._tokens)):
            for end in range(min(len(self._tokens), start + _LONGEST_PLACE), start + 1, -1):
                last = self._tokens[end - 1]
                phrase = self._text[self._tokens[start].start() : last.end()].lower()
                written = library.places.get(phrase)
                if written is not None and not library.in_small_letters(phrase):
                    self._ends[start] = end
                    parts = written.split()
                    self._forms[start:end] = parts if len(parts) == end - start else [written] * (end - start)
                    break

    def _end(self, start: int) -> int:
        """Return the place behind the last token of the name that begins at `start`."""
        at = self._ends.get(start, start + 1)
        while at < len(self._tokens) and (following := self._next(start, at)) is not None:
            at = following
        return at

    def _next(self, start: int, at: int) -> int | None:
        """Return the place behind the next token if the name goes on with it."""
        gap = self._text[self._tokens[at - 1].end() : self._tokens[at].start()]
        form, library = self._forms[at], self._library
        if gap == "-":
            return at + 1 if form and self._tokens[at].group()[0].isupper() else None
        if library is not None and form is not None and POSSESSIVE_GAP.fullmatch(gap):
            return None if self._are_two(at - 1, at, library) else self._ends.get(at, at + 1)
        if gap != " ":
            return None
        if self._begins_another(start, at):
            return None
        if form is not None or (library is not None and self._lower[at] in CONTINUING):
            return self._ends.get(at, at + 1)
        if library is None or self._lower[at] not in NAME_JOINERS:
            return None
        after = at + 2 if self._lower[at + 1 : at + 2] == ["the"] else at + 1
        if after < len(self._tokens) and self._forms[after] is not None and self._joins(start, at, after, library):
            return self._ends.get(after, after + 1)
        return None

    def _begins_another(self, start: int, at: int) -> bool:
        """Return whether a word after a name is no part of it: "North East COVID", "Preston CLES", "Welsh boards"."""
        if self._library is None:
            return False
        nation = home_nation(" ".join(self._lower[start:at])) is not None
        if nation and self._forms[at] is None:
            return True
        word = self._tokens[at].group()
        # "Public Health Wales" is one name, whether the library has it or not.
        wide = self._lower[at] in WIDE and (home_nation(word) is None or is_nation_adjective(word))
        apart = wide or (is_acronym(word) and not self._shouted)
        return apart and not nation and word.lower() != SILENT and not self._library.frequency(self._phrase(at - 1, at))

    def _joins(self, start: int, joiner: int, after: int, library: LibraryWords) -> bool:
        """Return whether a small word stands inside one name: "Mid and South Essex", but "Leeds and Preston"."""
        if library.frequency(self._phrase(joiner - 1, after)):
            return True
        typed = self._tokens[joiner - 1].group()[0].isupper() and self._tokens[after].group()[0].isupper()
        if not typed:
            return False
        if self._lower[joiner] in {"and", "&"}:
            return not TELLING & set(self._lower[start:joiner]) and not self._are_two(joiner - 1, after, library)
        return self._lower[joiner] == "of" and self._lower[joiner - 1] in CONTINUING

    def _are_two(self, left: int, right: int, library: LibraryWords) -> bool:
        """Return whether the library has both words and never together."""
        if library.frequency(self._phrase(left, right)):
            return False
        return all(
            library.frequency(word) or word in library.places for word in (self._lower[left], self._lower[right])
        )

    def _phrase(self, left: int, right: int) -> str:
        return self._text[self._tokens[left].start() : self._tokens[right].end()].lower().replace("’", "'")

    def _span(self, start: int, end: int) -> Span | None:
        opens = self._library is None and begins_sentence(self._text, self._tokens[start].start())
        if opens and self._lower[start] in OPENING:
            start, opens = start + 1, False
        if start == end or self._is_ordinary(start, end):
            return None
        tokens, forms = self._tokens[start:end], self._forms[start:end]
        shown = self._text[tokens[0].start() : tokens[-1].end()]
        for token, form in reversed(list(zip(tokens, forms, strict=True))):
            word = token.group()
            written = form or (word.capitalize() if word.islower() and word not in NAME_JOINERS else word)
            begin = token.start() - tokens[0].start()
            shown = shown[:begin] + written + shown[begin + len(word) :]
        placed = _BEFORE_PLACES.search(self._text[: tokens[0].start()]) is not None
        return Span(tuple(tokens), shown, opens and not is_acronym(tokens[0].group()), placed)

    def _is_ordinary(self, start: int, end: int) -> bool:
        """Return whether words with capitals are no name: the library writes them in small letters ("Social Value")."""
        if self._library is None or end - start < 2:
            return False
        return self._library.in_small_letters(self._phrase(start, end - 1))
