"""What may stand in a sentence only if its passage has it: links, mentions, and signs of markup or of other formats."""

import re

_ADDRESS = re.compile(
    r"\bhttps?:|\bwww\.|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|uk|gov|nhs|eu|info|biz|app|xyz|link|ly|me|gg|ru)\b\S*",
    re.IGNORECASE,
)
# Of Discord's mentions and of e-mail addresses; of HTML, JSON, code, tables and templates of chats.
_SIGNS = frozenset("@#<>{}[]|\\`~^*_=⟦⟧【】")


def foreign_matter(sentence: str, passages: str) -> bool:
    """Whether a sentence has an address, a mention or a sign of markup that its passages do not have."""
    if any(sign in sentence and sign not in passages for sign in _SIGNS):
        return True
    return any(match.group() not in passages for match in _ADDRESS.finditer(sentence))
