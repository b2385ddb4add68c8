"""A sentence's clauses, and what they say: an invented half hides in a sentence whose other half is true."""

import re

from knowledge.language.numbers import Figure, figures
from knowledge.language.words import content_stems

_BETWEEN = re.compile(
    r"[,;:]\s+(?:(?:and|but|or|so|with|as|which|who|where|while|because|after|of (?:whom|which))\b\s*)?"
    r"|\s+(?=(?:and|but|because|which|after|while|although|so that)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4


def clauses(sentence: str) -> list[str]:
    """The sentence in parts, at commas and words that join; a part of a few words stays with the one before."""
    parts: list[str] = []
    for part in _BETWEEN.split(sentence):
        if parts and min(len(part.split()), len(parts[-1].split())) < _FEWEST_WORDS:
            parts[-1] += f", {part}"
        elif part.strip():
            parts.append(part)
    return parts


def coverage(clause: str, present: frozenset[str]) -> float:
    """The share, 0 to 1, of a clause's words with a meaning that are present in some form; 1 if it has none."""
    said = content_stems(clause)
    return len(said & present) / len(said) if said else 1.0


def counted_alike(figure: Figure, clause: str, evidence: str) -> bool:
    """Whether a figure stands in the evidence beside a word that it stands beside in the clause."""
    beside = _besides_numbers(clause)
    return not beside or any(
        beside & _besides_numbers(other) for other in clauses(evidence) if figure in figures(other)
    )


def _besides_numbers(text: str) -> frozenset[str]:
    return frozenset(stem for stem in content_stems(text) if not figures(stem))
