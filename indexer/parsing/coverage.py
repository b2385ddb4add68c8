"""Holds a file's words against what is stored of them: what was left out and why, what is missing without a reason."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from indexer.parsing.blocks import LeftOut, Parsed
from indexer.parsing.raw.text import UNNAMED, RawText, word_counts, word_list
from knowledge.domain.library import LeftOutWords, Section, TextCoverage

# What is kept of text that is left out or missing, to be looked at.
_MOST_SHOWN = 2000
# What nobody was meant to see is counted and not kept: a hidden column may hold telephone numbers.
_UNSEEN = re.compile(r"hidden|comments|tracked deletions|quoted messages|signatures")
# Missing words are looked for in pieces of a line, so that half a paragraph is found too.
_PIECE_WORDS = 12
_SHARE_OF_PIECE = 0.6
# Fewer letters than this stand anywhere by chance.
_FEWEST_LETTERS = 12
_REPEATED = "repeated lines"
_TITLE_LINES = 3
_TITLE_WORDS = 40


def text_coverage(raw: RawText, parsed: Parsed, sections: Sequence[Section], known_title: str | None) -> TextCoverage:
    """Return the coverage of a file: `raw` as it was read a second time, the rest as its parser gave it.

    Every word counts as often as it stands in the file. Where the parser says more often than the file (a table's
    columns are named in each of its rows), that counts for nothing.
    """
    read = word_counts(raw.lines, formatted=raw.formatted)
    stored = list(_stored(parsed, sections, known_title))
    missing = read - word_counts(stored, formatted=raw.formatted)
    total, kept = read.total(), read.total() - missing.total()
    if not missing:
        return TextCoverage(words_read=total, words_kept=kept)
    reasons: dict[str, tuple[int, list[str]]] = {}
    for reason, text in (*parsed.left_out, *raw.aside, *_own_title(raw, missing, known_title)):
        _count(reasons, reason, _take(missing, word_list(text, formatted=raw.formatted)), text)
    kept += _take(missing, _named_letters(missing, stored))
    found = _Found.of(raw, missing, stored)
    _count(reasons, _REPEATED, found.repeated, "\n".join(found.repeated_text))
    return TextCoverage(
        words_read=total,
        words_kept=kept + found.spaced,
        left_out=tuple(
            LeftOutWords(reason=reason, words=words, text="" if _UNSEEN.match(reason) else _beginning(texts))
            for reason, (words, texts) in reasons.items()
        ),
        missing=_beginning(found.lost),
    )


def _stored(parsed: Parsed, sections: Iterable[Section], known_title: str | None) -> Iterator[str]:
    """Yield everything that is stored of a file: title, what it says of itself, each heading once, and its text."""
    yield from filter(None, (known_title, parsed.title if parsed.title != known_title else None))
    yield from map(str, parsed.metadata.values())
    path: tuple[str, ...] = ()
    for section in sections:
        same = 0
        while same < min(len(path), len(section.heading_path)) and path[same] == section.heading_path[same]:
            same += 1
        yield from section.heading_path[same:]
        path = section.heading_path
        yield section.text


def _own_title(raw: RawText, missing: Counter[str], known_title: str | None) -> Iterator[LeftOut]:
    """Yield the title that the file gives itself, where somebody gave it another."""
    if known_title is None:
        return
    first = [line for line in raw.lines if line.strip()][:_TITLE_LINES]
    for line in first:
        words = Counter(word_list(line, formatted=raw.formatted))
        if words and words.total() <= _TITLE_WORDS and words <= missing:
            yield LeftOut("the file's own title", line)
            return


def _named_letters(missing: Counter[str], stored: Iterable[str]) -> list[str]:
    """Return the missing words that are stored whole: their parser knew a letter that the font does not name."""
    unnamed = [word for word in missing if missing[word] > 0 and UNNAMED.search(word)]
    words = word_counts(stored).keys() if unnamed else ()
    forms = (re.compile(".{1,3}".join(map(re.escape, UNNAMED.split(word)))) for word in unnamed)
    known = [word for word, form in zip(unnamed, forms, strict=True) if any(map(form.fullmatch, words))]
    return [word for word in known for _ in range(missing[word])]


def _take(missing: Counter[str], words: Iterable[str]) -> int:
    """Take words out of what is missing; how many of them were there."""
    taken = 0
    for word in words:
        if missing[word] > 0:
            missing[word] -= 1
            taken += 1
    return taken


def _count(reasons: dict[str, tuple[int, list[str]]], reason: str, words: int, text: str) -> None:
    if words:
        before, texts = reasons.get(reason, (0, []))
        reasons[reason] = (before + words, [*texts, text])


@dataclass
class _Found:
    """The fate of missing text: `spaced` words are stored with other spaces between, `repeated` ones are once.

    `repeated_text` and `lost` are the text of those and of what is not stored at all.
    """

    spaced: int = 0
    repeated: int = 0
    repeated_text: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, raw: RawText, missing: Counter[str], stored: Sequence[str]) -> Self:
        """Look for every missing piece of a line in what is stored; what is found is taken out of `missing`."""
        found = cls()
        if not missing.total():
            return found
        vocabulary = word_counts(stored, formatted=raw.formatted).keys()
        together = "".join("".join(word_list(text, formatted=raw.formatted)) for text in stored)
        for line in raw.lines:
            words = word_list(line, formatted=raw.formatted)
            whole = "".join(words)
            for start in range(0, len(words), _PIECE_WORDS):
                piece = words[start : start + _PIECE_WORDS]
                if sum(missing[word] > 0 for word in piece) < _SHARE_OF_PIECE * len(piece):
                    continue
                taken, letters = _take(missing, piece), "".join(piece)
                text = line if len(words) <= _PIECE_WORDS else " ".join(piece)
                if not any(len(run) >= _FEWEST_LETTERS and run in together for run in (whole, letters)):
                    found.lost.append(text)
                elif vocabulary >= set(piece):
                    found.repeated += taken
                    found.repeated_text.append(text)
                else:
                    found.spaced += taken
        return found


def _beginning(texts: Iterable[str]) -> str:
    """Return the first of these texts, a line each, as far as they are shown."""
    lines = (" ".join(line.split()) for text in texts for line in text.splitlines())
    text = "\n".join(filter(None, lines))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN].rpartition(' ')[0]} …"
