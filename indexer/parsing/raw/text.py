"""The result of a second reading, and the words of a text as they are compared."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.parsing.blocks import LeftOut

# Where a line's end, a soft hyphen or PDFium's mark for one parts a word, and compounds, which are written both ways.
_JOINED = re.compile(r"[\u00ad\u200b\ufffe\x02\-\u2010\u2011](?<=\w.)\s*(?=\w)")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
# These are tried in turn because the general one takes three times as long.
_ASCII_WORD = re.compile("[a-z]+|[0-9]+")
_RUN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# What stands for a letter or ligature that a font does not name.
_UNNAMED = r"\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff"
UNNAMED = re.compile(f"[{_UNNAMED}]+")
_WORD_WITH_UNNAMED = re.compile(rf"(?=[{_UNNAMED}]*[^\W\d_])(?:[^\W\d_]|[{_UNNAMED}])+|\d+")
_NUMBER = "0"
_PART_LETTERS = 200_000


class RawText(NamedTuple):
    """The text of a file, line by line, in any order.

    `aside` is the part that readers of the format do not take for its text (comments, running headers), by reason:
    it counts as left out where the parser kept it not. `formatted` says that numbers may be shown in another form than
    they are stored in (a sheet's 0.25 as 25 %), so that only how many there are can be compared.
    """

    lines: list[str]
    aside: list[LeftOut]
    formatted: bool = False


def word_list(text: str, *, formatted: bool = False) -> list[str]:
    """Return the words and numbers of a text, however hyphenated, spaced and cased; `formatted`: numbers all alike."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _THOUSANDS.sub("", _JOINED.sub("", text)).casefold()
    if UNNAMED.search(text):
        found = _WORD_WITH_UNNAMED.findall(text)
    elif text.isascii():
        found = _ASCII_WORD.findall(text)
    else:
        runs = _RUN.findall(text)
        found = [word for run in runs for word in ((run,) if run.isalpha() or run.isdigit() else _WORD.findall(run))]
    return [_NUMBER if word.isdigit() else word for word in found] if formatted else found


def word_counts(lines: Iterable[str], *, formatted: bool = False) -> Counter[str]:
    """Return how often each word stands in a text; a word that its hyphen parts at a line's end is one."""
    counts: Counter[str] = Counter()
    for part in _parts(lines):
        counts.update(word_list(part, formatted=formatted))
    return counts


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """Yield the text in parts of a size that the list of its words is small beside, cut at spaces."""
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length < _PART_LETTERS or line.endswith("-"):
            continue
        text = "\n".join(waiting)
        start = 0
        while len(text) - start > 2 * _PART_LETTERS:
            end = text.find(" ", start + _PART_LETTERS)
            end = len(text) if end < 0 else end
            yield text[start:end]
            start = end
        yield text[start:]
        waiting, length = [], 0
    yield "\n".join(waiting)
