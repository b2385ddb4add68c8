"""The text of a curated answer: cleaned, and cut into sentences with their sources."""

import re

from knowledge.domain.library import Sentence
from knowledge.language.sentences import split_units

_MARK = re.compile(r"\s*\[(\d{1,2})\]")
_BLANKS = re.compile(r"[ \t]+")
_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return a text with plain line ends and without characters that show nothing."""
    plain = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c.isprintable() or c == "\n")
    return _LINES.sub("\n\n", "\n".join(_BLANKS.sub(" ", line).strip() for line in plain.split("\n"))).strip()


def marks_in(text: str) -> list[int]:
    """Return the numbers of the sources that a text names."""
    return [int(mark) for mark in _MARK.findall(text)]


def sentences(text: str, sources: int) -> tuple[Sentence, ...]:
    """Return the sentences of a text, each with its sources: those that it names, else all of them.

    A mark stands before or after the full stop.
    """
    found: list[Sentence] = []
    for unit in split_units(_MARK.sub(lambda mark: f"\x00{mark[1]}\x01", text)):
        named = tuple(dict.fromkeys(int(mark) for mark in re.findall(r"\x00(\d+)\x01", unit.text)))
        said = re.sub(r"\x00\d+\x01", "", unit.text).strip()
        if not said:
            if found and named:  # a mark that stands alone belongs to the sentence before it
                found[-1] = found[-1].model_copy(update={"citations": named})
            continue
        found.append(Sentence(text=said, citations=named or tuple(range(1, sources + 1)), item=unit.item))
    return tuple(found)
