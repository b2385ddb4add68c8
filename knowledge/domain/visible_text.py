"""Text of which a reader sees everything: without control characters, hidden ones, or those that turn a line round.

What is made of them looks like something else: a file name that reads backwards, a name that is another's, orders to a
terminal. Joiners stay between letters that need them (Arabic, Devanagari, emoji), and so do the flags of nations.
"""

import json
import re
import unicodedata

_KEPT = "\n\t"
# A black flag with the letters of England, Scotland or Wales in hidden characters behind it.
_FLAG = re.compile("(\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f)")
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cf", "Cs", "Co")
_LINE_ENDS = "\u2028\u2029"
# Codes that stand for no character and never will; in XML they make a whole file unreadable.
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def visible_text(text: str) -> str:
    """Return a text without what cannot be seen; a control character becomes a space, line ends and tabs stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    pieces = _FLAG.split(text)
    return "".join(piece if place % 2 else _seen(piece) for place, piece in enumerate(pieces))


def visible_json(text: str) -> str:
    r"""Return JSON with `\uXXXX` for what cannot be seen: to a program it says the same, to a terminal nothing."""
    if text.isprintable():
        return text
    return "".join(_escaped(letter) if _is_hidden(letter) else letter for letter in text)


def _is_hidden(letter: str) -> bool:
    return letter not in _KEPT and (unicodedata.category(letter) in ("Cc", *_HIDDEN) or letter in _LINE_ENDS)


def _escaped(letter: str) -> str:
    return json.dumps(letter)[1:-1]


def _seen(text: str) -> str:
    kept: list[str] = []
    for letter in _NO_CHARACTERS.sub("", text):
        category = unicodedata.category(letter)
        if category == "Cc":
            kept.append(letter if letter in _KEPT else " ")
        elif letter in _JOINERS:
            # Between Latin letters they join nothing, and only make one word look like another.
            kept.append(letter if kept and not kept[-1].isascii() else "")
        elif letter in _LINE_ENDS:
            kept.append(" ")
        elif category not in _HIDDEN:
            kept.append(letter)
    return "".join(kept)
