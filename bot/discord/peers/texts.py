"""Texts of the Discord face: finding peers, introductions, and questions that go to peers."""

NO_PROFILE = (
    "For that you need a profile, so that members know who is asking and nobody is shown to strangers. It takes "
    "two minutes, every field is optional, and nobody can find you until you switch that on."
)
MAKE_PROFILE = "Make a profile"
STARTING = "I am just starting up. Please try again in a moment; nothing was lost."

# /peers
PEERS = "Members who do what you are looking for, with reasons"
PEERS_TOPIC = "What you are looking for, in a sentence; if you leave it out, I use your profile"
PEERS_SECTOR = "Only members of this sector"
PEERS_NATION = "Only members in this nation"
PEERS_DIFFERENT = "Only members from another sector or another nation than yours"
SECTOR_TOO = "another sector"
NATION_TOO = "another nation"
PEERS_TITLE = "Members who may help"
MUTUAL = "Each of you has what the other looks for."
NEAREST = "You have not said what you are looking for, so these members are simply close to your own work:"
PAGE = "Page {page} of {pages}, {total} in all. Only you see this."
ASK = "Ask to meet"
TELL_ME = "Tell me when someone fits"
CAN_BE_TOLD = "You can be told when somebody fits."
TOLD_LATER = (
    "I will send you a direct message when somebody fits what your profile says you are looking for. The more "
    "precise it is, the better this works."
)
DO_NOT_TELL = "Do not tell me"
NOT_TOLD = "All right, I will not tell you."
NOT_KEPT = "That list is no longer kept. Please use `/peers` again."

# Asking to be introduced
ASK_TITLE = "Ask to meet"
ASK_TOPIC = "What is it about?"
ASK_TOPIC_HELP = "A sentence, if you like. They read it with your profile."
ASKED = (
    "I have asked them. They see your profile and what you wrote, and can say yes, not now, or nothing at all. If they "
    "say yes, you will both hear from me at once. If there is no answer within {days}, I will tell you so. It would "
    "say nothing about you."
)
BOTH_ASKED = "They have asked to meet you too, so I am introducing you now."

REQUEST_TITLE = "{name} would like to meet you"
ABOUT = "What it is about: “{topic}”"
WORKS_ON = "They work on: {text}"
OFFERS = "They can offer: {text}"
LOOKS_FOR = "They are looking for: {text}"
REQUEST_NOTE = (
    "If you do not accept, they are never told: to them it looks as if you had not answered. If you do, they see who "
    "you are here, and you can write to each other."
)
ACCEPT = "Accept"
NOT_NOW = "Not now"
BLOCK = "Block"
ACCEPTED = "Thank you. I am introducing you now: look out for a message or a private thread."
DECLINED = "All right. They will not be told. If you change your mind, `/peers` may show them to you."
BLOCKED = "Blocked: you will no longer be shown to each other, and nobody but you knows. You can take it back."
UNBLOCK = "Take it back"
UNBLOCKED = "Taken back. You may now be suggested to each other again."
ALREADY_OVER = "That is over, or they are no longer here. There is nothing left for you to do."

INTRODUCED_TITLE = "You have been introduced"
WRITE_TO = "Here they are: {mention}. Select the name to write to them."
WRITES_FIRST = "Please write first. A line about yourself and one question is enough."
THEY_WRITE = "They have been asked to write first."
THREAD_NAME = "Introduction"
THREAD_NOTE = (
    "Only you two are in this thread, though this server's moderators can open it. I read nothing that you write here, "
    "not even when you mention me: `/ask` answers you, and nobody else sees it. To pause or stop introductions, use "
    "`/profile`."
)
WRITE_BY_MAIL = (
    "They are not on Discord. What you write here reaches them by email, and their replies reach you here; neither of "
    "you sees the other's address."
)
WRITE = "Write to them"
WRITE_TO_ONE = "Write to somebody who is not on Discord"
LETTER_TITLE = "Your message"
LETTER_TEXT = "What would you like to write?"
LETTER_HELP = "It goes to them by email, with your name. I keep it only until it has arrived."
LETTER_SENT = "It is on its way."
LETTER_FROM = "{name} has written to you:"
LETTER_LOST = (
    "What you wrote to a member you were introduced to could not be delivered: they cannot be reached at the moment. I "
    "have deleted it."
)
UNREACHABLE = (
    "I could not reach the member you were introduced to: at the moment they accept no direct messages from me. You "
    "can still write to them yourself: {mention}."
)
LAPSED = (
    "You asked to be introduced to somebody, and there was no answer. That happens, mostly because people are busy, "
    "and says nothing about you. `/peers` may show you others."
)

