"""What members read about matches and introductions: British English, plain words."""

from knowledge.domain.vocabulary import Sector

# -- why somebody was suggested

ON_TOPIC = "On {topic}, they say: “{quote}”"
NEAR = "Near to what you look for: “{quote}”"
OFFERS = "They offer: “{quote}”"
MUTUAL = "They look for what you do: “{quote}”"
HONOURED = "You asked for somebody {wish}; they are in {place}"
PROFILE_HONOURED = "Your profile asks for somebody {wish}; they are in {place}"
ESTABLISHED = "Their work is established"
SAME_STAGE = "Their work is at the same stage as yours"
SHARED_PILLARS = "You share {pillars}"
SAME_LEVEL = "They work at your scale: {level}"
SAME_NATION = "They are in {nation} too"
OTHER_NATION = "They are in {nation}"

BOTH = "Both: {what}"
BOTH_WORK_ON = "Both work on {what}"
BOTH_LEVEL = "Both work at the same scale: {what}"
BOTH_NATION = "Both are in {what}"
IN_SECTOR = {
    Sector.NHS_TRUST: "an NHS trust or health board",
    Sector.ICS: "an integrated care system",
    Sector.COUNCIL: "a council",
    Sector.HOUSING_ASSOCIATION: "a housing association",
    Sector.UNIVERSITY: "a university",
    Sector.VCSE: "a charity, community group or social enterprise",
    Sector.PRIVATE: "a private company",
    Sector.OTHER: "an organisation of another kind",
}
IN_THE_NHS = "in the NHS"
OUTSIDE_THE_NHS = "outside the NHS"
NOT_IN = "not in {places}"
IN = "in {places}"
OUTSIDE = "outside {places}"

# -- beside the list

NOBODY_FITS = "Nobody here fits that yet."
NOBODY_AT_ALL = "Nobody can be suggested for that yet."
ONLY = "You asked for somebody {wish}: only such members are shown."
PROFILE_ONLY = "Your profile says “{quote}”: only members {wish} are shown."
SAY_MORE = "Your profile does not say what you look for. A sentence there makes better matches."

# -- what cannot be done

NO_PROFILE = "There is no profile with the id {id}. Make one first."
CONSENT_NEEDED = (
    "Nothing was stored: a profile needs its owner's consent. Let them read what is kept, who sees it and how long, "
    "and say yes to it first."
)
CONSENT_AGAIN = "The text that members agree to has changed. Read it and agree to it first."
WITHDRAW_BY_FORGETTING = "Consent is withdrawn by deleting the profile. Nothing was changed."
PAUSED = "You are paused, so nobody can be introduced to you. Resume first."
CANNOT_ASK = "That member cannot be asked for an introduction now. Your matches show who can."
ASKED_ALREADY = "You have asked that member already; nobody is asked twice."
INTRODUCED_ALREADY = "You have been introduced to that member already."
NOT_YOURSELF = "Nobody can be introduced to themselves. Give another member's id."
NO_ID = "{id} cannot be a member's id."
NO_REQUEST = "There is no open request of that kind. It may have been withdrawn, or its time has passed."
NO_QUESTION = "There is no open question of that kind. It may have been answered, or its time has passed."
EMPTY = "The text is empty. Write at least a few words."
TOO_LONG = "The text is too long ({length} characters). {most} are the most."

# -- introductions

FIRST_LINE = "{writer} and {reader}, you both agreed to meet. {writer}, please write first."
FIRST_LINE_TOPIC = " It is about: “{topic}”"
SOMEBODY = "a member"

# -- questions to peers

NOBODY_TO_ASK = "Nobody who can be asked fits this question yet."

QUESTION_PASSED_ON = "Members have this question of yours already. Their replies come to you by direct message."

# -- learning sets

SET_REASON = "{size} members who ask about {topic}, from {sectors} and {nations}; {experienced}."
SET_REASON_PILLAR = "{size} members who work on {topic}, from {sectors} and {nations}; {experienced}."
SET_SIZE = "A set has {smallest} to {largest} members, and no more at least than at most, e.g. 6..8."
SET_ORGANISATION = "At least one member of an organisation must be allowed in a set."
SET_TOO_FEW = "{count} members can be found now; one set needs {smallest}."
EXPERIENCED = "{count} with established work"
NOBODY_EXPERIENCED = "nobody with established work yet"
SET_QUESTION = "What has each of you tried on {topic} so far, and what got in the way?"
SET_QUESTION_ASKED = "One of you asks: “{quote}” What has each of you tried, and what got in the way?"


def counted(count: int, word: str, words: str | None = None) -> str:
    """A number of things: "1 sector", "3 sectors"; `words` is a plural that is made otherwise."""
    return f"{count} {word}" if count == 1 else f"{count} {words or f'{word}s'}"
