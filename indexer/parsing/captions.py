"""Captions of recordings (WebVTT, SRT): who speaks, and at what time."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from indexer.parsing.blocks import Parsed
from indexer.parsing.speech import Cue, Speakers, speech_blocks
from indexer.parsing.text import decode
from knowledge.errors import SourceError

# Of a file's captions, the share that show again what the one before showed, where captions roll.
_SHARE = 0.3
_FEWEST = 2
# Words that two captions have to share before they are taken for one text, where lines do not tell.
_SHARED_WORDS = 3
_LONGEST_GAP = 1.5
_TAG = re.compile(r"<[^>]{0,200}>")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]{1,80})>")
# "WEBVTT - How we hired": what the file calls itself; programs write their settings there as well.
_TITLE = re.compile(
    r"^WEBVTT[ \t]+(?:-[ \t]*)?(?=\S)(?!.*(?:kind|language|region|x-timestamp)[ \t]*[:=])(.{3,200})$", re.I
)
_TITLE_LINE = re.compile(r"^(?:title|NOTE[ \t]+title)[ \t]*:[ \t]*(\S.{2,200})$", re.IGNORECASE | re.MULTILINE)
_HEADER_LOOKED_AT = 600
_EMPTY_TITLES = re.compile(
    r"^(?:untitled|captions?|subtitles?|this file .*|.*\.(?:vtt|srt|mp4|m4a|mov))$", re.IGNORECASE
)


class ShownCaption(NamedTuple):
    """A caption as it is shown: its lines without tags, from `start` until `end`, in seconds."""

    start: float
    end: float
    lines: Sequence[str]


def said_once(captions: Sequence[ShownCaption]) -> list[list[str]]:
    """Return for each caption the lines that are new in it; none where it only shows again what was said."""
    new = list(_new_lines(captions))
    again = sum(lines != list(caption.lines) for lines, caption in zip(new, captions, strict=True))
    if again >= _FEWEST and again >= _SHARE * len(captions):
        return new
    return [list(caption.lines) for caption in captions]


def _new_lines(captions: Iterable[ShownCaption]) -> Iterator[list[str]]:
    before: ShownCaption | None = None
    for caption in captions:
        lines = list(caption.lines)
        if before is None or caption.start - before.end > _LONGEST_GAP:
            yield lines
        else:
            yield _without_repeated(before.lines, lines)
        before = caption if lines or before is None else before._replace(end=caption.end)


def _without_repeated(before: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the lines without those first ones that end the caption before, and without the words of its end."""
    for count in range(min(len(before), len(lines)), 0, -1):
        if list(before[-count:]) == list(lines[:count]):
            return list(lines[count:])
    old, words = " ".join(before).split(), " ".join(lines).split()
    for count in range(min(len(old), len(words)), 0, -1):
        if old[-count:] == words[:count]:
            # A caption that grows word by word begins with all of the one before.
            return [" ".join(words[count:])] if count >= _SHARED_WORDS or count == len(old) else list(lines)
    return list(lines)


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return captions as paragraphs, one a speaker's turn, in sections of at most about a minute named by their time.

    Raises:
        SourceError: It is not text, or no captions.
    """
    return captions_of(decode(content), known_title)


def captions_of(text: str, known_title: str | None) -> Parsed:
    """Return the captions in a text, wherever it is from.

    Raises:
        SourceError: There are none.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n ")
    return Parsed(known_title or _title(text), {}, list(speech_blocks(_cues(text))))


def _cues(text: str) -> Iterator[Cue]:
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    is_vtt = text.startswith("WEBVTT")
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format="vtt" if is_vtt else "srt").captions
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError) as error:
        raise SourceError(f"it is not a captions file that can be read ({error}); export the captions again") from None
    voices = {name.strip() for caption in captions for name in _VOICE.findall(caption.raw_text)}
    clean = str.splitlines if voices else lambda raw: _clean_lines(raw.splitlines())
    said = said_once([ShownCaption(_seconds(c.start), _seconds(c.end), clean(c.raw_text)) for c in captions])
    speakers = Speakers([_clean_lines(lines) for lines in said], voices)
    speaker = None
    for caption, lines in zip(captions, said, strict=True):
        for said_by, words in _voices("\n".join(lines), speakers):
            speaker = said_by or speaker  # lines that name nobody are said by who was named last
            if words:
                yield Cue(int(_seconds(caption.start)), int(_seconds(caption.end)), speaker, words)


def _voices(raw: str, speakers: Speakers) -> Iterator[tuple[str | None, str]]:
    """Yield what each speaker says in one caption; `None` for a speaker who is not named in it."""
    # Before, between and after the names of the voice tags: words, name, words, name, words.
    first, *rest = _VOICE.split(raw)
    yield from speakers.turns(_clean_lines(first.splitlines()))
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        yield name.strip(), " ".join(_clean_lines(words.splitlines()))


def _clean_lines(lines: Sequence[str]) -> list[str]:
    return [clean for line in lines if (clean := " ".join(_TAG.sub("", line).replace("&nbsp;", " ").split()))]


def _seconds(stamp: str) -> float:
    """Return the seconds of a time such as 01:02:03.500."""
    seconds = 0.0
    for part in stamp.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _title(text: str) -> str | None:
    """Return what the file's head calls it, if it does."""
    head = text[:_HEADER_LOOKED_AT].partition("-->")[0]
    found = _TITLE.match(head.partition("\n")[0]) or (_TITLE_LINE.search(head) if head.startswith("WEBVTT") else None)
    title = found.group(1).strip() if found else ""
    return title if title and not _EMPTY_TITLES.match(title) else None
