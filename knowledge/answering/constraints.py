"""A question's own words on the documents that may answer it: nation, kind, pillar, outcome, level.

And whether it asks for documents at all: who does it, where, which examples, what went wrong.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from knowledge.domain.library import Filters, Metadata
from knowledge.domain.vocabulary import Kind, Level, Outcome, Pillar
from knowledge.language.nations import nation_in, nation_terms
from knowledge.language.words import content_stems

_Word = TypeVar("_Word", bound=Enum)

_BODIES = (
    r"(?:organisations?|trusts?|hospitals?|councils?|boards?|teams?|places?|areas?|cities|regions?|members?|partners?"
    r"|universit(?:y|ies)|charit(?:y|ies)|ics(?:s|es)?|schemes?|projects?|programmes?|networks?)"
)
_ASKS_WHO = re.compile(
    r"^(?:(?:and|so|but|ok) )?"
    r"(?:who(?:'s|’s| is| are| has| have| else| does| did)?\b"
    r"(?!.*\b(?:led|leads|lead|chairs?|chaired|said|wrote|paid|pays|funds?|funded|runs?|ran|evaluated|measured)\b)"
    rf"|(?:which|what) (?:other )?(?:\w+ )?{_BODIES} (?:has|have|are|do|did|use|used|run|ran|work|worked|tried|signed"
    r"|offer|pay|took|set)\b"
    rf"|(?:has|have|is|are|does|do|did) any(?:one|body| other| {_BODIES})\b|where (?:has|have|else|did|do|are) )",
    re.IGNORECASE,
)
_ASKS_FOR_EXAMPLES = re.compile(
    r"\b(?:any|some|which|what|give me|show me|good|more|other|real) (?:[\w-]+ ){0,2}examples?\b"
    r"|\bexamples? (?:of|from|where|in|across)\b"
    r"|\bcase stud(?:y|ies)\b|\b(?:list|show me|give me) (?:the |all |some |of )?(?:\w+ )?"
    rf"(?:reports?|toolkits?|events?|programmes?|documents?|resources?|{_BODIES})\b",
    re.IGNORECASE,
)
_WENT_WRONG = re.compile(
    r"\b(?:what|where|why|anything|which|that|has|have|did)\b.*\b(?:(?:go(?:es|ing|ne)?|went) wrong"
    r"|(?:did|does|has|have)(?:n['’]t| (?:it |this |they )?not) (?:work(?:ed)?|go(?:ne)? (?:well|to plan))"
    r"|fail(?:ed|ures?)?|not worked|pitfalls?|mistakes?)\b"
    r"|\b(?:failures|pitfalls|mistakes|lessons from failure|things that failed)\b",
    re.IGNORECASE,
)
_WENT_WRONG_WORDS = r"(?:go(?:es|ing|ne)?|went) wrong|not work(?:ed)?|fail(?:ed|ures?)?|pitfalls?|mistakes?|lessons"
# What is left of a question for documents of which it only says what they are.
_NO_TOPIC = content_stems(
    "anchor anchors been doing done else example examples exist get give go going good happen happened has have is know"
    " library list look made other plan real show study studies there tried try well work worked working works projects"
    " schemes places organisations areas teams people somebody anyone anybody"
)
_KINDS = {
    Kind.CASE_STUDY: r"case stud(?:y|ies)",
    Kind.REPORT: r"reports|evaluations",
    Kind.TOOLKIT: r"toolkits?|templates?",
    Kind.EVENT: r"past events|recordings",
    Kind.EXAMPLE: r"members['’]? examples|shared examples",
    Kind.PROGRAMME: r"programmes",
}
_PILLARS = {
    Pillar.EMPLOYMENT: r"employment|recruitment|jobs|workforce",
    Pillar.PROCUREMENT: r"procurement|purchasing|buying|spend(?:ing)?",
    Pillar.ESTATES: r"estates?|buildings?|land|housing",
    Pillar.ENVIRONMENT: r"environment(?:al)?|net zero|sustainability|green",
    Pillar.PARTNERSHIP: r"partnerships?",
}
_LEVELS = {
    Level.HYPER_LOCAL: r"hyper[- ]?local|neighbourhood level",
    Level.SYSTEM: r"system[- ](?:level|wide)|across (?:an|the|our) (?:ics|system)",
    Level.REGIONAL: r"region(?:al|-wide|wide)",
}


@dataclass(frozen=True)
class Constraints:
    """The restrictions that a question puts on the documents that may answer it.

    `asks_for_documents` says that it asks for several of them, each a line; `filters` what they have to be;
    `went_wrong` that work is asked for that failed, wholly or in part; `has_topic` that it asks for something beyond
    that: "examples in Wales" does not, "green roofs in Wales" does.
    """

    asks_for_documents: bool = False
    filters: Filters = field(default_factory=Filters)
    went_wrong: bool = False
    has_topic: bool = True

    @property
    def restrict(self) -> bool:
        """Return whether not every document will do."""
        return self.went_wrong or not self.filters.empty

    def fit(self, metadata: Metadata) -> bool:
        """Return whether a document is what the question says of it."""
        wanted = self.filters
        outcomes = outcomes_of(self)
        return (
            (wanted.kind is None or metadata.kind is wanted.kind)
            and (wanted.nation is None or metadata.nation is wanted.nation)
            and (wanted.level is None or metadata.level is wanted.level)
            and (wanted.pillar is None or wanted.pillar in metadata.pillars)
            and (not outcomes or metadata.outcome in outcomes)
        )


def read_constraints(question: str) -> Constraints:
    """Return what a question says of the documents that may answer it."""
    text = " ".join(question.split())
    went_wrong = _WENT_WRONG.search(text) is not None
    examples = _ASKS_FOR_EXAMPLES.search(text) is not None
    if not (went_wrong or examples or _ASKS_WHO.search(text)):
        return Constraints()
    nation, level, kind, pillar = nation_in(text), _in(text, _LEVELS), _in(text, _KINDS), _in(text, _PILLARS)
    said = [
        *(nation_terms(nation) if nation else ()),
        *filter(None, (level and _LEVELS[level], kind and _KINDS.get(kind), pillar and _PILLARS[pillar])),
        *((_WENT_WRONG_WORDS,) if went_wrong else ()),
    ]
    rest = re.sub(rf"\b(?:{'|'.join(said)})\b", " ", text, flags=re.IGNORECASE) if said else text
    has_topic = not content_stems(rest) <= _NO_TOPIC
    # A word such as "housing" may be the topic itself: only where nothing else is asked for it is a field of work.
    narrow = examples or not has_topic
    filters = Filters(nation=nation, kind=kind if narrow else None, pillar=pillar if narrow else None, level=level)
    return Constraints(True, filters, went_wrong, has_topic)


def outcomes_of(constraints: Constraints) -> tuple[Outcome, ...]:
    """Return the outcomes that are asked for, the one that is meant most first; none where any will do."""
    return (Outcome.DID_NOT_WORK, Outcome.PARTLY) if constraints.went_wrong else ()


def _in(text: str, words: dict[_Word, str]) -> _Word | None:
    found = [word for word, pattern in words.items() if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None
