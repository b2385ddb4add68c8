"""Texts about matches and introductions for members: British English, plain words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.domain.vocabulary import Sector

if TYPE_CHECKING:
    from knowledge.settings import Settings

# -- what members agree to when they make a profile: another text gets another version, and asks everybody anew

CONSENT_VERSION = "5"
CONSENT = """\
Your profile for finding peers

Who runs this: {operator}.
What is kept: your profile, searches, questions and replies to members; numbers computed from it to find people \
who fit; whom you asked to meet, what came of it, and whom you blocked.
Who sees it: nobody but members whom you ask to meet, until you switch on "findable". From then on members of \
every server that this assistant is registered for, and of its web page, see your name, role, organisation and \
what you wrote, where it fits their needs. Moderators see the same, and never whom you blocked or turned down. \
They can download lists of learning sets with your name, role, organisation, sector, nation, stage and a sentence \
on your needs; a file that they saved outlives your profile.
By mail: without Discord, what is for you comes by email; your address is shown to nobody. What members write to \
each other is passed on, then deleted.
For how long: until you delete it, or have not been here for {days} days; introductions for {introduction_days} \
days.
You decide: pause, change, download or delete everything at any time, at once.
How to complain: {complaints}. In the UK also to the Information Commissioner's Office, ico.org.uk or 0303 123 \
1113."""
NO_OPERATOR = "whoever installed this assistant; a moderator can tell you who that is"
COMPLAIN_HERE = "to whoever runs it, or to a moderator"
COMPLAIN_TO = "to {contact}"

# -- why somebody was suggested

NEAR = "Close to what you are looking for: “{quote}”"
OFFERS = "They offer: “{quote}”"
MUTUAL = "They look for what you do: “{quote}”"
HONOURED = "You asked for somebody {wish}; they are in {place}"
PROFILE_HONOURED = "Your profile asks for somebody {wish}; they are in {place}"
ESTABLISHED = "Their work is established"
SHARED_PILLARS = "You both work on {pillars}"
SAME_LEVEL = "They work at your scale: {level}"
SAME_NATION = "They are in {nation} too"
OTHER_NATION = "They are in {nation}"

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
SAY_MORE = "Your profile does not say what you are looking for. A sentence on it makes better matches."

# -- what cannot be done

NO_PROFILE = "There is no profile with the id {id}. Make one first."
CONSENT_NEEDED = (
    "Nothing was stored: a profile needs its owner's consent. Let them read what is kept, who sees it and how long, "
    "and say yes to it first."
)
CONSENT_AGAIN = (
    "The text that members agree to has changed, or you agreed to it more than a year ago. "
    "Read it and agree to it first."
)
WITHDRAW_BY_FORGETTING = "Consent is withdrawn by deleting the profile. Nothing was changed."
PAUSED = "You are paused, so nobody can be introduced to you. End the pause first."
CANNOT_ASK = "That member cannot be asked for an introduction now. Your matches show who can."
ASKED_ALREADY = (
    "You have asked that member already; nobody is asked twice within three months. You can ask again from {date}."
)
TOO_MANY_OPEN = (
    "{most} of your requests are waiting for an answer, and that is the most. Wait for one of them, or take one back: "
    "your introductions list them."
)
TOO_MANY_ASKED = (
    "You have asked {most} members in the last {days} days, and that is the most. "
    "You can ask the next one in a few days."
)
TOO_MANY_QUESTIONS_TODAY = (
    "You have passed {most} questions to members today, and that is the most. You can pass on the next one tomorrow."
)
TOO_MANY_QUESTIONS = (
    "You have passed {most} questions to members in the last {days} days, and that is the most. You can pass on the "
    "next one in a few days."
)
TOO_MANY_MESSAGES = (
    "What you wrote before has not arrived yet. Wait until it has: {most} messages at a time are the most."
)
INTRODUCED_ALREADY = "You have been introduced to that member already."
NOT_YOURSELF = "Nobody can be introduced to themselves. Give another member's id."
NO_ID = "{id} cannot be a member's id."
NO_REQUEST = "There is no open request of that kind. It may have been withdrawn, or its time has passed."
NO_QUESTION = "There is no open question of that kind. It may have been answered, or its time has passed."
EMPTY = "The text is empty. Write at least a few words."
TOO_LONG = "The text is too long: it has {length} characters, and {most} is the limit."

