"""Who does what: whether a sentence says who does the very thing that a "who ...?" asks after."""

import re
from collections.abc import Callable, Sequence

from knowledge.language.words import is_function_word, words

Stems = Callable[[Sequence[str]], list[str]]

_ORGANISATION = (
    r"organisations?|trusts?|councils?|boards?|teams?|partners?|universit(?:y|ies)|colleges?|charit(?:y|ies)"
)
_ASKS = re.compile(
    rf"^(?:(?:and|so|but) )?(?:who(?:['’]s)?|which (?:other )?(?:{_ORGANISATION}))\b(?P<rest>.*)", re.IGNORECASE
)
_DONE_BY = re.compile(r"(\w+) by\W*$")
# One way to ask, several to say it. Words that are not here stand for themselves.
_SAME_DEEDS = (
    "run runs ran running manage manages managed lead leads led leader operate operates organise organised coordinate"
    " coordinates coordinator charge responsible host hosts head heads headed oversee oversees oversaw chair chaired",
    "pay pays paid paying fund funds funded funder funding finance financed sponsor sponsored cover covers grant",
    "make makes made design designed build built create created develop developed write wrote written draw drew drawn",
    "start starts started begin began found founded launch launched set",
    "deliver delivers delivered provide provides provided supply supplies supplied offer offers give gives gave given",
    "evaluate evaluated measure measured assess assessed review reviewed study studied",
    "repair repairs repaired mend mends mended maintain maintains maintained fix fixed",
    "train trains trained trainer teach teaches taught mentor mentors mentored coach coaches coached",
)
_PEOPLE_TEXT = """
    volunteer coordinator manager director team staff council trust hospital charity university college partner
    partnership board officer nurse doctor group organisation company enterprise association school employer consultant
    researcher resident member people colleague worker committee network department service lead owner chair executive
    government authority fund foundation business cooperative landlord supplier student parent teacher adviser firm
"""
_PEOPLE = frozenset(_PEOPLE_TEXT.split())
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
# "The council's two new link workers run it", "was set up and paid for by": how far the words may stand apart.
_ACTOR_WITHIN = 8
_BY_WITHIN = 7


def acting(question: str, stems: Stems) -> Callable[[str], bool] | None:
    """For "who runs the library?" a function that tells whether a text says that somebody runs something.

    `None` where it is not asked who does something. `stems` takes the endings off words.
    """
    asked = _ASKS.match(question.strip())
    if asked is None:
        return None
    by = _DONE_BY.search(asked["rest"])
    deed = by[1].lower() if by else next((w for w in words(asked["rest"]) if not is_function_word(w)), None)
    if deed is None:
        return None
    same = next((group.split() for group in _SAME_DEEDS if deed in group.split()), [deed])
    deeds = frozenset(stems(same))
    known = frozenset(stems(words(question)))
    people = frozenset(stems(sorted(_PEOPLE))) - known

    def acts(text: str) -> bool:
        present = words(text)
        stemmed = stems(present)
        names = {word.lower() for word in re.findall(r"[A-Z][\w'’&]+", text)} - {"the", "a", "an", "it", "they", "this"}
        actors = [
            place
            for place, (word, stem) in enumerate(zip(present, stemmed, strict=True))
            if stem in people or (word in names and stem not in known and not is_function_word(word))
        ]
        return any(_done(place, present, actors) for place, stem in enumerate(stemmed) if stem in deeds)

    return acts


def _done(place: int, present: Sequence[str], actors: Sequence[int]) -> bool:
    """Whether the deed at a place is somebody's.

    "Run by volunteers", "volunteers run", "mentors are nurses", "the funding comes from the trust".
    """
    if "by" in present[place + 1 : place + 1 + _BY_WITHIN]:
        by = present.index("by", place + 1)
        return any(by < actor <= by + _ACTOR_WITHIN for actor in actors)
    after = present[place + 1 : place + 1 + _BY_WITHIN]
    if "from" in after and {"come", "comes", "came"} & set(after):
        return any(place < actor <= place + _BY_WITHIN + _ACTOR_WITHIN for actor in actors)
    if present[place + 1 : place + 2] and present[place + 1] in _BE:
        return any(place < actor <= place + _ACTOR_WITHIN for actor in actors)
    passive = bool(_BE & set(present[max(0, place - 2) : place]))
    return not passive and any(place - _ACTOR_WITHIN <= actor < place for actor in actors)
