"""Messages of somebody in danger: they are told whom to call, and nothing else."""

import re

from knowledge.answering.wording import EMERGENCY, IN_DISTRESS, IN_VIOLENCE

# Only what somebody says of a person here and now: work on suicide prevention or first aid is what members ask about.
_I = r"(?:i|i['’]?m|im|i am|i['’]?ve|me|my)"
_SOMEBODY = (
    r"(?:i|he|she|they|someone|somebody"
    r"|my (?:\w+ )?(?:dad|mum|mother|father|wife|husband|partner|son|daughter|baby|child|colleague|friend|patient"
    r"|neighbour|boss|manager|brother|sister|nan|gran(?:dad)?)"
    r"|a (?:colleague|man|woman|child|patient|visitor|person)|our (?:\w+ )?(?:patient|colleague|tenant|visitor))"
)
_DISTRESS = re.compile(
    rf"\b{_I}\b.{{0,25}}\b(?:suicidal|kill(?:ing)? myself|end(?:ing)? (?:it all|my life)|hurt(?:ing)? myself"
    r"|want to die|don['’]?t want to (?:live|be here|go on)|self[- ]harm(?:ing)? (?:again|now|tonight))\b"
    r"|\b(?:want|going|thinking of|thinking about|plan(?:ning)?) (?:to )?(?:kill(?:ing)? myself|end(?:ing)? my life"
    r"|tak(?:e|ing) my (?:own )?life)\b"
    rf"|\b{_SOMEBODY}\b.{{0,20}}\b(?:is suicidal|is going to kill (?:himself|herself|themselves|themself)"
    r"|wants to (?:die|kill (?:himself|herself|themselves)))\b",
    re.IGNORECASE,
)
_MEDICAL = re.compile(
    r"\b(?:chest pains?|pain in (?:my|his|her|the) chest|heart attack|stroke|not breathing|can['’]?t breathe"
    r"|stopped breathing|unconscious|collapsed|choking|overdose[d]?|bleeding (?:heavily|badly|a lot|out)|anaphyla\w+"
    r"|having a (?:seizure|fit|stroke|heart attack)|face (?:is |has )?(?:drooping|dropped)|won['’]?t wake up)\b",
    re.IGNORECASE,
)
_HERE_AND_NOW = re.compile(
    rf"\b(?:{_SOMEBODY}(?:['’]?(?:s|ve|m))?(?: is| are| am| has| have| had| was| just| think| might| may| can['’]?t"
    r"| cannot|['’]s)|having|help(?: me)?\b|right now|what (?:should|do|can) (?:i|we) do|call(?:ing)? an ambulance)\b",
    re.IGNORECASE,
)
_ABOUT_WORK = re.compile(
    r"\b(?:training|trained|course|prevention|programme|scheme|service|project|policy|pathway|rates?|statistics"
    r"|volunteers?|defibrillators?|awareness|patients who|people who|support for)\b",
    re.IGNORECASE,
)
_VIOLENCE = re.compile(
    rf"\b{_SOMEBODY} (?:is|are|was|keeps|has been)(?: being)? (?:hit(?:ting)?|beat(?:ing|en)?|attack(?:ed|ing)"
    r"|strangl\w+|threaten(?:ed|ing)|abus(?:ed|ing))(?: (?:me|us|him|her|them|up))?\b"
    r"|\bi(?:['’]?m| am) (?:not safe|in danger|scared (?:of|to go home)"
    r"|being (?:attacked|followed|abused|hit|beaten))\b",
    re.IGNORECASE,
)


def safety_reply(text: str) -> str | None:
    """Return whom to call, to a message of somebody in danger; `None` for any other."""
    if _ABOUT_WORK.search(text):
        return None
    if _DISTRESS.search(text):
        return IN_DISTRESS
    if _MEDICAL.search(text) and _HERE_AND_NOW.search(text):
        return EMERGENCY
    if _VIOLENCE.search(text):
        return IN_VIOLENCE
    return None
