"""Speakers' names, typed before the words: "SAM: welcome". A slogan with a colon is no name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from indexer.parsing.speech import SENTENCE_ENDS
from knowledge.language.words import STOP_WORDS

# "Sam Sample: welcome" and ">> SAM: welcome", as speakers are typed where the format has no field for them.
# Each word needs its space before the next one, so that no line can be parted into words in more than one way.
_TYPED = re.compile(
    r"^(?P<mark>>>\s*|-\s*)?(?P<name>[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,4}(?:\s?\([^()]{1,30}\))?)\s?:\s+(?=\S)"
)
_FEWEST_TIMES = 2
# Of all captions, the share that begins with a name where speakers are typed at all.
_SHARE = 0.1
_SHARE_OF_DIALOGUE = 0.5
# Words of everyday use that are names as well.
_ALSO_NAMES = frozenset({"an", "do", "so", "will"})
_PARTICLES = frozenset(["de", "da", "del", "der", "van", "von", "la", "le", "al", "ap", "ferch"])


class Label(NamedTuple):
    """A name as it is typed before words, and whether a mark says that somebody else begins to speak."""

    name: str
    marked: bool


class Speakers:
    """The names that a recording's captions begin with, told from other words before a colon."""

    def __init__(self, captions: Sequence[Sequence[str]], voices: Iterable[str] = ()) -> None:
        self._voices = {voice.casefold() for voice in voices}
        labels = [label for lines in captions for line in lines if (label := _label(line))]
        counts = Counter(label.name for label in labels)
        self._marked = {label.name for label in labels if label.marked}
        captioned = max(1, sum(map(bool, captions)))
        often = {name for name, count in counts.items() if count >= _FEWEST_TIMES}
        # One name alone may be a slogan that comes again, unless the recording begins with it.
        first = next((line for lines in captions for line in lines), "")
        begins = (label := _label(first)) is not None and label.name in often
        typed = (len(often) > 1 or begins) and sum(counts[name] for name in often) >= _SHARE * captioned
        self._names = often if typed else set[str]()
        # In a dialogue each turn begins with a name, also one that is said once.
        dialogue = len(labels) >= _SHARE_OF_DIALOGUE * captioned and bool(self._names)
        if dialogue:
            self._names = set(counts)
        elif self._names and all(name.isupper() for name in self._names):
            self._names |= {name for name in counts if name.isupper()}

    def turns(self, lines: Sequence[str]) -> Iterator[tuple[str | None, str]]:
        """Yield what each speaker says in one caption's lines; `None` for one who is not named in it.

        The lines are parted where one begins with a name and the one before has ended.
        """
        speaker: str | None = None
        words = ""
        for line in lines:
            typed = _TYPED.match(line)
            if typed and self._is_speaker(typed["name"].strip()) and (not words or words.endswith(SENTENCE_ENDS)):
                yield speaker, words
                speaker, words = typed["name"].strip(), line[typed.end() :]
            else:
                words = f"{words} {line}".strip()
        yield speaker, words

    def _is_speaker(self, name: str) -> bool:
        if self._voices:
            return name.casefold() in self._voices
        return name in self._names or name in self._marked


def _label(line: str) -> Label | None:
    """Return the name that a line begins with, where its form is that of one."""
    typed = _TYPED.match(line)
    if typed is None:
        return None
    name = typed["name"].strip()
    return Label(name, bool(typed["mark"])) if is_name(name) else None


def is_name(text: str) -> bool:
    """Return whether a text has the form of a person's name: a few words with capitals, none of everyday use."""
    words = re.sub(r"\([^()]*\)", "", text).replace(",", " ").split()
    if not words or len(words) > 5:
        return False
    named = [word for word in words if word.casefold() not in _PARTICLES]
    return bool(named) and all(word[0].isupper() and word.casefold() not in STOP_WORDS - _ALSO_NAMES for word in named)
