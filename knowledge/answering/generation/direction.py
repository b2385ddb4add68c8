"""Whether two sentences say the same way round: yes or no, more or less. Embeddings hardly tell these apart."""

import re
from collections.abc import Iterable

_NO = re.compile(
    r"\b(?:no|not|none|nobody|nothing|never|neither|nor|without|cannot|unable|lack(?:s|ed|ing)?|fail(?:s|ed|ure)?)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more|most|higher|highest|increas\w*|rise[sn]?|rising|rose|grow\w*|grew|gain\w*|up|improv\w*|better|best"
    r"|larger?|largest|greater|greatest|stronger|expand\w*|widen\w*|wider|longer|faster|speeded|sped|above|over)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:less|least|fewer|fewest|lower\w*|lowest|decreas\w*|declin\w*|reduc\w*|fall(?:s|en|ing)?|fell|drop\w*|cut\w*"
    r"|shr[aiu]nk\w*|down|worse\w*|worst|smaller|smallest|weaker|narrow\w*|shorter|slower|below|under)\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether a text says that something is not so."""
    return _NO.search(text) is not None


def turned_round(sentence: str, evidence: str) -> bool:
    """Whether one speaks only of more, and the other only of less."""
    said, meant = _directions(sentence), _directions(evidence)
    return bool(said) and bool(meant) and not said & meant


def _directions(text: str) -> frozenset[str]:
    both: Iterable[tuple[str, re.Pattern[str]]] = (("more", _MORE), ("less", _LESS))
    return frozenset(name for name, pattern in both if pattern.search(text))
