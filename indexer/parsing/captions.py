"""Captions of recordings (WebVTT, SRT): who speaks, and at what time."""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.text import decode
from knowledge.errors import SourceError

# A citation's time must never be far from its words: a section ends after so much speech, so many seconds or a pause,
# at the end of a sentence if one comes in time.
_SECTION_WORDS = 90
_LONGEST_SECTION_WORDS = 130
_SECTION_SECONDS = 30
_LONGEST_SECTION_SECONDS = 60
_PAUSE_SECONDS = 10
# Another speaker begins a section too, but not one for every "Yes": a chunk of two words is found for nothing.
_SPEAKER_WORDS = 30
_TAG = re.compile(r"<[^>]{0,200}>")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]{1,80})>")
_SENTENCE_ENDS = (".", "?", "!")
# "Sam Sample: welcome" and ">> SAM: welcome", as speakers are typed where the format has no field for them. Each word
# needs its space before the next one, so that no line can be parted into words in more than one way.
_TYPED_SPEAKER = re.compile(r"^(?:>>\s*)?([A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){0,3})\s?:\s+(?=\S)")


class Cue(NamedTuple):
    """Words that are shown from `seconds` until `until`, and who says them."""

    seconds: int
    until: int
    speaker: str | None
    text: str


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Captions as paragraphs, one a speaker's turn, in sections of at most about a minute named by their time.

    Raises:
        SourceError: It is not text, or no captions.
    """
    return Parsed(known_title, {}, list(_blocks(_cues(decode(content)))))


def clock(seconds: int) -> str:
    """A time in a recording as players show it: 12:40, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _cues(text: str) -> Iterator[Cue]:
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n ")
    is_vtt = text.startswith("WEBVTT")
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format="vtt" if is_vtt else "srt").captions
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError) as error:
        raise SourceError(f"it is not a captions file that can be read ({error}); export the captions again") from None
    speaker = None
    for caption in captions:
        for said_by, words in _voices(caption.raw_text):
            speaker = said_by or speaker  # lines that name nobody are said by who was named last
            if words:
                yield Cue(int(caption.start_in_seconds), int(caption.end_in_seconds), speaker, words)


def _voices(raw: str) -> Iterator[tuple[str | None, str]]:
    """What each speaker says in one caption; `None` for a speaker who is not named in it."""
    # Before, between and after the names of the voice tags: words, name, words, name, words.
    first, *rest = _VOICE.split(raw)
    yield from _typed(first)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        yield name.strip(), _clean(words)


def _typed(raw: str) -> Iterator[tuple[str | None, str]]:
    """The lines of a caption without voice tags, parted where one begins with a name and the last one has ended."""
    speaker: str | None = None
    words = ""
    for line in map(_clean, raw.splitlines()):
        typed = _TYPED_SPEAKER.match(line)
        if typed and (not words or words.endswith(_SENTENCE_ENDS)):
            yield speaker, words
            speaker, words = typed.group(1).strip(), line[typed.end() :]
        else:
            words = f"{words} {line}".strip()
    yield speaker, words


def _clean(raw: str) -> str:
    return " ".join(_TAG.sub("", raw).split())


def _blocks(cues: Iterator[Cue]) -> Iterator[Block]:
    """Turns of speakers, in sections that begin at the time of their first words."""
    section: list[Cue] = []
    for cue in cues:
        if section and cue.text == section[-1].text:  # captions that roll show each line twice
            continue
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
    if cue.speaker == last.speaker and not last.text.endswith(_SENTENCE_ENDS):
        return False
    return seconds >= _SECTION_SECONDS or length >= _SECTION_WORDS or cue.seconds - last.until >= _PAUSE_SECONDS


def _turns(section: Sequence[Cue]) -> Iterator[Block]:
    """A paragraph for each speaker's turn."""
    for speaker, cues in groupby(section, key=lambda cue: cue.speaker):
        text = " ".join(cue.text for cue in cues)
        yield Block(
            BlockKind.PARAGRAPH, f"{speaker}: {text}" if speaker else text, 0, f"at {clock(section[0].seconds)}"
        )
