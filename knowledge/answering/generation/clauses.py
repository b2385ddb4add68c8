"""A sentence's clauses: an invented half hides in a sentence whose other half is true."""

import re

_BETWEEN = re.compile(
    r"[,;:]\s+(?:(?:and|but|or|so|with|as|which|who|where|while|because|after|of (?:whom|which))\b\s*)?"
    r"|\s+(?=(?:and|but|because|which|after|while|although|so that)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4


def clauses(sentence: str) -> list[str]:
    """Return a sentence in parts, cut at commas and words that join; a few words stay with the part before."""
    parts: list[str] = []
    for part in _BETWEEN.split(sentence):
        if parts and min(len(part.split()), len(parts[-1].split())) < _FEWEST_WORDS:
            parts[-1] += f", {part}"
        elif part.strip():
            parts.append(part)
    return parts
