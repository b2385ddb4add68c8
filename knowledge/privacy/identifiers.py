"""Finds what identifies a person by its form and the words beside it: numbers, dates of birth, addresses, plates.

For what Presidio has no recogniser, or one that knows no British form.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS}),? \d{{4}}|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_NUMBER_WORDS = r"(?:number|num|no|nr|id|ref(?:erence)?)?\.?\s*(?:is|was|:|=|-|#)?\s*"
_STREETS = (
    "Avenue|Bank|Bungalows|Buildings|Close|Cottages|Court|Crescent|Croft|Drive|Fold|Gardens|Gate|Grove|Hill|House|Lane|"
    "Mews|Parade|Park|Place|Rise|Road|Row|Square|Street|Terrace|View|Villas|Walk|Way|Wharf|Yard|Ave|Rd|St|Cres|Ln|Dr"
)
_NAME_PART = r"[A-Z][\w'’.-]*"
_TOWN = r"[A-Z][^\W\d_](?:[^\W\d_]|['’-])*"


class Form(NamedTuple):
    """The look of something of a kind: its group "it" is the place, `score` how sure it is."""

    kind: str
    pattern: re.Pattern[str]
    score: float
    accepts: Callable[[str], bool] = bool


_FORMS = (
    # A slip in one digit is still somebody's number: the words beside it say what it is.
    Form(
        "UK_NHS",
        re.compile(rf"\bNHS\s+{_NUMBER_WORDS}(?P<it>\d{{3}}[ -]?\d{{3}}[ -]?\d{{4}})\b", re.IGNORECASE),
        0.9,
    ),
    # Northern Ireland's, and Scotland's, which begins with the date of birth.
    Form(
        "HEALTH_NUMBER",
        re.compile(
            rf"\b(?:H\s?&\s?C|H\+C|HCN|health (?:and|&) care|CHI|community health index)\s*{_NUMBER_WORDS}"
            r"(?P<it>\d{3}[ -]?\d{3}[ -]?\d{4}|\d{6}[ -]?\d{4})\b",
            re.IGNORECASE,
        ),
        0.9,
    ),
    Form(
        "HOSPITAL_NUMBER",
        re.compile(
            r"\b(?:(?:hospital|unit|patient|case ?notes?|medical records?|PAS|district|clinic)\s+"
            r"(?:number|num|no|id|ref(?:erence)?)\.?|MRN|hosp\.? no\.?)\s*(?:is|was|:|=|-|#)?\s*"
            r"(?P<it>[A-Z]{0,3}[ -]?\d[\d/-]{4,11}[A-Z]?)\b",
            re.IGNORECASE,
        ),
        0.85,
    ),
    Form(
        "DATE_OF_BIRTH",
        re.compile(
            rf"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|birthday|born(?: on)?)\s*(?:is|was|:|=|-|\()?\s*"
            rf"(?:on\s+)?(?:the\s+)?(?P<it>{_DATE})(?!\d)",
            re.IGNORECASE,
        ),
        0.9,
    ),
    Form(
        "EMAIL_ADDRESS",
        re.compile(
            r"(?<![\w.])(?P<it>[A-Za-z][\w.+-]*\s*[(\[{<]\s*at\s*[)\]}>]\s*[A-Za-z][\w-]*"
            r"(?:(?:\.|\s*[(\[{<]\s*dot\s*[)\]}>]\s*|\s+dot\s+)[A-Za-z][\w-]*)+)",
            re.IGNORECASE,
        ),
        0.9,
    ),
    # Also with a domain that does not exist: a slip in it is no reason to publish the rest.
    Form("EMAIL_ADDRESS", re.compile(r"(?<![\w.@])(?P<it>[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"), 0.9),
    Form(
        "ADDRESS",
        re.compile(
            rf"\b(?P<it>(?:(?:Flat|Apartment|Apt|Unit|Room) \w{{1,4}},? )?\d{{1,4}}[A-Za-z]?,? "
            rf"(?:{_NAME_PART} ){{1,4}}(?:{_STREETS})\b\.?(?:, {_TOWN}(?: {_TOWN})?)?)"
        ),
        0.9,
        lambda place: re.match(r"(?:19|20)\d\d\b", place) is None,
    ),
    # In Wales the word for the street comes first, in Ireland's and Scotland's names too it is one of its own.
    Form(
        "ADDRESS",
        re.compile(
            rf"\b(?P<it>\d{{1,4}}[A-Za-z]?,? (?:Heol|Ffordd|Stryd|L[oô]n|Maes|Rhodfa|Clos|Bryn|Tre|Rue|The) "
            rf"(?:(?:y|yr|'r|o|de|la|{_NAME_PART}) ?){{1,4}}(?:, {_TOWN}(?: {_TOWN})?)?)"
        ),
        0.9,
        lambda place: re.match(r"(?:19|20)\d\d\b", place) is None,
    ),
    Form("NUMBER_PLATE", re.compile(r"\b(?P<it>[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} ?[A-HJ-PR-Z]{3})\b"), 0.8),
    Form(
        "NUMBER_PLATE",
        re.compile(
            r"\b(?i:reg|registration|number plate|plate|vehicle|car)\.?,?\s*(?:(?:number|no\.?|is|was|:)\s*)?"
            r"(?P<it>[A-Z]{1,3} ?\d{1,4}(?: ?[A-Z]{1,3})?)\b"
        ),
        0.7,
    ),
)
# Ten digits of something else, though their check digit is right.
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:order|invoice|purchase|PO|account|contract|tender|grant|charity|company|ticket|job|project|ISBN|serial|"
    r"tracking|reference|ref|version|page|pages)\b(?:no\.|[^.!?\d]){0,25}|/|\w=)$",
    re.IGNORECASE,
)
_BEFORE = 40


def find_identifiers(text: str) -> Iterator[tuple[str, int, int, float]]:
    """Yield each place that identifies a person: its kind, where it begins and ends, how sure that is (0 to 1)."""
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            if form.accepts(match["it"]):
                start = match.start("it")
                yield form.kind, start, start + len(match["it"].rstrip(" ,")), form.score


def is_health_number(text: str, start: int, end: int) -> bool:
    """Return whether ten digits with the check digit of an NHS number are one, and no order, invoice or address."""
    digits = re.sub(r"\D", "", text[start:end])
    before = text[max(0, start - _BEFORE) : start]
    return len(set(digits)) > 1 and _OTHER_NUMBER.search(before) is None
