"""The words before and after a word, and what they say of its being somebody's name."""

import re
from collections.abc import Sequence

from knowledge.privacy.name_tokens import Token

# What stands before a name and nothing else, so that any word with a capital is one.
SURE_BEFORE = re.compile(
    r"\b(?:my name is|name:|(?:man|woman|lady|gentleman|girl|boy|patient|colleague|apprentice|intern|trainee|learner|"
    r"volunteer|neighbour|resident|member of staff|nurse|porter|somebody|someone) (?:called|named)|"
    r"(?:regards|wishes|sincerely|faithfully|cheers|thanks),)\s+$",
    re.IGNORECASE,
)
# What people do and are asked, told and called: it stands before or after a name, and hardly ever beside a place.
BEFORE = re.compile(
    r"(?:\b(?:called|named|thanks to|thank|spoke (?:to|with)|speak to|talk to|talked to|met|ask|asked|ring|phone|email|"
    r"e-mail|contact|write to|wrote to|remember|late|dear|hi|hello|cheers to|was|by|for|with|matched|to|and|remove|"
    r"manager|lead|nurse|porter|colleague|patient|apprentice|intern|trainee|volunteer|chair|cook|member|"
    r"resident|neighbour|daughter|son|mother|mum|father|dad|husband|wife|sister|brother|partner|friend|carer|"
    r"supervisor|director|officer|coordinator|head|interns|apprentices|trainees|learner|adviser|mentor|lady|man|woman|"
    r"gentleman|girl|boy|client|customer|tenant|student|pupil|contact|name)[,:]?\s+(?:is\s+)?|[(\"“:;–—-]\s*)$",
    re.IGNORECASE,
)
STRONG_BEFORE = re.compile(
    r"\b(?:called|named|thanks to|spoke (?:to|with)|speak to|talk to|talked to|ask|ring|phone|dear|hi|hello|cheers to|"
    r"big|it was|is|contact|contact:|name:|name is|patient|apprentice|intern|trainee|learner|colleague)[,:]?\s+$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"(?:['’]s\s+(?:story|mum|mother|dad|father|son|daughter|husband|wife|manager|team|job|shift|words|idea|case|notes)\b|"
    r"(?:,\s*|\s*\()(?:aged?\s+)?\d{2}\s*[,.;)]|,?\s+aged\s+\d|,?\s*who\b|\s*\((?:d\.?o\.?b|born|aged|she|he|they)\b|"
    r"\s+(?:said|says|told|lives?|lived|works as|worked as|got|rang|left school|explained|remembers|recalled|recalls|"
    r"thinks|thought|felt|feels|likes|loves|wants|wanted|writes|wrote|asked|asks|was born|passed away|died|"
    r"cried|smiled|laughed|joined us|and (?:her|his|their))\b)",
    re.IGNORECASE,
)
# So many characters before and after a name tell what it is.
_BESIDE = 40


def beside(text: str, run: Sequence[Token]) -> tuple[str, str]:
    """Return what stands right before and right after a run."""
    start, end = run[0].start, run[-1].end
    return text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]


def opens_sentence(text: str, start: int) -> bool:
    """Return whether a word that begins here has a capital in any case."""
    before = text[max(0, start - _BESIDE) : start].rstrip()
    return not before or before[-1] in '.!?:;"“(-–—•*'
