"""A member's own words on sector and nation: "someone who isn't NHS", "anyone outside England".

Only what is asked of the *other person* counts. "Help for people in hospital" says nothing about who should answer, so
a place or sector is read as a wish only beside words that speak of the one who is sought.
"""

import re
from typing import NamedTuple, TypeVar

from knowledge.domain.vocabulary import Nation, Sector
from knowledge.language.nations import HOME_NATIONS, nation_terms
from knowledge.language.words import is_function_word, words

T = TypeVar("T", Sector, Nation)
_NHS = frozenset({Sector.NHS_TRUST, Sector.ICS})
_PUBLIC = _NHS | {Sector.COUNCIL}
_SECTOR_WORDS: tuple[tuple[str, frozenset[Sector]], ...] = (
    (r"the public sector|public sector|public bod(?:y|ies)", _PUBLIC),
    (r"(?:the )?(?:nhs|health service|health ?care|health sector|health organisations?)", _NHS),
    (r"health boards?|hospitals?|(?:\w+ )?(?:nhs |hospital |acute |ambulance |mental health )?trusts?", _NHS),
    (r"(?:integrated care (?:systems?|boards?)|ics|icb)s?", frozenset({Sector.ICS})),
    (
        r"(?:city |county |district |borough )?councils?|local (?:authorit(?:y|ies)|government)",
        frozenset({Sector.COUNCIL}),
    ),
    (r"housing (?:associations?|providers?|sector)|social landlords?|housing", frozenset({Sector.HOUSING_ASSOCIATION})),
    (r"universit(?:y|ies)|academi(?:a|cs?)|higher education|colleges?", frozenset({Sector.UNIVERSITY})),
    (
        r"charit(?:y|ies)|(?:the )?(?:voluntary|third|charity|community) sector|voluntary organisations?|vcse|"
        r"social enterprises?|community (?:groups?|organisations?)|non-?profits?",
        frozenset({Sector.VCSE}),
    ),
    (
        r"(?:the )?private sector|private (?:compan(?:y|ies)|firms?)|business(?:es)?|compan(?:y|ies)",
        frozenset({Sector.PRIVATE}),
    ),
)
_NATION_WORDS: tuple[tuple[str, frozenset[Nation]], ...] = (
    *(("|".join(nation_terms(nation)), frozenset({nation})) for nation in HOME_NATIONS),
    # What people say as well.
    ("belfast", frozenset({Nation.NORTHERN_IRELAND})),
    ("north of the border", frozenset({Nation.SCOTLAND})),
    (
        r"(?:the )?devolved (?:nations?|administrations?)",
        frozenset({Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND}),
    ),
)
_GROUP = "(?:" + "|".join(pattern for pattern, _ in (*_SECTOR_WORDS, *_NATION_WORDS)) + ")"
_ARTICLE = r"(?:(?:a|an|the|any|another|other|one of the|our|my) )?"
_GROUPS = rf"{_ARTICLE}{_GROUP}\b(?:(?:,| or| and| nor|/)+ ?(?:in |from )?{_ARTICLE}{_GROUP}\b)*"
_PEOPLE = (
    r"(?:some(?:one|body)|any(?:one|body)|people|persons?|peers?|colleagues?|counterparts?|contacts?|members?|teams?|"
    r"examples?|others?|ideas?|views?|lessons?|experiences?|advice|partners?|organisations?|those|who|place|places)"
)
_SEEKING = (
    r"(?:hear(?:ing)? from|talk(?:ing)? (?:to|with)|speak(?:ing)? (?:to|with)|chat(?:ting)? (?:to|with)|meet(?:ing)?|"
    r"learn(?:ing)? from|visit(?:ing)?|look(?:ing)? for|seek(?:ing)?|find(?:ing)?|advice from|contacts? (?:in|at|with)|"
    r"prefer(?:ably)?|ideally|introductions? to)"
)
_NOT = (
    r"(?:outside(?: of)?|beyond|not (?:in |from |at |with |part of |another )?|isn['’]t (?:in |from |at |with )?|"
    r"is not (?:in |from )?|aren['’]t (?:in |from )?|non-? ?|other than|except(?: for)?|apart from|rather than|"
    r"instead of|(?:anywhere|anything|anyone|anybody) but|no more |than (?:from )?)"
)
# A place, not an organisation: "outside the hospital gates".
_PLACE = (
    r"(?! (?:grounds?|sites?|gates?|walls?|doors?|entrances?|hours|buildings?|stays?|beds?|admissions?|food|jobs?|"
    r"staff))"
)
_UNWANTED = re.compile(rf"\b(?:from )?{_NOT} ?(?P<groups>{_GROUPS}){_PLACE}(?: sector| world)?", re.IGNORECASE)
_ENOUGH = re.compile(
    rf"\b(?:plenty of|enough|too many|lots of|had our fill of|heard from) (?:\w+ )?(?P<groups>{_GROUPS})[^.?!]*",
    re.IGNORECASE,
)
_FROM = r"(?:from|in|at|within|inside|based in|across|working (?:in|for)|who works? (?:in|for)|of)"
_BODIES = r"(?:clients|colleagues|partners|examples|peers|organisations|people|employers)"
# With each, what to leave in the place of the words that say where.
_WANTED = (
    # "Someone from a hospital", "Has anyone in Scotland", "examples from councils"
    (
        re.compile(
            rf"(?:^|[,;:(–-] ?|\b(?:{_SEEKING}|has|have|is there|are there|does|did|can|could|would|need|want|please) )"
            rf"(?:to )?(?:an?y? |some |the |more |other |fellow )?{_PEOPLE} (?:else )?"
            rf"(?P<where>{_FROM} (?P<groups>{_GROUPS}){_PLACE})",
            re.IGNORECASE,
        ),
        "",
    ),
    # "hear from a university or council", "meet housing associations"
    (
        re.compile(rf"\b{_SEEKING} (?P<where>(?:in |from |with )?(?P<groups>{_GROUPS}){_PLACE})", re.IGNORECASE),
        "someone",
    ),
    # "Hospitals near us with vacancies", "A trust that has done it", "NHS clients who would compare"
    (
        re.compile(
            rf"^(?:more |other |fellow |some )?(?P<where>(?P<groups>{_GROUPS}))(?: {_BODIES})? "
            r"(?:that|who|which|willing|with|near|nearby|prepared|ready|to|please|only)\b",
            re.IGNORECASE,
        ),
        "someone",
    ),
    (re.compile(rf"^(?P<where>(?P<groups>{_GROUPS})) {_BODIES}\b", re.IGNORECASE), ""),
)
_DIFFERENT = re.compile(
    r"\b(?:from |in |at |of )?(?:(?:a |an )?(?:very |completely )?(?:different|another|other)|"
    r"outside(?: of)? (?:my|our)(?: own)?|beyond (?:my|our)(?: own)?|not (?:my|our)(?: own)?|across) "
    r"(?P<what>sectors?|nations?|countr(?:y|ies)|kinds? of organisations?|types? of organisations?)\b",
    re.IGNORECASE,
)
_ABOUT_PEOPLE = re.compile(rf"\b(?:{_PEOPLE}|{_SEEKING})\b", re.IGNORECASE)
# A sentence of its own that only refuses: "Not another council please."
_BLUNT = re.compile(r"^(?:but |and |please,? )?(?:not|non|no more|any(?:thing|one|body|where) but)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.?!]+[.?!]*\s*")
# What is left, besides stop words, of a sentence that says nothing but where the other should be.
_EMPTY_WORDS_TEXT = """
    we'd like love want need hear hearing talk talking speak meet someone somebody anyone anybody people person
    prefer preferably ideally already examples example ideas views peers colleagues others another different sector
    nation country rather really looking find compare notes
"""
_EMPTY_WORDS = frozenset(_EMPTY_WORDS_TEXT.split())


