"""Plain text to blocks: headings, list items, bylines and call-outs are recognised by their form."""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.boilerplate import without_boilerplate
from indexer.parsing.callouts import with_callouts
from indexer.parsing.captions import captions_of
from indexer.parsing.lines import unwrapped
from indexer.parsing.text import decode
from indexer.parsing.transcripts import transcript

_BULLET = re.compile(r"^\s*[•▪◦‣·*\-–]\s+")
# Captions under the ending of a text file.
_CAPTIONS = re.compile(r"\s*(?:WEBVTT\b|1\s*\n\d\d:\d\d:\d\d,\d{3} --> )")
_CAPTION = re.compile(r"^(?:figure|table|chart|map|box) \d+\s*:", re.IGNORECASE)
_ROLE = re.compile(r"\b(?:director|officer|chair|professor|manager|head of|chief|lead|fellow|author)\b", re.IGNORECASE)
_LONGEST_HEADING = 100
_MOST_HEADING_WORDS = 15


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a text file, a timed transcript, captions, or a web page saved as text.

    Raises:
        SourceError: It is not text.
    """
    text = decode(content)
    if _CAPTIONS.match(text):
        return captions_of(text, known_title)
    if timed := transcript(text, known_title):
        return timed
    text = unwrapped(text)
    title = known_title or first_heading(text)
    return Parsed(title, {}, plain_blocks(text, title), _left_out(text))


def plain_blocks(text: str, title: str | None = None) -> list[Block]:
    """Return headings, paragraphs and list items of a saved page or text file, without the title in its first line."""
    raw = [" ".join(line.replace("\u00a0", " ").split()) for line in without_boilerplate(text.splitlines())]
    # A line among other short ones, as in a form or an address, is no heading.
    placed = [
        (line, not place or not raw[place - 1] or _is_text(raw[place - 1])) for place, line in enumerate(raw) if line
    ]
    placed = [(line, apart) for line, apart in placed if not _CAPTION.match(line)]
    lines = [line for line, _ in placed]
    if title and lines and _same(lines[0], title):
        lines = lines[1:]
    byline = _byline(lines)
    blocks = [Block(BlockKind.PARAGRAPH, ", ".join(lines[:byline]))] if byline else []
    rest = placed[len(placed) - len(lines) + byline :]
    for position, (line, apart) in enumerate(rest):
        following = rest[position + 1] if position + 1 < len(rest) else None
        alone = apart and following is not None and (following[1] or _is_text(following[0]))
        blocks.append(_block(line, following[0] if following and alone else None, blocks[-1] if blocks else None))
    return with_callouts(blocks)


def _left_out(text: str) -> tuple[LeftOut, ...]:
    """Return the lines that are no part of the text: a saved page's menus and footers, and what figures are called."""
    lines = text.splitlines()
    gone = Counter(lines) - Counter(without_boilerplate(lines))
    furniture = (LeftOut("menus and page footers", line) for line in gone if line.strip())
    captions = (LeftOut("captions of figures", line) for line in lines if _CAPTION.match(" ".join(line.split())))
    return (*furniture, *captions)


def first_heading(text: str) -> str | None:
    """Return the first line that can be a title."""
    for line in without_boilerplate(text.splitlines()):
        clean = " ".join(line.split())
        if clean:
            return clean if len(clean) <= _LONGEST_HEADING and not clean.endswith((".", ":", ",")) else None
    return None


def _is_text(line: str) -> bool:
    """Return whether a line below another is what that one may be the heading of, and no other short line beside it."""
    return len(line) > _LONGEST_HEADING or line.endswith((".", "!", "?", "”", "’")) or bool(_BULLET.match(line))


def _block(line: str, following: str | None, previous: Block | None) -> Block:
    if bullet := _BULLET.match(line):
        return Block(BlockKind.ITEM, line[bullet.end() :].strip())
    if line[0].islower() and previous is not None and _continues_list(previous):
        return Block(BlockKind.ITEM, line)
    if _looks_like_heading(line) and following is not None and not _CAPTION.match(following):
        return Block(BlockKind.HEADING, line, 1)
    return Block(BlockKind.PARAGRAPH, line)


def _continues_list(previous: Block) -> bool:
    return previous.kind is BlockKind.ITEM or (previous.kind is BlockKind.PARAGRAPH and previous.text.endswith(":"))


def _looks_like_heading(line: str) -> bool:
    words = line.split()
    return (
        len(line) <= _LONGEST_HEADING
        and len(words) <= _MOST_HEADING_WORDS
        and not line.endswith((".", "!", ":", ";", ",", "’", "”"))
        and not line.startswith(("‘", "“", '"', "(", "http", "www."))
        and (line[0].isupper() or line[0].isdigit())
        and any(word[0].isalpha() for word in words)
        and "@" not in line
    )


def _byline(lines: Sequence[str]) -> int:
    """Return how many of the first lines name the author and their posts."""
    count = 0
    while count < min(4, len(lines)) and len(lines[count]) <= 120 and not lines[count].endswith((".", ":", "?")):
        count += 1
    return count if count and any(_ROLE.search(line) for line in lines[1:count]) else 0


def _same(line: str, title: str) -> bool:
    return re.sub(r"\W+", "", line).casefold() == re.sub(r"\W+", "", title).casefold()
