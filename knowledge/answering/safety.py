"""Messages of somebody in danger: they are told whom to call, and nothing else.

What counts is what is said of a person here and now. Work on suicide prevention, first aid or violence is what members
ask about, and a message in the first person counts whatever else it speaks of.
"""

import re

from knowledge.answering.wording import EMERGENCY, IN_DISTRESS, IN_VIOLENCE

# All patterns read lower case without apostrophes: "I’m" is "im", "can't" is "cant".
_KIN = (
    r"(?:dad|mum|mother|father|wife|husband|partner|boyfriend|girlfriend|ex|son|daughter|baby|child|kids?|children"
    r"|colleague|friend|flatmate|neighbour|boss|manager|brother|sister|nan|gran|grandad|uncle|aunt)"
)
_STRANGER = (
    r"(?:colleague|man|woman|boy|girl|child|patient|visitor|person|nurse|doctor|porter|receptionist|volunteer|tenant"
    r"|service user|member of staff)"
)
_OTHER = (
    rf"(?:he|she|hes|shes|some(?:one|body)s?|my (?:\w+ )?{_KIN}s?"
    rf"|(?:a|an|the|our|one of (?:my|our|the)) (?:\w+ )?(?:{_STRANGER}|{_KIN})s?)"
)
_I = r"(?:i|im|ive|id)"
# What may stand between whom it is about and what happens to them.
_AM = r"(?: (?:am|is|are|was|has|have|had|been|just|now|really|so|still|again|feels?|feeling|being|keeps?|got))*"
_BY_THEIR_OWN_HAND = (
    r"(?:(?:kill|hurt|harm|hang|drown|cut)(?:s|ing|ting)? (?:my|him|her|them)sel(?:f|ves)(?! free| off| out| loose)"
    r"|(?:end|tak)(?:e|s|ing)? (?:my|his|her|their) (?:own )?li(?:fe|ves)|end(?:s|ing)? it all"
    r"|cut(?:ting)? (?:my|his|her|their) wrists)"
)
_DISTRESS = re.compile(
    rf"\b{_I}\b.{{0,60}}\b{_BY_THEIR_OWN_HAND}"
    rf"|^(?:(?:want|going|wanna|how) to |thinking (?:of|about) )?{_BY_THEIR_OWN_HAND}$|\bwant to die$"
    r"|\b(?:want|going|thinking (?:of|about)|plan(?:ning)?)(?: to)? (?:kill(?:ing)? myself|end(?:ing)? my life"
    r"|tak(?:e|ing) my (?:own )?life)"
    rf"|\b{_I}\b{_AM}(?: \w+)? su[ic]+d(?:al|le|el)\b|^feel(?:ing)? su[ic]+d(?:al|le|el)\b"
    rf"|\b{_I}\b{_AM} (?:thinking (?:of|about)|considering|contemplating|planning) suicide\b"
    rf"|\b{_I}\b(?: \w+)? (?:want|wish|going|ready|rather)\b(?: to| i| was| were| be){{1,3}} (?:die|dead)\b"
    r"(?! of| to know)"
    r"|\b(?:dont|do not) (?:want to|wanna) (?:be here|be alive|exist|wake up|live)(?: any ?more|$|[.!,;])"
    rf"|\b{_I} (?:really )?(?:cant|can not|cannot) (?:go on|cope|take (?:it|this))"
    r"(?: any ?more| like this| living|$|[.!,;])"
    r"|\b(?:no reason to live|nothing to live for|better off (?:dead|without me))\b"
    rf"|\b{_I}\b{_AM} self[ -]?harm(?:ed|ing)?\b"
    rf"|\b{_OTHER}(?: who)?{_AM} su[ic]+d(?:al|le|el)\b"
    rf"|\b{_OTHER}\b.{{0,40}}\b(?:(?:wants?|going|threaten(?:s|ing)|tr(?:ied|ying)) to|will|would|might|s?hell|theyll)"
    rf" (?:die\b|{_BY_THEIR_OWN_HAND})|\b{_OTHER}{_AM} {_BY_THEIR_OWN_HAND}"
    rf"|\b{_OTHER}\b.{{0,30}}\b(?:talking|thinking) (?:about|of) suicide\b"
    r"|^(?:suicide|suicidal(?: thoughts)?)$"
)
_CHEST = r"(?:(?:an?|severe|bad|terrible|sharp|crushing) )*(?:chest pains?|pains? in (?:my|his|her|the) chest)"
_ATTACK = (
    rf"(?:{_CHEST}|(?:(?:a|an|another) )?(?:heart attack|stroke|seizure|fit(?! of)|cardiac arrest|allergic reaction"
    r"|(?:asthma|panic) attack))"
)
_PILLS = r"(?:\w+ )?(?:pills|tablets|meds|medicine|paracetamol|painkillers)"
_SIGN = (
    r"(?:(?:not|isnt|stopped|cant|cannot|barely|hardly) breath(?:e|ing)|unconscious(?! bias| of)|unresponsive(?! to)"
    r"|passed out|chok(?:ing|ed)(?! on (?:paper|bureau|red tape))|overdosed|anaphyla\w+|stabbed|electrocuted"
    r"|bleeding (?:heavily|badly|a lot|out|to death|everywhere)|(?:taken|took|swallowed) (?:an overdose|(?:too many"
    rf"|all (?:my|his|her)|(?:a lot|lots|loads) of) {_PILLS})|(?:swallowed|drank|drunk) (?:bleach|poison|antifreeze)"
    r"|(?:wont|doesnt|will not) wake up|faces? (?:is |has )?(?:drooping|dropped)|dying(?! to| for| of boredom))"
)
_BROKEN_OUT = r"(?:fire|explosion|gas leak|accident|shooting|stabbing)"
_PLACE = r"(?:building|ward|house|flat|kitchen|hospital|office|room|roof|reception|street|school|car park)"
_MEDICAL = re.compile(
    rf"\b(?:{_I}|{_OTHER}|they|theyre){_AM}(?: \w+ly)? (?:having|suffering|with) {_ATTACK}\b"
    rf"|\b(?:{_I}|{_OTHER})(?: thinks?)?{_AM} {_CHEST}\b|\bmy (?:chest|heart) (?:hurts|is hurting)\b"
    rf"|\b(?:{_I}|they|theyre|his|her){_AM}(?: \w+ly)? {_SIGN}|\b{_OTHER}(?: \w+){{0,4}} {_SIGN}"
    rf"|\b(?:{_I}|{_OTHER})(?: \w+ed)?{_AM} collaps(?:ed|ing)\b(?! (?:the|an?|this|that|all|\w*s)\b)"
    rf"|^(?:help(?: me)? )?(?:having |(?:{_STRANGER}|{_KIN}) )*(?:{_ATTACK}|{_SIGN})"
    r"(?:,? (?:help|now|please|what do i do|what should i do))*$"
    r"|\b(?:call|ring|dial)(?:ing)? (?:999|112)\b|^(?:999|(?:an )?ambulance)(?: now| please)?$"
    r"|\b(?:i|we|you|please|some(?:one|body)|quick|to|do)\b.{0,10}\b(?:call(?:ing)?|need|send) an ambulance\b"
    r"(?! (?:trust|service|station))|^call an ambulance\b|\bi need (?:urgent|emergency|immediate) (?:medical )?help\b"
    rf"|\b(?:theres|there is|theres been|there has been) an? (?:\w+ )?{_BROKEN_OUT}"
    rf"(?= (?:in|at|on|outside|near) (?:the|our|my) (?:\w+ )?{_PLACE}\b| here\b| and some|,? some(?:one|body)|$)"
    rf"|\b{_PLACE} is on fire\b|\bi (?:can )?smell gas\b|\bmy (?:\w+ )?baby\b.{{0,40}}\b(?:floppy|limp|turning blue)\b"
)
# "My dad has had a stroke": an emergency where nothing says that it was long ago or that it is about work.
_HAD = re.compile(rf"\b(?:{_OTHER}|{_I})(?: has| have)?(?: just)? (?:had|has had) {_ATTACK}\b")
_NOT_NOW = re.compile(
    r"\b(?:last|ago|years?|months?|weeks?|since|when|after|if|recover\w*|rehab\w*|return\w*|back|support|work\w*|jobs?"
    r"|employ\w*|hire|question)\b"
)
_HARM = (
    r"(?:(?:hit|beat|attack|strangl|threaten|abus|rap|stalk|stab|hurt|chok|punch|kick)(?:s|es|ed|ten|ting|ing|en|e)?"
    r"|following)(?: up)?"
)
_VIOLENCE = re.compile(
    rf"\b{_OTHER}{_AM} {_HARM} (?:me|him|her|my (?:\w+ )?{_KIN}|staff|(?:a|the|our) (?:\w+ )?{_STRANGER})\b(?! to the)"
    rf"|\b{_OTHER}\b.{{0,25}}\b(?:kill|stab|shoot|hurt) (?:me|us)\b"
    r"|\b(?:with|has|holding|got) a (?:knife|gun|machete)\b"
    rf"|\b{_I}{_AM} (?:(?:being|been|was|got) )?(?:attacked|beaten(?: up)?|raped|(?:sexually )?assaulted|stalked"
    r"|abused|punched|kicked)\b"
    r"|\bim being (?:hit|followed|threatened)\b(?! by (?:\w+ )?(?:cuts?|costs?|inflation|rules))"
    rf"|\b{_I}{_AM} not safe(?: (?:at home|here|now|with \w+)|$|[.!,;])|\b(?:dont|do not) feel safe (?:at home|here)\b"
    rf"|\b(?:{_I}|{_OTHER}){_AM} in danger\b(?! of)"
    rf"|\b{_I}{_AM} (?:scared|afraid|frightened) (?:to go home|(?:of|for) (?:him|her|my (?:\w+ )?{_KIN}|my life))\b"
    rf"|\b{_OTHER}{_AM} (?:breaking in(?:to my \w+)?|in my house)\b"
)


def safety_reply(text: str) -> str | None:
    """Return whom to call, to a message of somebody in danger; `None` for any other."""
    plain = " ".join(re.sub(r"[‘’'`]", "", text.lower()).split()).strip(" !?.,")
    if _DISTRESS.search(plain):
        return IN_DISTRESS
    if _MEDICAL.search(plain) or (_HAD.search(plain) and not _NOT_NOW.search(plain)):
        return EMERGENCY
    if _VIOLENCE.search(plain):
        return IN_VIOLENCE
    return None
