"""Drops what a saved web page carries besides its text: navigation, pictures' file names, footers."""

import re
from collections.abc import Sequence

# Whole lines that are page furniture wherever they stand.
_FURNITURE = re.compile(
    r"""^(?:
        skip\ to\ (?:main\ )?content | skip\ navigation | back\ to\ top | menu | search | home | breadcrumb
      | unfortunately,?\ your\ browser\ is\ .* | please\ (?:upgrade|update)\ your\ browser.* | .*enable\ javascript.*
      | (?:we\ use|this\ (?:web)?site\ uses)\ cookies.* | accept\ (?:all\ )?cookies | cookie\ (?:settings|policy)
      | (?:\S*-)?diagram\s?artboard.* | artboard\ [\w ]+ | .*\ -\ illustration | (?:image|photo|picture):.*
      | (?:share|tweet|print|email)(?:\ (?:this|on|page)\b.{0,30})? | item\ \d+ | page\ \d+(?:\ of\ \d+)?
      | download\ the\ infographic | loading\.* | (?:log|sign)\ (?:in|up|out) | register | my\ account | basket
      | privacy(?:\ (?:policy|notice))? | terms\ (?:and|&)\ conditions | accessibility(?:\ statement)? | site\ ?map
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# Lines that invite a click. They end the teaser blocks of a page's footer.
_CALL_TO_ACTION = re.compile(
    r"""^(?:
        find\ out\ more | read\ more | learn\ more | see\ all.* | view\ (?:all|current|more)\b.* | follow\ us\b.*
      | sign\ up\ (?:now|here|today)?\.? | subscribe(?:\ now)?\.? | share\ this\b.* | get\ in\ touch\.?
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# Saving a page as text can lose the line break after a link: "View current vacanciesThe Q community".
_GLUED = re.compile(r"^((?:View (?:all|current)|Find out|Read|Sign up)(?: [a-z]+)+)(?=[A-Z])")
# Headings of footer blocks.
_FOOTER_HEADING = re.compile(
    r"^(?:further reading|related (?:content|articles|pages)|you may also like"
    r"|get social|share this( page)?|work with us)$",
    re.IGNORECASE,
)
# A footer's teaser is one short sentence; anything longer is text.
_TEASER_WORDS = 30


def without_boilerplate(lines: Sequence[str]) -> list[str]:
    """Return the lines of a saved page without its furniture and its footer. Blank lines stay where they were."""
    separate = [part for line in lines for part in _GLUED.sub(r"\1\n", line).split("\n")]
    return _without_footer([line for line in separate if not _FURNITURE.match(line.strip())])


def is_footer_heading(text: str) -> bool:
    """Return whether a line is the heading of a page's footer, such as "Related articles"."""
    return _FOOTER_HEADING.match(text.strip()) is not None


def _without_footer(lines: list[str]) -> list[str]:
    """Cut footer blocks from the end, one after the other, until one is not a footer block."""
    end = len(lines)
    while True:
        while end and not lines[end - 1].strip():
            end -= 1
        start = _block_start(lines, end)
        if start is None:
            return lines[:end]
        end = start


def _block_start(lines: Sequence[str], end: int) -> int | None:
    """Return where the footer block that ends at `end` starts; `None` when the last lines are not one."""
    last = lines[end - 1].strip() if end else ""
    if _FOOTER_HEADING.match(last):
        return end - 1
    if not _CALL_TO_ACTION.match(last):
        return None
    # heading, at most one teaser sentence, call to action
    texts = [(i, lines[i].strip()) for i in range(max(0, end - 8), end - 1) if lines[i].strip()]
    if not texts:
        return end - 1
    position, text = texts[-1]
    if _FOOTER_HEADING.match(text):
        return position
    if text.endswith(".") and len(text.split()) <= _TEASER_WORDS and len(texts) > 1:
        heading_position, heading = texts[-2]
        if not heading.endswith((".", ":")) and len(heading.split()) <= 6:
            return heading_position
    return end - 1
