"""The sort of thing that a question asks for, and whether a text holds one: a number, an amount, a share, a date ..."""

import re

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|thousand|million|dozen"
    r"|half|third|quarter|double|twice|most|few|none|no)\b"
)
_MONEY = r"[£$€]\s?\d|\b\d[\d.,]*\s?(?:pounds|pence|million|billion|bn)\b"
_SHARE = (
    r"%|\bper ?cent\b|\b(?:half|third|quarter|fifth|tenth|majority|most|in every|out of)\b|\b(?:\d+|one|two) in \w+"
)
_DATE = rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\b"
_NAME = r"(?<!^)(?<![.] )[A-Z][a-z]+|[A-Z]{2,}"

# What is asked, and what a text must hold to answer it. The first that fits decides.
_SORTS = (
    (r"\b(?:phone|telephone|mobile) number\b|\bnumber (?:i|we) can (?:ring|call)\b", r"\b0\d{2,4}[ \d]{6,}"),
    (r"\be-?mail address\b|\bwho (?:do|can) (?:i|we) e-?mail\b", r"@"),
    (r"\bwhat (?:%|per ?cent|percentage|share|proportion)|\bhow many per ?cent\b|\b(?:what|which) % ", _SHARE),
    (
        r"\bhow much (?:money|cash|grant|funding)"
        r"|\bhow much\b.*\b(?:cost|costs|spend|spent|pay|paid|save|saved|earn|worth)\b"
        r"|\bwhat (?:did|does|do|was|is|were)\b.*\b(?:spend on|cost|salary|budget|price)\b"
        r"|\bwhat's\b.*\b(?:salary|budget)\b",
        _MONEY,
    ),
    (r"\bhow (?:many|big|large|long|often|far|old|much)\b|\bnumber of\b", _NUMBER),
    (r"^when\b|\b(?:what|which) (?:year|date|month)\b|\bsince when\b", _DATE),
    (r"^who\b|\bwhose\b|\bwhich (?:organisation|trust|council|team|partner|universit)", _NAME),
)
_ASKED = tuple((re.compile(asked, re.IGNORECASE), needed) for asked, needed in _SORTS)


def fits_answer_type(question: str, text: str) -> bool:
    """Whether a text holds the sort of thing asked for; true where any text may do."""
    for asked, needed in _ASKED:
        if asked.search(question):
            # Names are told by their capitals, everything else is not.
            return re.search(needed, text, 0 if needed == _NAME else re.IGNORECASE) is not None
    return True
