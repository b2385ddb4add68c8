"""Texts of the web page about members, and of the mails that they get."""

from knowledge.domain.vocabulary import DueKind
from knowledge.domain.vocabulary import IntroductionState as State

TITLE = "Find members"
PROFILE_TITLE = "Your profile for finding peers"
INTRODUCTIONS_TITLE = "Your introductions"
QUESTIONS_TITLE = "Questions between members"
WITHOUT_PROFILE = (
    "For that you need a profile, so that members know who is asking and nobody is shown to strangers. "
    "It takes two "
    "minutes, every field is optional, and nobody can find you until you switch that on."
)
CONSENT_NEEDED = "Tick the box if you agree; without that nothing is kept"
CONSENT_CHANGED = "The text has changed since you saw it. Read it again"
TOO_LONG = "{label} must be {most} characters or fewer"
TOPIC_LONG = "What you are looking for must be {most} characters or fewer"
FINDABLE = "You can be found: members you may be able to help see your name, role, organisation and what you wrote."
NOT_FINDABLE = "You cannot be found: nobody but you sees your profile, except members whom you ask to meet."
PAUSED = "You are paused: you are suggested to nobody, and nobody sees you."
THIN = "Your profile does not say much yet. A sentence about what you are looking for makes the best matches."
FIELDS = {
    "display_name": "The name that is shown",
    "role": "Your role",
    "organisation": "Your organisation",
    "sector": "What sort of organisation is it?",
    "nation": "In which nation?",
    "region": "In which region?",
    "pillars": "What is your anchor work about?",
    "level": "At which scale do you work?",
    "stage": "How far along is your anchor work?",
    "working_on": "What are you working on?",
    "can_offer": "What can you offer others?",
    "looking_for": "What are you looking for?",
    "requests": "How many members a month may ask to meet you?",
}
HINTS = {
    "region": "For example North West, Fife or Gwent",
    "working_on": "For example supported internships with two colleges",
    "can_offer": "For example our contract clauses, a visit, or half an hour's call",
    "looking_for": "For example how others measured what changed",
}
REQUESTS = (("", "The usual number"), *((str(number), str(number)) for number in (0, 1, 2, 3, 5, 10, 30)))
DIFFERENT = (("sector", "Another sector than mine"), ("nation", "Another nation than mine"))
MUTUAL = "Each of you has what the other looks for."
NEAREST = "You have not said what you are looking for, so these members are simply close to your own work:"
NOT_KEPT = "That list is no longer kept. Search again."
LEAVE_SURE = "Tick the box to say that you are sure"
SAVED = "Saved."
ASKED = (
    "They have been asked. They see your profile and what you wrote, and can say yes, not now, or "
    "nothing at all. If "
    "they say yes, you both hear of it at once; if there is no answer within {days} days, you are told "
    "so. It would say "
    "nothing about you."
)
BOTH_ASKED = "They have asked to meet you too, so you are introduced now."
A_MEMBER = "a member"
STATES = {
    State.ASKED: "waiting for an answer",
    State.ACCEPTED: "introduced",
    State.DECLINED: "not now",
    State.LAPSED: "no answer",
    State.WITHDRAWN: "taken back",
}
OVER = "That is over, or they are no longer here. There is nothing left for you to do."
DONE = {
    "accept": "You are introduced now. Write to each other below.",
    "decline": "All right. They are not told.",
    "block": "Blocked: you are no longer shown to each other, and nobody but you knows.",
    "withdraw": "Taken back. They are not told.",
    "unblock": "Taken back. You may be suggested to each other again.",
    "said": "Thank you. That is noted, and shown to nobody else.",
    "written": "It is on its way. They get it {way}.",
    "replied": "Thank you. Your reply is on its way.",
    "helpful": "Thank you. That is good to know.",
    "left": "Your profile and everything that belonged to it have been deleted.",
}
BY_MAIL, BY_DISCORD = "by email", "on Discord"
NO_MESSAGE = "Write a few words first"
NO_REPLY = "Write a reply first"

