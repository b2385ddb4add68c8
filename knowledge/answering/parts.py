"""Questions that ask two things at once, taken apart: "what did they spend, and who measured it?"."""

import re

from knowledge.language.words import is_function_word, words

# "and" begins a part of its own only where a question word or a question's verb follows.
_JOINT = re.compile(
    r"(?:\s*[,;]\s*|\s+)(?:and|but)\s+(?=(?:(?:in|of|by|for|from|with|to|at|on)\s+)?"
    r"(?:what|who|whose|whom|how|when|where|which|why|did|does|do|is|are|was|were|has|have)\b)"
    r"|(?<=\?)\s+(?=\w)",
    re.IGNORECASE,
)
_ASKING = r"(?:what|who|whose|whom|how|when|where|which|why)(?:['’]s)?\b"
_VERB = r"(?:did|does|do|is|are|was|were|has|have|can|could|should)\b"
_QUESTION = re.compile(rf"^(?:.{{0,60}}(?:\s[-–—:]|,)\s)?(?:(?:\w+\s){{0,3}}{_ASKING}|{_VERB})", re.IGNORECASE)
_PREAMBLE = re.compile(r"^(?P<about>[^?]{3,60}?)\s[-–—:]\s")
_POINTS_BACK = re.compile(r"\b(?:they|them|their|theirs|it|its|he|she|his|her|this|that|these|those)\b", re.IGNORECASE)
# With fewer words of its own a part only goes on with the one before it ("... and who did it?").
_FEWEST_CONTENT_WORDS = 3
MOST_PARTS = 3


def question_parts(text: str) -> list[str]:
    """Return the questions that a text asks, in order; the whole text where it asks one thing.

    What is set before a dash ("Leeds - what ..., and who ...?") belongs to every part.
    """
    found = [part.strip(" ,;") for part in _JOINT.split(text) if part and part.strip(" ,;")]
    asked = [part for part in found if _stands_alone(part) and _QUESTION.match(part)]
    if len(found) < 2 or len(asked) != len(found) or len(found) > MOST_PARTS:
        return [text]
    preamble = _PREAMBLE.match(text)
    about = f"{preamble['about']} - " if preamble else ""
    return [found[0], *(f"{about}{part}" for part in found[1:])]


def _stands_alone(part: str) -> bool:
    return sum(not is_function_word(word) for word in words(part)) >= _FEWEST_CONTENT_WORDS


def points_back(part: str) -> bool:
    """Return whether a part speaks of something that an earlier part names."""
    return bool(_POINTS_BACK.search(part))