SPOKE = "Two weeks ago I introduced you to {name}. Did you speak?"
CHANGED = "Eight weeks ago I introduced you to {name}. Has it changed anything in your work?"
YES = "Yes"
NO = "No"
NOTED = "Thank you. I have noted that; nobody else is shown your answer."
NOTED_SHARE = (
    "Thank you, that is what the network is for. Others would like to learn from it: I have started a draft for "
    "you, which nobody but you sees until you submit it."
)
SOMEBODY = "somebody"
SOMEBODY_FIRST = "Somebody"
SOMEONE_FITS = "You asked to be told when somebody fits what you are looking for. Now somebody does:"

# Under an answer
RESOURCES_TOO = "In the library:"
WORK_ON_THIS = "{count} can be found here who may be able to help with this"
WORK_ON_POST = "{count} can be found here who may be able to help with this: `/peers` shows who"
SHARED_THIS = "{count} shared work on this"
ONE_MEMBER = "1 member"
SHOW_THEM = "Show who"

# One's own introductions and blocks
INTRODUCTIONS = "My introductions"
INTRODUCTIONS_NONE = "You have not asked to meet anybody yet, and nobody has asked to meet you."
YOU_ASKED = "You asked to meet {name}: {state}"
ASKED_YOU = "{name} asked to meet you: {state}"
BY_COFFEE = "The coffee rota introduced you to {name}"
A_MEMBER = "a member"
YOU_BLOCKED = "You have blocked (only you see this):"
TAKE_BACK = "Take a request back"
TAKEN_BACK = "Taken back. They will not be told."
UNBLOCK_ONE = "End a block"
LISTED = "`{number}` {line}"

# Learning sets as they live
SET_START = "Start one of these sets: a private thread with a poll of dates"
SET_STARTED = "Started: {thread}. {count} are in it; those without Discord were sent a mail with the dates."
SET_MISSING = "{count} could not be added to the thread: are they still on this server?"
SET_STARTED_BEFORE = "That set has been started already, or it is not kept any more. `/sets` makes them anew."
SET_NO_THREAD = (
    "I cannot open a private thread here. Use `/sets` in a text channel in which I may create private threads and "
    "write in them."
)
SET_NO_POLL = (
    "I cannot make a poll here, so nobody could choose a day. Give me the permission Create Polls, then start it again."
)
SET_UNDECIDED = (
    "Nobody has chosen a day in the poll, so none is fixed for your learning set on “{topic}”. If you would like to "
    "meet, agree on a day here. If not, close it with a note."
)
SET_UNDECIDED_ALONE = (
    "Nobody has chosen a day yet on which your learning set on “{topic}” could meet. You still can, in the message "
    "above: the first day that somebody chooses is fixed, and I tell everybody."
)
SET_TITLE = "Learning set: {topic}"
SET_ABOUT = (
    "You look for the same, and come from different places. Below is a poll: choose every day on which you can meet "
    "for an hour and a half. The day that suits most is fixed after a week."
)
SET_AGENDA = "What you could talk about"
SET_POLL = "On which days can you meet?"
SET_CHOSEN = "Thank you. You hear from me when the day is fixed."
SET_DATE = "You meet on **{day}**, on “{topic}”. Agree here on how, and on who brings an example."
SET_OVER = (
    "Your learning set on “{topic}” has met. What came of it? A few sentences are enough, and others in the network "
    "can learn from them."
)
SET_CLOSE = "Close with a note"
SET_NOTE_TITLE = "A closing note"
SET_NOTE = "What came of your learning set?"
SET_NOTE_HELP = "It becomes a draft of an example that only you see until you submit it."
SET_CLOSED = "Thank you. The set is closed."
SET_CLOSED_DRAFT = (
    "Thank you. The set is closed, and your note is a draft of an example now: only you see it until you submit it."
)

