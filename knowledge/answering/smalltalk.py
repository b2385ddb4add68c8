"""Greetings, thanks and "what can you do?": a sensible reply without a search and without citations."""

import re

from knowledge.answering.wording import ABILITIES, FAREWELL, GREETING, ONLY_PICTURES, THANKS

_REPLIES = (
    (
        re.compile(
            r"(?:what|how) (?:can|do|could) (?:you|u) (?:do|help(?: me)?(?: with)?|know|work)(?: for me)?"
            r"|who (?:are|r) (?:you|u)|what (?:are|r) (?:you|u)|what is this|help|(?:can|could) you help(?: me)?"
        ),
        ABILITIES,
    ),
    (
        re.compile(
            r"(?:hello|hi|hiya|hey|helo|good (?:morning|afternoon|evening|day)|shwmae|bore da)"
            r"(?: (?:there|all|everyone|bot|haln))?(?: how are (?:you|things))?|how are you(?: today)?"
        ),
        GREETING,
    ),
    (
        re.compile(
            r"(?:many )?(?:thanks|thank you|thankyou|thx|ta|cheers|diolch)"
            r"(?: (?:so|very|a lot|much|again|for (?:that|your help)|that s great|that was helpful|all))*"
            r"|(?:great|perfect|brilliant|lovely|that s (?:great|helpful)) (?:thanks|thank you)"
        ),
        THANKS,
    ),
    (re.compile(r"(?:good ?bye|bye(?: bye)?|see you(?: later| soon)?|good night)(?: all)?"), FAREWELL),
)


def small_talk(text: str) -> str | None:
    """Return a reply when the whole text is small talk; `None` when there is something to search for."""
    if not any(character.isalnum() for character in text):
        return ONLY_PICTURES
    whole = _reply(text)
    if whole is not None:
        return whole
    # "Good morning, can you help me?": small talk in parts, of which the last is what is asked.
    replies = [_reply(part) for part in re.split(r"[,.!?;]+", text) if part.strip()]
    return replies[-1] if replies and all(replies) else None


def _reply(text: str) -> str | None:
    plain = " ".join(re.sub(r"[^a-z ]", " ", text.lower().replace("’", "'")).split())
    return next((reply for pattern, reply in _REPLIES if pattern.fullmatch(plain)), None)
