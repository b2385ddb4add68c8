"""Speech of a recording: cues, put together to sections that begin at the time of their first words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind

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
