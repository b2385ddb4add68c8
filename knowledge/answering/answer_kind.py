"""The kind of answer a question asks for (number, amount, share, date, name, people), and texts that have it."""

import re

from knowledge.language.dates import dates_in
from knowledge.language.numbers import figures

# What is asked, and what a text must hold to answer it. The first that fits decides.
_PHONE = re.compile(r"\b0\d{2,4}[ \d]{6,}")
_NAME = re.compile(r"(?<!^)(?<![.] )[A-Z][a-z]+|[A-Z]{2,}")
_VAGUE_NUMBER = re.compile(r"\b(?:several|dozens|hundreds|thousands|most|few|none|no|third|majority)\b", re.IGNORECASE)
_ASKS_FOR_PHONE = re.compile(
    r"\b(?:phone|telephone|mobile) number\b|\bnumber (?:i|we) can (?:ring|call)\b", re.IGNORECASE
)
_ASKS_FOR_EMAIL = re.compile(r"\be-?mail address\b|\bwho (?:do|can) (?:i|we) e-?mail\b", re.IGNORECASE)
_ASKS_FOR_SHARE = re.compile(
    r"\bwhat (?:%|per ?cent|percentage|share|proportion)|\bhow many per ?cent\b|\b(?:what|which) % ", re.IGNORECASE
)
_ASKS_FOR_AMOUNT = re.compile(
    r"\bhow much (?:money|cash|grant|funding)"
    r"|\bhow much\b.*\b(?:cost|costs|spend|spent|pay|paid|save|saved|earn|worth)\b"
    r"|\bwhat (?:did|does|do|was|is|were)\b.*\b(?:spend on|cost|salary|budget|price)\b"
    r"|\bwhat's\b.*\b(?:salary|budget)\b",
    re.IGNORECASE,
)
_ASKS_FOR_NUMBER = re.compile(r"\bhow (?:many|big|large|long|often|far|old|much)\b|\bnumber of\b", re.IGNORECASE)
_ASKS_FOR_DATE = re.compile(r"^(?:and |so |but )?when\b|\b(?:what|which) (?:year|date|month)\b|\bsince when\b", re.I)
_ASKS_WHO = re.compile(r"^who\b|\bwhich (?:organisation|trust|council|team|partner|universit)", re.IGNORECASE)
_SOMEBODY = r"(?:anyone|anybody|someone|somebody)"
_MEMBERS = (
    r"(?:people|members?|peers?|colleagues?|others|trusts?|councils?|hospitals?"
    r"|organisations?|teams?|places?|charities)"
)
_ASKS = re.compile(
    r"\bwho (?:else )?(?:(?:can|could|should|might|would|do) )(?:i|we) (?:best )?"
    r"(?:talk|speak|chat|turn|write|reach out|contact|connect|learn from|get in touch)\b"
    rf"|\b(?:is|are) (?:there )?(?:{_SOMEBODY}|any {_MEMBERS}|any other {_MEMBERS}|other {_MEMBERS})"
    r"(?: else)?(?: (?:here|out there|in the network))?(?: who(?:['’]s| is| are)?)?"
    r" (?:also )?(?:doing|working|looking|trying|planning|running|thinking|interested|struggling)\b"
    rf"|\bdoes {_SOMEBODY}(?: else)? (?:here )?(?:do|work|run|have experience|know somebody|know someone)\b"
    rf"|\bwho else (?:is|['’]s) (?:doing|working|trying|planning|running)\b"
    r"|\b(?:put|get) (?:me|us) in (?:touch|contact)\b|\bintroduce (?:me|us)\b|\bconnect (?:me|us) (?:with|to)\b"
    rf"|\b(?:find|know|meet|speak to|talk to|looking for|learn from) (?:me |us )?(?:a |an |other |some )?"
    rf"(?:{_SOMEBODY}|peers?|buddy|mentor|{_MEMBERS})"
    r" (?:else )?(?:who|doing|working|to talk|to speak|with experience)\b",
    re.IGNORECASE,
)


def asks_for_figure(question: str) -> bool:
    """Return whether a question asks for a number, an amount or a share."""
    return any(asked.search(question) for asked in (_ASKS_FOR_SHARE, _ASKS_FOR_AMOUNT, _ASKS_FOR_NUMBER))


def asks_for_date(question: str) -> bool:
    """Return whether a question asks when something was."""
    return _ASKS_FOR_DATE.search(question) is not None


def has_asked_kind(question: str, text: str) -> bool:
    """Return whether a text holds the kind of thing that a question asks for; true where any text may do."""
    if _ASKS_FOR_PHONE.search(question):
        return _PHONE.search(text) is not None
    if _ASKS_FOR_EMAIL.search(question):
        return "@" in text
    if _ASKS_FOR_SHARE.search(question):
        return any(figure.of in {"%", "×"} for figure in figures(text)) or _VAGUE_NUMBER.search(text) is not None
    if _ASKS_FOR_AMOUNT.search(question):
        return any(figure.of in {"£", "$", "€"} for figure in figures(text))
    if _ASKS_FOR_NUMBER.search(question):
        return bool(figures(text)) or _VAGUE_NUMBER.search(text) is not None
    if _ASKS_FOR_DATE.search(question):
        return bool(dates_in(text))
    if _ASKS_WHO.search(question):
        # The answer to "who?" is somebody whom the question does not name already.
        return any(name.lower() not in question.lower() for name in _NAME.findall(text))
    return True


def asks_for_people(question: str) -> bool:
    """Return whether a question asks for people to talk to: a face then says how to find them."""
    return _ASKS.search(" ".join(question.split())) is not None
