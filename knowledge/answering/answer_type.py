"""The sort of thing that a question asks for, and whether a text holds one: a number, an amount, a share, a date ..."""

import re
from collections.abc import Callable, Sequence

from knowledge.language.words import is_function_word, words

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_EXACT = (
    r"\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|million"
    r"|dozens?|no"
)
_COUNT = rf"{_EXACT}|several"
_NUMBER = rf"\d|\b(?:{_EXACT}|half|third|quarter|double|twice|most|few|none)\b"
_MONEY = r"[£$€]\s?\d|\b\d[\d.,]*\s?(?:pounds|pence|million|billion|bn)\b"
_SHARE = (
    r"%|\bper ?cent\b|\b(?:half|third|quarter|fifth|tenth|majority|most|in every|out of)\b|\b(?:\d+|one|two) in \w+"
)
_DATE = rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\b"
_NAME = r"(?<!^)(?<![.] )[A-Z][a-z]+|[A-Z]{2,}"
# "six local teams": how far what is counted may stand behind its number.
_COUNTED_WITHIN = 5
_MOST_COUNTED_WORDS = 3

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
    (r"^who\b|\bwhich (?:organisation|trust|council|team|partner|universit)", _NAME),
)
_ASKED = tuple((re.compile(asked, re.IGNORECASE), needed) for asked, needed in _SORTS)


def fits_answer_type(question: str, text: str) -> bool:
    """Whether a text holds the sort of thing asked for; true where any text may do."""
    for asked, needed in _ASKED:
        if asked.search(question):
            if needed == _NAME:
                # The answer to "who?" is somebody whom the question does not name already.
                return any(name.lower() not in question.lower() for name in re.findall(needed, text))
            return re.search(needed, text, re.IGNORECASE) is not None
    return True


def counter(question: str, stems: Callable[[Sequence[str]], list[str]]) -> Callable[[str], bool] | None:
    """For "how many teams ...?" a function that tells whether a text counts teams ("six local teams").

    `None` when nothing is counted. `stems` takes the endings off words.
    """
    asked = re.search(r"\bhow many\b(.*)", question, re.IGNORECASE)
    counted: list[str] = []
    for word in words(re.sub(r"\([^)]*\)", "", asked.group(1))) if asked else []:
        if not is_function_word(word):
            counted.append(word)
        elif counted:
            break
    sought = set(stems(counted[:_MOST_COUNTED_WORDS]))
    if not sought:
        return None

    def counts(text: str) -> bool:
        present = words(text)
        stemmed = stems(present)
        return any(
            re.fullmatch(_COUNT, word) and sought & set(stemmed[place + 1 : place + 1 + _COUNTED_WITHIN])
            for place, word in enumerate(present)
        )

    return counts
