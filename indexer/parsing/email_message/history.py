"""Repetitions of earlier messages: quoted, forwarded, and signatures; dropped, but for what is forwarded."""

from __future__ import annotations

import re

from indexer.parsing.blocks import LeftOut

_QUOTED = re.compile(r"^\s*>")
_WROTE = re.compile(r"^(?:on|am|le|el)\b.{5,200}\b(?:wrote|schrieb|a écrit|escribió)\s*:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(r"^[-_\s]*(?:original message|original appointment)[-_\s]*$|^_{20,}$", re.IGNORECASE)
_FORWARDED = re.compile(r"^[-_\s]*(?:forwarded message|begin forwarded message:?)[-_\s]*$", re.IGNORECASE)
_HEADER_LINE = re.compile(r"^\*?(?:from|sent|date|to|cc|bcc|subject|reply-to)\*?\s*:", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--\s?$")
_QUOTES_IN_HTML = (
    "//blockquote[@type='cite'] | //*[contains(@class, 'gmail_quote') or contains(@class, 'gmail_attr')]"
    " | //*[contains(@class, 'moz-cite-prefix') or contains(@class, 'yahoo_quoted')]"
    " | //*[@id='divRplyFwdMsg' or @id='appendonsend' or contains(@class, 'OutlookMessageHeader')]"
    " | //*[@id='divRplyFwdMsg' or @id='appendonsend']/following-sibling::*"
)
_SIGNATURES_IN_HTML = "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature') or @id='Signature']"


def without_history(text: str, *, forwarded: bool) -> tuple[str, list[LeftOut]]:
    """Return the text of a message without what it quotes, and that.

    Of a `forwarded` message, what is forwarded stays without the names and addresses above it.
    """
    kept: list[str] = []
    gone: list[str] = []
    signature: list[str] = []
    lines = text.splitlines()
    rest = 0
    while rest < len(lines):
        line = lines[rest]
        if _FORWARDED.match(line) or (forwarded and _begins_headers(lines, rest)):
            headers = _end_of_headers(lines, rest + 1)
            gone += lines[rest:headers]
            rest = headers
            continue
        if not forwarded and _begins_history(lines, rest):
            gone += lines[rest:]
            break
        if _SIGNATURE.match(line):
            signature = lines[rest + 1 :]
            break
        if _QUOTED.match(line) and not forwarded:
            gone.append(line)
        else:
            kept.append(re.sub(r"^(?:\s*>)+ ?", "", line))
        rest += 1
    left = [("quoted messages", gone), ("signatures", signature)]
    return "\n".join(kept), [
        LeftOut(reason, said) for reason, part in left if (said := " ".join(" ".join(part).split()))
    ]


def without_html_history(text: str, *, forwarded: bool) -> tuple[str, list[LeftOut]]:
    """Return the page of a message without what it quotes, and that. What is forwarded stays."""
    from lxml import html
    from lxml.etree import LxmlError

    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (LxmlError, ValueError):
        return text, []
    left: list[LeftOut] = []
    wanted = [("signatures", _SIGNATURES_IN_HTML)]
    if not forwarded:
        wanted.append(("quoted messages", _QUOTES_IN_HTML))
    for reason, path in wanted:
        for element in tree.xpath(path):
            if element.getparent() is None:
                continue
            if said := " ".join(element.text_content().split()):
                left.append(LeftOut(reason, said))
            element.drop_tree()
    kept: str = html.tostring(tree, encoding="unicode")
    return kept, left


def _begins_history(lines: list[str], place: int) -> bool:
    line = lines[place]
    two = f"{line} {lines[place + 1]}" if place + 1 < len(lines) else line
    if _WROTE.match(line.strip()) or (_WROTE.match(two.strip()) and not line.rstrip().endswith((".", "!", "?"))):
        return True
    return bool(_ORIGINAL.match(line) and line.strip()) or _begins_headers(lines, place)


def _begins_headers(lines: list[str], place: int) -> bool:
    """Return whether the headers of an earlier message stand here: three of them, one below another."""
    names = [match[0].strip("*: ").lower() for line in lines[place : place + 4] if (match := _HEADER_LINE.match(line))]
    return len(names) >= 3 and names[0] == "from" and bool(_HEADER_LINE.match(lines[place]))


def _end_of_headers(lines: list[str], place: int) -> int:
    """Return where the headers of a forwarded message end, blank lines before and after them counted."""
    while place < len(lines) and not lines[place].strip():
        place += 1
    while place < len(lines) and lines[place].strip():
        if not _HEADER_LINE.match(lines[place]) and not lines[place].startswith((" ", "\t")):
            break
        place += 1
    return place
