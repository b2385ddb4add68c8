"""Captions that roll: each line is shown again while the next one comes up, and is said once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

# Of a file's captions, the share that show again what the one before showed, where captions roll.
_SHARE = 0.3
_FEWEST = 2
# Words that two captions have to share before they are taken for one text, where lines do not tell.
_SHARED_WORDS = 3
_LONGEST_GAP = 1.5


class Shown(NamedTuple):
    """A caption as it is shown: its lines without tags, from `start` until `end`, in seconds."""

    start: float
    end: float
    lines: Sequence[str]


def said_once(captions: Sequence[Shown]) -> list[list[str]]:
    """Return for each caption the lines that are new in it; none where it only shows again what was said."""
    new = list(_new_lines(captions))
    again = sum(lines != list(caption.lines) for lines, caption in zip(new, captions, strict=True))
    if again >= _FEWEST and again >= _SHARE * len(captions):
        return new
    return [list(caption.lines) for caption in captions]


def _new_lines(captions: Iterable[Shown]) -> Iterator[list[str]]:
    before: Shown | None = None
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
