"""Speech of a recording: who speaks, and cues put together to sections that begin at the time of their first words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind
from knowledge.language.words import STOP_WORDS

# A citation's time must never be far from its words: a section ends after so much speech, so many seconds or a pause,
# at the end of a sentence if one comes in time.
_SECTION_WORDS = 90
_LONGEST_SECTION_WORDS = 130
_SECTION_SECONDS = 30
_LONGEST_SECTION_SECONDS = 60
_PAUSE_SECONDS = 10
# Another speaker begins a section too, but not one for every "Yes": a chunk of two words is found for nothing.
_SPEAKER_WORDS = 30
SENTENCE_ENDS = (".", "?", "!")
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


class Cue(NamedTuple):
    """Words that are shown from `seconds` until `until`, and who says them."""

    seconds: int
    until: int
    speaker: str | None
    text: str


def clock(seconds: int) -> str:
    """Return a time in a recording as players show it: 12:40, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def speech_blocks(cues: Iterable[Cue]) -> Iterator[Block]:
    """Yield turns of speakers as paragraphs, in sections of at most about a minute named by their time."""
    section: list[Cue] = []
    for cue in cues:
        if section and _begins_section(section, cue):
            yield from _turns(section)
            section = []
        section.append(cue)
    yield from _turns(section)


def _begins_section(section: Sequence[Cue], cue: Cue) -> bool:
    first, last = section[0], section[-1]
    seconds = cue.seconds - first.seconds
    length = sum(len(said.text.split()) for said in section)
    if seconds >= _LONGEST_SECTION_SECONDS or length >= _LONGEST_SECTION_WORDS:
        return True
    if cue.speaker != last.speaker and length >= _SPEAKER_WORDS:
        return True
    if cue.speaker == last.speaker and not last.text.endswith(SENTENCE_ENDS):
        return False
    return seconds >= _SECTION_SECONDS or length >= _SECTION_WORDS or cue.seconds - last.until >= _PAUSE_SECONDS


def _turns(section: Sequence[Cue]) -> Iterator[Block]:
    """Yield a paragraph for each speaker's turn."""
    for speaker, cues in groupby(section, key=lambda cue: cue.speaker):
        text = " ".join(cue.text for cue in cues)
        yield Block(
            BlockKind.PARAGRAPH, f"{speaker}: {text}" if speaker else text, 0, f"at {clock(section[0].seconds)}"
        )


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