GREETING = "Hello,\n\n"
FAREWELL = "\n\nHALN Assistant, Health Anchors Learning Network\n"
WHERE = "Open: {address}"
WHERE_HERE = "To answer, sign in on the web page of HALN Assistant and choose Peers."
SET_ABOUT = (
    "You look for the same, and come from different places. Choose every day on which you can meet for an hour and a "
    "half. The day that suits most is fixed after a week, or as soon as everybody has chosen."
)
SET_CHOSEN = "Thank you. You get a mail when the day is fixed."
SET_CLOSED = "This learning set is closed."
SET_NOTE_HINT = "When you have met. A few sentences become a draft of an example that only you see until you submit it."
COFFEE_TITLE = "Coffee rota"
COFFEE_ABOUT = (
    "Once a month you are introduced to a member from another sort of organisation, never the same one twice. You see "
    "each other's profile and find a time for a coffee, online or in person. There is nothing to prepare."
)
COFFEE_IN = (
    "You take part. You get your next partner on the first working day of the month. If nobody else takes part yet, "
    "you get one as soon as somebody joins."
)
COFFEE_PAUSED = "You pause until {day}. Then you take part again by yourself."
COFFEE_OUT = "You do not take part."
COFFEE_DAY = "Enter a day in the future"
MAILS = {
    "set_started": (
        "A learning set for you: {topic}",
        "You are in a learning set of {size} on “{topic}”. You look for the same, and come from different places.\n\n"
        "What you could talk about:\n{agenda}\n\nPlease choose the days on which you can meet.",
    ),
    "set_date": ("Your learning set meets on {day}", "Your learning set on “{topic}” meets on {day}."),
    "set_undecided": (
        "No day yet for your learning set",
        "Nobody has chosen a day yet on which your learning set on “{topic}” could meet. You still can: the first day "
        "that somebody chooses is fixed, and everybody is told.",
    ),
    "set_over": (
        "What came of your learning set?",
        "Your learning set on “{topic}” has met. What came of it? A few sentences are enough, and others in the "
        "network can learn from them.",
    ),
    "coffee_nobody": (
        "No coffee partner this month",
        "This month there was nobody left from another sector for your coffee. Next month you come first.",
    ),
    DueKind.REQUEST: (
        "{name} would like to meet you",
        "{name} would like to meet you.{topic}\n\n{person}\n\nYou can say yes, not now, or nothing at all. "
        "If you do not "
        "accept, they are never told: to them it looks as if you had not answered.",
    ),
    DueKind.INTRODUCED: (
        "You have been introduced to {name}",
        "You and {name} have both agreed to meet.{topic}\n\n{person}{shared}\n\n{writes} Write to each other through "
        "the web page: neither of you sees the other's address.",
    ),
    DueKind.LAPSED: (
        "No answer to your request",
        "You asked to be introduced to somebody, and there was no answer. That happens, mostly because "
        "people are busy, "
        "and says nothing about you. The web page may show you others.",
    ),
    DueKind.DID_YOU_SPEAK: ("Did you speak?", "Two weeks ago you were introduced to {name}. Did you speak?"),
    DueKind.DID_IT_CHANGE: (
        "Has it changed anything in your work?",
        "Eight weeks ago you were introduced to {name}. Has it changed anything in your work?",
    ),
    DueKind.SOMEONE_FITS: (
        "Somebody fits what you are looking for",
        "You asked to be told when somebody fits what you are looking for. Now somebody does; the web page shows who.",
    ),
    DueKind.QUESTION: (
        "Can you help a member?",
        "{name} is asking something that the library could not answer:\n\n{question}\n\nYou were chosen "
        "because of what "
        "your profile says. If you cannot help, just ignore this. Your reply goes to them with your name.",
    ),
    DueKind.REPLY: ("{name} has replied to your question", "You asked:\n\n{question}\n\n{name} replied:\n\n{reply}"),
    DueKind.PROFILE_EXPIRES: (
        "Your profile will be deleted on {date}",
        "You have not been here for a long time. Your profile will be deleted on {date}, with your "
        "introductions and "
        "your questions to members. If you would like to keep it, sign in and press “Keep my profile”.",
    ),
    DueKind.RENEW_CONSENT: (
        "Do you still agree?",
        "A year ago you agreed to what is kept of your profile, and who sees it. Do you still agree? If you "
        "do not say "
        "so within {days} days, nobody sees your profile until you do. Nothing is deleted.",
    ),
    "letter": (
        "{name} has written to you",
        "{name} has written to you:\n\n{text}\n\nWhat you reply goes to them with your name, and not with your "
        "address.",
    ),
    "letter_lost": (
        "Your message could not be delivered",
        "What you wrote to a member you were introduced to could not be delivered: they cannot be reached at the "
        "moment. It has been deleted.{topic}",
    ),
    "helped": (
        "Your reply helped a member",
        "Your reply helped a member. You agreed that it may become a shared example: a draft with it has "
        "been started "
        "for you, which nobody but you sees until you submit it.",
    ),
}
ABOUT = " It is about: “{topic}”."
FIRST_HINT = "A line about yourself and one question is enough."
YOU_WRITE_FIRST = f"Please write first. {FIRST_HINT}"
THEY_WRITE_FIRST = "They have been asked to write first."