# The coffee rota
COFFEE = "A coffee a month with a member from another sector, or a pause from it"
COFFEE_PAUSE = "Pause until this day, for example 2026-09-01"
COFFEE_TITLE = "### Coffee rota"
COFFEE_ABOUT = (
    "Once a month I introduce you to a member from another sort of organisation, never the same one twice. You see "
    "each other's profile and find a time for a coffee, online or in person. There is nothing to prepare."
)
COFFEE_IN = (
    "You take part. You get your next partner on the first working day of the month. If nobody else takes part yet, "
    "you get one as soon as somebody joins."
)
COFFEE_PAUSED = "You pause until {day}. Then you take part again by yourself."
COFFEE_OUT = "You do not take part."
COFFEE_JOIN = "Take part"
COFFEE_LEAVE = "Do not take part any more"
COFFEE_BAD_DAY = "I do not understand “{day}”. Type a day like 2026-09-01."
COFFEE_NOBODY = (
    "This month there was nobody left from another sector for your coffee. Next month you come first. To pause or "
    "leave: `/coffee`."
)

# Questions to peers
ASK_A_PEER = "Ask a peer"
SHARE_EXAMPLE = "Share as an example"
PASSED_ON = (
    "It is on its way to {count}, without your name. I send you a direct message when somebody replies, and when the "
    "library comes to hold an answer."
)
PASSED_ON_NAMED = "It is on its way to {count}, with your name. When somebody replies, I send you a direct message."
SHOW_NAME = "Tell them who asks"
DO_NOT_TELL_ANSWER = "Do not tell me of an answer"
WILL_TELL = "I will tell you when the library has an answer."
QUESTION_TITLE = "Can you help a member?"
QUESTION_FROM = "{name} is asking something that the library could not answer:"
QUESTION_UNNAMED = "A member is asking something that the library could not answer:"
QUESTION_NOTE = (
    "You were chosen because of what your profile says. If you cannot help, just ignore this. Your reply goes to them "
    "with your name."
)
REPLY = "Reply"
REPLY_TITLE = "Your reply"
REPLY_TEXT = "What would you tell them?"
REPLY_SHARE = "May it become an example?"
REPLY_SHARE_HELP = "Then a draft is made of it. Nothing is published before you and a moderator agree."
REPLY_SHARE_YES = "Yes, make a draft of it"
REPLY_SHARE_NO = "No, only for them"
REPLIED = "Thank you. Your reply is on its way."
REPLIED_TO = "Thank you. Your reply is on its way to {name}."
REPLY_DRAFTED = "Your draft of an example is ready, too: only you see it until you submit it."
REPLY_FROM = "{name} has replied to your question:"
DID_IT_HELP = "Did it help?"
HELPFUL = "It helped"
NOT_HELPFUL = "It did not help"
THANKS_HELPFUL = "Thank you. That is good to know."
THANKS_NOT_HELPFUL = "Thank you for saying so. If others reply, I will let you know."
HELPED = (
    "Your reply helped a member. You agreed that it may become a shared example: I have started a draft with it, which "
    "nobody but you sees until you submit it."
)

# What was typed is not lost
REFUSED = "{reason}\nWhat you typed is kept for a week."
OPEN_AGAIN = "Open the form again"

# /sets
SETS = "Learning sets: groups of members who are looking for the same thing"
SETS_SIZE = "How many members in a set, from..to, such as 6..8"
SETS_PER_ORGANISATION = "The most members of one organisation in a set"
SETS_KEEP_APART = "A member to keep out of another member's set: choose the other in apart_from"
SETS_APART_FROM = "The member whose set keep_apart must not be in"
SETS_TITLE = "Learning sets"
SETS_QUESTION = "First question: {question}"
SETS_UNPLACED = "**{count} without a set**: {reason}\n-# {names}"
SETS_FILE = "The whole list is in the file."
SETS_BAD_SIZE = "“{size}” is not a range. Write 6..8, for example."
SETS_TWO = "Choose two different members to keep apart, or none."

