"""What a second reading gives, and the words of a text as they are compared."""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from indexer.parsing.parsed import LeftOut

# Where a line's end, a soft hyphen or PDFium's mark for one parts a word, and compounds, which are written both ways.
_JOINED = re.compile(r"(?<=\w)(?:[\u00ad\u200b\ufffe\x02]|[-\u2010\u2011])\s*(?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# What stands for a letter or ligature that a font does not name.
_UNNAMED = r"\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff"
UNNAMED = re.compile(f"[{_UNNAMED}]+")
_WORD_WITH_UNNAMED = re.compile(rf"(?=[{_UNNAMED}]*[^\W\d_])(?:[^\W\d_]|[{_UNNAMED}])+|\d+")
_NUMBER = "0"


class RawText(NamedTuple):
    """All text of a file, line by line, in any order.

    `aside` is the part that readers of the format do not take for its text (comments, running headers), by reason:
    it counts as left out where the parser kept it not. `formatted` says that numbers may be shown in another form than
    they are stored in (a sheet's 0.25 as 25 %), so that only how many there are can be compared.
    """

    lines: list[str]
    aside: list[LeftOut]
    formatted: bool = False


def word_list(text: str, *, formatted: bool = False) -> list[str]:
    """The words and numbers of a text, however it is hyphenated, spaced and cased; `formatted`: numbers all alike."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    word = _WORD_WITH_UNNAMED if UNNAMED.search(text) else _WORD
    found = word.findall(_THOUSANDS.sub("", _JOINED.sub("", text)).casefold())
    return [_NUMBER if word.isdigit() else word for word in found] if formatted else found


def word_counts(text: str, *, formatted: bool = False) -> Counter[str]:
    """How often each word stands in a text."""
    return Counter(word_list(text, formatted=formatted))
