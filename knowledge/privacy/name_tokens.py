"""The words of a text with capitals that follow each other: what a name may be made of."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.privacy.name_lists import plain

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
# Lower case without accents, as words are compared.
PARTICLES = frozenset(
    "al ap ab ben bin bint da de del della den der di dos du el ferch ibn la le mac ni o van von".split()  # noqa: SIM905
)
TITLES = frozenset(
    (  # noqa: SIM905
        "mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron cllr councillor rev revd reverend canon "
        "sister father fr imam rabbi pastor sheikh judge sgt sergeant pc captain capt colonel matron nurse midwife "
        "aunty auntie uncle"
    ).split()
)
# Titles that are words as well: what follows them has to look like a name.
WEAK_TITLES = frozenset(
    "sister father judge captain matron nurse midwife canon baron sergeant".split()  # noqa: SIM905
)
# What such a word opens is called after a place, a saint or a thing.
OPEN_A_PLACE = frozenset(
    (  # noqa: SIM905
        "st saint royal project north south east west northern southern eastern western new old greater great mid "
        "upper lower inner outer central"
    ).split()
)
# How many words a name has at most.
LONGEST_NAME = 8


class Token(NamedTuple):
    """A word of the text at `text[start:end]`, and as it is compared."""

    start: int
    end: int
    text: str
    key: str

    @property
    def capital(self) -> bool:
        """Return whether it begins with a capital and is no acronym."""
        return self.text[0].isupper() and not (len(self.text) > 2 and self.text.isupper())


def words_of(text: str) -> list[Token]:
    """Return the words of a text, in order."""
    return [Token(m.start(), m.end(), m.group(), plain(m.group())) for m in _WORD.finditer(text)]


def runs(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield words with capitals that follow each other, with particles and initials between them."""
    index = 0
    while index < len(tokens):
        if tokens[index].capital:
            run = following(text, tokens, index)
            yield run
            index += len(run)
        else:
            index += 1


def following(text: str, tokens: Sequence[Token], index: int) -> list[Token]:
    """Return the run of words with capitals that begins at a token."""
    run = [tokens[index]]
    for token in tokens[index + 1 : index + LONGEST_NAME]:
        between = text[run[-1].end : token.start]
        abbreviated = len(run[-1].text) == 1 or run[-1].key in TITLES
        nickname = between == " (" and text[token.end : token.end + 1] == ")"
        if not (between in (" ", ") ") or nickname or (abbreviated and between in (". ", "."))):
            break
        if not token.capital and token.key not in PARTICLES:
            break
        if run[-1].text.endswith(("'s", "’s")):
            break
        run.append(token)
    while len(run) > 1 and not run[-1].capital:
        run.pop()
    return run


def is_initial(token: Token) -> bool:
    """Return whether a word is a letter that stands for a name."""
    return len(token.text) == 1 and token.text != "I"


def bare(key: str) -> str:
    """Return a word as it is compared, without the ending of a possessive."""
    return key.removesuffix("'s")


def without_possessive(token: Token) -> int:
    """Return where a word ends without the ending of a possessive."""
    return token.end - 2 if token.key.endswith("'s") else token.end