PROFILE = "Your profile for finding peers: create it, change it, be found or not, pause or leave"
AGREE = "I agree, continue"
PROFILE_NOT_NOW = "Not now"
NOTHING_KEPT = "All right, nothing was kept. `/profile` is there whenever you like."
CONSENT_CHANGED = "The text has changed since you saw it. Please read it again:"
FORM_KEPT = (
    "What you typed is not part of your profile yet. I will keep it for a week: it comes up again when you agree, and "
    "is deleted at once if you choose “Not now”."
)
CONSENT_FOOT = "Everything in a profile is optional, and it takes less than five minutes."

TITLE = "Your profile"
FINDABLE = "You can be found: members you may be able to help see your name, role, organisation and what you wrote."
NOT_FINDABLE = "You cannot be found: nobody but you sees this profile, except members whom you ask to meet."
PAUSED = (
    "You are paused: you are suggested to nobody, and nobody sees you. (I also do this when my messages cannot reach "
    "you, or when you have left the servers that I work for.)"
)
THIN = "It does not say much yet. A sentence about what you are looking for makes the best matches."
WAITING = "I will tell you when somebody fits."
EMPTY = "not said"
FIELDS = {
    "display_name": "Name shown",
    "role": "Role",
    "organisation": "Organisation",
    "sector": "Sector",
    "nation": "Nation",
    "region": "Region",
    "pillars": "Pillars",
    "level": "Level",
    "stage": "Stage",
    "working_on": "Working on",
    "can_offer": "Can offer",
    "looking_for": "Looking for",
}
HELP = {
    "sector": "What sort of organisation you work for",
    "pillars": "What your anchor work is about; several if you like",
    "level": "The scale that you work at",
    "stage": "How far along your anchor work is",
    "working_on": "For example: supported internships with two colleges",
    "can_offer": "For example: our contract clauses; a visit; half an hour's call",
    "looking_for": "For example: how others measured what changed",
    "region": "For example: North West, Fife, Gwent",
    "requests": "How many members a month may ask to meet you",
}
REQUESTS = "Requests a month"
USUAL_REQUESTS = "The usual number"
FORMS = {"about": "Where you are", "words": "Your work in your words", "name": "Name, region, requests"}
BUTTONS = {"about": "Sector, place, stage", "words": "My work in words", "name": "Name, region, requests"}
BE_FOUND = "Let members find me"
DO_NOT_BE_FOUND = "Do not let members find me"
PAUSE = "Pause"
RESUME = "End the pause"
LEAVE = "Leave"
FIND = "Find members"
LEAVE_SURE = (
    "This deletes your profile, your introductions and your questions to members, at once and for good. Shared "
    "examples and forum posts stay; `/forget-me` deletes everything."
)
LEAVE_YES = "Delete my profile"
LEFT = "Your profile and everything that belonged to it have been deleted."
STAY = "Keep it"
CHOOSE = "Choose, or leave it"

# What ends with time
LEFT_SERVERS = (
    "You have left the servers that I work for, so I have paused your profile: you are suggested to nobody, and nobody "
    "sees you. Nothing is deleted. Once you are back on one of them, you can end the pause. `/forget-me` deletes "
    "everything."
)
EXPIRES = (
    "You have not been here for a long time. I will delete your profile on {date}, with your introductions and your "
    "questions to members. If you would like to keep it, one press is enough."
)
KEEP_PROFILE = "Keep my profile"
RENEW = (
    "A year ago you agreed to what is kept of your profile, and who sees it. Do you still agree? If I do not hear from "
    "you in {days} days, nobody will see your profile until you do. Nothing is deleted."
)
RENEW_FIRST = "You agreed to this a year ago or more. Please read it again, and say whether you still agree:"
RENEW_YES = "I still agree"
RENEW_READ = "Read it first"