# -- introductions

FIRST_LINE = "{writer} and {reader}, you both agreed to meet. {writer}, please write first."
FIRST_LINE_TOPIC = " It is about: “{topic}”"
SOMEBODY = "a member"

# -- questions to peers

NOBODY_TO_ASK = "Nobody who can be asked fits this question yet."

NAME_SHOWN = "Those who reply are told that it is from you."
QUESTION_PASSED_ON = "Members have this question of yours already. Their replies come to you by direct message."

# -- learning sets

SET_REASON = "{size} members who are looking for much the same{from_where}; {experienced}."
SET_REASON_PILLAR = "{size} members who all work on {topic}, with no need in common{from_where}; {experienced}."
SET_SIZE = "A set has {smallest} to {largest} members, and the first number is not above the second: 6..8, for example."
SET_ORGANISATION = "At least one member of an organisation must be allowed in a set."
SET_TOO_FEW = "{count} can be found now; one set needs {smallest}."
SET_TOO_MANY = "Learning sets are made of at most {most} members who can be found, and there are {count}."
NO_SET_TOO_FEW = (
    "There is no set yet: no {smallest} members who can be found are looking for much the same, or work on the same "
    "pillar."
)
NO_SET_BY_RULES = (
    "There is no set yet: {smallest} or more members share {themes}, but no {smallest} of them can be together under "
    "the rules for organisations and for members who are kept apart."
)
SMALLER_MAY_WORK = "Smaller sets may work."
NO_SET_IN_TIME = "No set was found in the time that there was for looking. Try again, or ask for larger sets."
UNPLACED_NO_ROOM = "no set that keeps the rules has room for them"
UNPLACED_TOO_FEW = "too few others are looking for the same, or work on the same pillar"
UNPLACED_SAYS_NOTHING = "their profile names neither what they are looking for nor a pillar"
REGISTERED_AGAIN = "registered twice, it seems: counts as one person with {first}"
NOT_BEST = "There was no time to weigh every possibility: better sets may exist."
EXPERIENCED = "{count} with established work"
NOBODY_EXPERIENCED = "nobody with established work yet"
SET_QUESTION = "What has each of you tried on {topic} so far, and what got in the way?"
SET_QUESTION_ASKED = "One of you asks: “{quote}” What has each of you tried, and what got in the way?"


def from_where(sectors: int, nations: int) -> str:
    """Return from how many sectors and nations members come, as far as they have said: ", from 6 sectors"."""
    said = [counted(number, word) for number, word in ((sectors, "sector"), (nations, "nation")) if number]
    return f", from {' and '.join(said)}" if said else ""


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as people list them: "one", "one and two", "one, two and three"."""
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def counted(count: int, word: str, words: str | None = None) -> str:
    """Return a number of things: "1 sector", "3 sectors"; `words` is a plural that is made otherwise."""
    return f"{count} {word}" if count == 1 else f"{count} {words or f'{word}s'}"


def consent_text(settings: "Settings") -> str:
    """Return the text to agree to."""
    contact = settings.contact
    return CONSENT.format(
        operator=settings.operator or NO_OPERATOR,
        days=settings.member_days,
        introduction_days=settings.introduction_days,
        complaints=COMPLAIN_TO.format(contact=contact) if contact else COMPLAIN_HERE,
    )


COFFEE_TOPIC = "a coffee, online or in person ({month})"
COFFEE_SECTOR = "Say in your profile what sort of organisation you work for: a partner comes from another sort."
COFFEE_NOT_IN = "You do not take part in the coffee rota, so there is nothing to pause."
COFFEE_PAST = "Choose a day in the future, like 2026-09-01."

NO_SET = "There is no such learning set for you, or it is not kept any more."
SET_CHANGED = (
    "The members of this set have changed since it was proposed, so it cannot be started. Please propose sets again."
)
SET_DAY_FIXED = "The day of this learning set is fixed already."
SET_CLOSED = "This learning set is closed already."
SET_AGENDA = (
    "Who we are, and what each of us is trying (20 minutes)",
    "{question} (30 minutes)",
    "One of us tells what did not go to plan, and the others ask (20 minutes)",
    "What each of us will try until the next time, and who writes a note for the network (20 minutes)",
)
