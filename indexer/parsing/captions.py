"""Captions of recordings (WebVTT, SRT): who speaks, and at what time."""

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.text import decode
from knowledge.errors import SourceError

# About what one chunk holds, so that a citation's time is never far from its words.
_SECTION_WORDS = 90
_LONGEST_SECTION_WORDS = 130
_TAG = re.compile(r"<[^>]{0,200}>")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]{1,80})>")
# "Sam Sample: welcome" and ">> SAM: welcome", as speakers are typed where the format has no field for them.
_TYPED_SPEAKER = re.compile(r"^(?:>>\s*)?((?:[A-Z][\w.'’-]*\s?){1,4}):\s+(?=\S)")


class Cue(NamedTuple):
    """Words that are shown at a time."""

    seconds: int
    speaker: str | None
    text: str


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Captions as paragraphs, one a speaker's turn, in sections of about a minute named by their time.

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
        raw = " ".join(caption.raw_text.split())
        said_by = _VOICE.search(raw)
        words = " ".join(_TAG.sub("", raw).split())
        if said_by:
            speaker = said_by.group(1).strip()
        elif typed := _TYPED_SPEAKER.match(words):
            speaker, words = typed.group(1).strip(), words[typed.end() :]
        if words:
            yield Cue(int(caption.start_in_seconds), speaker, words)


def _blocks(cues: Iterator[Cue]) -> Iterator[Block]:
    """Turns of speakers; a new section begins where a sentence ends once the last one is long enough."""
    locator: str | None = None
    length = 0
    turn: list[str] = []
    speaker: str | None = None
    previous = ""
    for cue in cues:
        if cue.text == previous:  # captions that roll show each line twice
            continue
        ended = previous.endswith((".", "?", "!")) or cue.speaker != speaker
        full = (length >= _SECTION_WORDS and ended) or length >= _LONGEST_SECTION_WORDS
        if turn and (full or cue.speaker != speaker):
            yield _turn(speaker, turn, locator)
            turn = []
        if locator is None or full:
            locator, length = f"at {clock(cue.seconds)}", 0
        speaker, previous = cue.speaker, cue.text
        turn.append(cue.text)
        length += len(cue.text.split())
    if turn:
        yield _turn(speaker, turn, locator)


def _turn(speaker: str | None, lines: list[str], locator: str | None) -> Block:
    text = " ".join(lines)
    return Block(BlockKind.PARAGRAPH, f"{speaker}: {text}" if speaker else text, 0, locator)
