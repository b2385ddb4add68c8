"""Whether two sentences speak of more or of less: the reader hardly tells these apart."""

import re

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


def turned_round(sentence: str, evidence: str) -> bool:
    """Return whether one speaks only of more, and the other only of less."""
    said, meant = _directions(sentence), _directions(evidence)
    return bool(said) and bool(meant) and not said & meant


def _directions(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in (("more", _MORE), ("less", _LESS)) if pattern.search(text))