class MemberConstraints(NamedTuple):
    """The sector and nation asked for. `None` is no restriction; `different_*` is another than the member's own.

    `topic` is the text without the words that say so: what is left is what the member wants to know.
    """

    topic: str
    sectors: frozenset[Sector] | None = None
    nations: frozenset[Nation] | None = None
    different_sector: bool = False
    different_nation: bool = False


def read_member_constraints(text: str) -> MemberConstraints:
    """Return what a text asks of the other person's sector and nation, and what it asks about."""
    allowed_sectors, allowed_nations = set[Sector](), set[Nation]()
    refused_sectors, refused_nations = set[Sector](), set[Nation]()
    different: set[str] = set()
    kept: list[str] = []
    for sentence in map(str.strip, _SENTENCE.findall(text)):
        rest = sentence
        for match in _DIFFERENT.finditer(sentence):
            different.add("sector" if match["what"][0] in "sSkKtT" else "nation")
            rest = rest.replace(match.group(), " ")
        for match in _unwanted(rest):
            refused_sectors |= _named(match["groups"], _SECTOR_WORDS)
            refused_nations |= _named(match["groups"], _NATION_WORDS)
            rest = rest.replace(match.group(), " ")
        for pattern, left in _WANTED:
            for match in pattern.finditer(rest):
                allowed_sectors |= _named(match["groups"], _SECTOR_WORDS)
                allowed_nations |= _named(match["groups"], _NATION_WORDS)
                rest = rest.replace(match["where"], left)
        if rest == sentence or _says_something(rest):
            kept.append(" ".join(rest.split()))
    if refused_nations:
        refused_nations.add(Nation.UK)  # who works across the UK works there too
    return MemberConstraints(
        topic=" ".join(kept) or " ".join(text.split()),
        sectors=_left(allowed_sectors, refused_sectors, frozenset(Sector)),
        nations=_left(allowed_nations, refused_nations, frozenset(Nation)),
        different_sector="sector" in different,
        different_nation="nation" in different,
    )


def _unwanted(sentence: str) -> list[re.Match[str]]:
    found = list(_ENOUGH.finditer(sentence))
    if _ABOUT_PEOPLE.search(sentence) or _BLUNT.search(sentence):
        found += _UNWANTED.finditer(sentence)
    return [match for match in found if not re.search(r"\bnot (?:just|only|necessarily)\b", match.group())]


def _named(text: str, named: tuple[tuple[str, frozenset[T]], ...]) -> set[T]:
    return {
        one for pattern, members in named if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE) for one in members
    }


def _left(allowed: set[T], refused: set[T], everything: frozenset[T]) -> frozenset[T] | None:
    """Return what may be, or `None` for anything. Naming both leaves what is asked for and not refused."""
    if not allowed and not refused:
        return None
    return frozenset((allowed or everything) - refused) or frozenset(everything - refused)


def _says_something(text: str) -> bool:
    return sum(not is_function_word(word) and word not in _EMPTY_WORDS for word in words(text)) >= 2
