"""Text from bytes, whatever encoding they were saved in; without orders to terminals; raised digits told apart."""

import codecs
import re

from knowledge.errors import SourceError

_LOOKED_AT = 8192
# What a terminal takes for orders: colours, links behind other words, its own title. None of it is text.
_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
)
_NO_TEXT = "it is not a text file, whatever its name says; save it anew, or under the ending of its own kind"
# What a mark of a footnote is made of; several may stand together ("1,2", "[3]").
MARKS = frozenset("0123456789,;–-*†‡§¶[]()¹²³⁰⁴⁵⁶⁷⁸⁹ ")
_RAISED_FORM = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_PLAIN_FORM = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# "40 m²", "120 kg/m²", "10⁶" after a multiplication, "R²": the little number says how large the other is.
_MEASURED = re.compile(r"(?:^|[\s\d/(.])(?:[kcdmµ]?m|ft|yd|in|mi|[sh])$")
_TIMES = re.compile(r"[×x*]\s?10$")
_SYMBOL = re.compile(r"(?:^|[\s(])[A-Zχρη]$")
_OF_UNICODE = re.compile(r"(?<=\S)[¹²³⁰⁴⁵⁶⁷⁸⁹]+(?:[,–-][¹²³⁰⁴⁵⁶⁷⁸⁹]+)*")


def decode(content: bytes) -> str:
    """Return the bytes as text without control characters: UTF-8, UTF-16 (with or without its mark) or Windows-1252.

    Raises:
        SourceError: They are not text.
    """
    text = _decoded(content)
    start = text[:_LOOKED_AT]
    if sum(not (c.isprintable() or c.isspace()) for c in start) > len(start) * 0.05:
        raise SourceError(_NO_TEXT)
    return printable(text)


def printable(text: str) -> str:
    """Return a text without orders to a terminal; other control characters but line ends and tabs become a space."""
    if text.isprintable():
        return text
    text = _TERMINAL.sub("", text)
    return "".join(c if c.isprintable() or c in "\n\t\r" else " " for c in text)


def _decoded(content: bytes) -> str:
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        if b"\0" in content[:_LOOKED_AT]:
            return content.decode(_utf16_without_mark(content))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Windows programs save when they do not save UTF-8. Five bytes have no meaning in it.
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise SourceError(_NO_TEXT) from None


def _utf16_without_mark(content: bytes) -> str:
    """Return the byte order of UTF-16 that lacks its mark, told by where the zero bytes of its Latin letters are.

    Raises:
        SourceError: The zero bytes are not UTF-16's.
    """
    start = content[:_LOOKED_AT]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > 0.4 * len(start) / 2 and min(even, odd) < 0.05 * len(start) / 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise SourceError(_NO_TEXT)


def is_mark(text: str) -> bool:
    """Return whether raised letters can be a footnote's mark: digits or signs, and nothing else."""
    return bool(text.strip()) and all(letter in MARKS for letter in text)


def raised(before: str, text: str) -> str:
    """Return what raised letters add to the text before them: a power, letters as in "1st", or "" for a mark."""
    if not is_mark(text):
        return text
    plain = text.strip().translate(_PLAIN_FORM)
    if plain in ("2", "3") and (_MEASURED.search(before) or _SYMBOL.search(before)):
        return plain.translate(_RAISED_FORM)
    if _TIMES.search(before) and plain.lstrip("-–").isdigit():
        return plain.translate(_RAISED_FORM)
    return ""


def without_raised_signs(text: str) -> str:
    """Return a text without marks that are written with Unicode's own raised digits ("in 2024²"); powers stay."""
    if not _OF_UNICODE.search(text):
        return text
    return _OF_UNICODE.sub(lambda found: raised(text[max(0, found.start() - 12) : found.start()], found.group()), text)
