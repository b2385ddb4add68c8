"""Texts of the web page: British English, plain words."""

from bot.texts import welcome
from knowledge.answering.wording import GREETING
from knowledge.digest.storage.protocols import Frequency
from knowledge.domain.examples import Action
from knowledge.domain.vocabulary import Credit, ExampleState, FeedbackReason
from knowledge.examples import messages
from knowledge.privacy.member_data import Published

NAME = "HALN Assistant"
NETWORK = "Health Anchors Learning Network"

NOT_FOUND = "Page not found"
NOT_FOUND_LINE = (
    "Check the address, or start from the home page. What you look for may have been taken out of the library."
)
NOT_ALLOWED = "You cannot do that"
NOT_POSSIBLE = "That is not possible"
NOT_POSSIBLE_LINE = "Go back and try it another way."
EXAMPLE_GONE = "This example is not here any more. It may have been withdrawn."
TOO_MANY = "One moment, please"
TOO_MANY_LINE = "That was too often in a short time. Try again in {seconds} seconds."
BUSY = "The library is busy"
BUSY_LINE = "Nothing was lost. Try again in a moment (reference {reference})."
CROWDED = "Many are asking at the moment"
CROWDED_LINE = "Many are asking at the moment. Nothing was lost: send it again in half a minute."
FAILED = "Something went wrong"
FAILED_LINE = (
    "It is not your fault, and it has been noted. Try again; if it happens again, tell the moderators: {reference}."
)
FORGED = "Please send that again"
FORGED_LINE = "The form was too old, or did not come from this page. Go back, load the page anew and send it again."
TOO_LARGE = "That is too much"
TOO_LARGE_LINE = "What you sent is larger than this page takes. Send less text."
WRONG_HOST = "This address does not lead here. The operator sets it with HALN_WEB_URL."

FOLLOW_TITLE = "Tell me when there is an answer"
FOLLOW_BUTTON = "Tell me when there is an answer"
FOLLOW_HINT = "You get one mail to confirm the address, and one with the answer. Then the address is deleted."
FOLLOW_HERE = "You are told when the library has an answer. The wish is kept as long as the question: {days} days."
FOLLOW_SENT = (
    "If mail can be sent to this address, a message with a link is on its way. Nothing more is sent until you open it."
)
FOLLOW_CONFIRMED = "Thank you. You get one mail when the library has an answer; then your address is deleted."
FOLLOW_STOPPED = "You are not told, and your address is deleted."
FOLLOW_EXPIRED = "This link is not valid any more. Ask again, and choose to be told once more."
FOLLOW_FAILED = "The mail server cannot be reached, so nothing was sent. Try again in a few minutes."
FOLLOW_HELD = "You asked to be told when the library could answer this. Now it can:"
SIGN_IN_TO_ASK = "to pass this question on to members who may know, with one press."
PROFILE_TO_ASK = "and you can pass this question on to members who may know, with one press."
PEOPLE_ONE = "1 member can be found here who may be able to help with this."
PEOPLE = "{count} members can be found here who may be able to help with this."
PEOPLE_SHOW = "Show who"
ASK_A_PEER_HINT = "It goes to up to three members who work on such things, without your name. You hear of each reply."
PASSED_ON = "Passed on to members who may help ({count}), without your name. You are told when somebody replies."
PASSED_ON_NOBODY = "Nobody can be found now who may help with this. You are told when the library has an answer."
FOLLOW_CONFIRM_SUBJECT = "Shall we tell you when there is an answer?"
FOLLOW_CONFIRM_MAIL = """\
Hello,

Somebody, we hope it was you, asked HALN Assistant to tell this address when its library has an answer to a question.

To be told, open this link within a day and press "Yes, tell me":

{link}

If it was not you, do nothing: the address is deleted tomorrow.

HALN Assistant, Health Anchors Learning Network
"""
FOLLOW_SUBJECT = "There is an answer to your question"
FOLLOW_MAIL = """\
Hello,

You asked to be told when the library could answer this. Now it can.

Your question: {question}

{answer}

Where it says so:
{sources}
"""
FOLLOW_WHERE = "\nThe answer, with each passage marked: {address}\n"
FOLLOW_OVER = "\nYou are not told again, and your address is deleted now.\n"
ASK_TITLE = "Ask the library"
ASK_HINT = "For example: How do we get started? Do not name patients or colleagues."
ASK_EMPTY = "Enter a question"
ASK_LONG = "Your question must be {most} characters or fewer"
WELCOME = (welcome.GREETING, GREETING, welcome.EVIDENCE, welcome.LIBRARY_LANGUAGE)
READING = "Reading the library ..."
EXAMPLES = (
    "How do we get started?",
    "How long until we see results?",
    "How do we get our board on board?",
)
QUOTED = "Every sentence above is quoted from the source beside it."
FIND_PEOPLE = "To find members who have done this, see Peers."
FEEDBACK_REASONS = tuple(FeedbackReason)
FEEDBACK_THANKS = "Thank you. Your feedback has been noted."
CHANGED = "Some of what this answer quoted is no longer in the library and has been taken out."
PASSAGE_GONE = "The passage that was cited is not in this document any more. The whole text is below."

API_OFF = "The interface for programs is switched off. The operator switches it on with HALN_WEB_API_TOKEN."
API_TOKEN = "Send the operator's token: Authorization: Bearer TOKEN."  # noqa: S105 - a text
API_ABOUT = "Answers, passages and documents of the library, as the pages show them."
ABOUT_TITLE = "About, privacy and accessibility"
SEARCH_TITLE = "Search"
SEARCH_EMPTY = "Enter a few words"
BROWSE_TITLE = "Browse the library"
MEASURE_TITLE = "What others measured"
MEASURE_HINT = "For example: we offer entry jobs to local people. Nothing of it is kept."
EVENTS_TITLE = "Events"
NO_EVENTS = "There is nothing coming up in the network's calendar."
NO_CALENDAR = "The library has no calendar of events yet."
FILTERS = {
    "pillar": "Pillar",
    "nation": "Nation",
    "outcome": "How it went",
    "kind": "Kind",
    "evidence": "What it rests on",
    "stage": "For which stage",
    "level": "Level",
    "measured": "How it was measured",
}

SIGN_IN_TITLE = "Sign in"
SIGN_IN_ADDRESS = "Enter an email address, like name@example.org"
SIGN_IN_CLOSED = (
    "Nobody can sign in here. The operator can switch it on (HALN_WEB_MEMBERS and HALN_MAIL_SERVER, or "
    "HALN_DISCORD_CLIENT_ID)."
)
SIGN_IN_SENT = (
    "If this address may sign in, a mail with a link is on its way. The link works once, for {minutes} minutes. "
    "Look in your junk folder, too."
)
SIGN_IN_FAILED = "The mail server cannot be reached, so no link was sent. Try again in a few minutes."
SIGN_IN_EXPIRED = "This link has been used already, or it is older than {minutes} minutes. Ask for a new one."
SIGN_IN_FIRST = "Sign in to see this page."
MAIL_SUBJECT = "Your sign-in link for HALN Assistant"
MAIL_BODY = """\
Hello,

Somebody, we hope it was you, asked to sign in to HALN Assistant with this address.

Open this link and press "Sign in". It works once, for {minutes} minutes:

{link}

If it was not you, do nothing: without the link nobody can sign in.

HALN Assistant, Health Anchors Learning Network
"""

DISCORD_OFF = "Signing in by Discord is switched off. The operator switches it on with HALN_DISCORD_CLIENT_ID."
DISCORD_STATE = "This sign-in was begun elsewhere, or more than ten minutes ago. Begin again from the sign-in page."
DISCORD_STRANGER = (
    "Discord knows you, but you are on none of the network's servers there. Join one first, or sign in by mail."
)
DISCORD_DOWN = (
    "Discord does not answer, so it cannot say who you are. Try again in a few minutes, or sign in by mail if you have "
    "joined an address."
)
JOIN_TITLE = "Join your two accounts"
JOIN_ADDRESS_TITLE = "Join a mail address"
JOIN_ELSEWHERE = (
    "This link joins an address to a Discord account. Open it in the browser in which you are signed in by Discord. "
    "If you did not ask for it, close this page: nothing has happened."
)
JOIN_MAIL_BODY = """\
Hello,

Somebody, we hope it was you, who is signed in to HALN Assistant by Discord, asked to join this address to that account.

Open this link in the same browser and press "Join this address". It works once, for {minutes} minutes:

{link}

If it was not you, do nothing: nothing is joined without the link.

HALN Assistant, Health Anchors Learning Network
"""
SHARE_TITLE = "Share an example"
SHARE_CHECK_TITLE = "Check your example"
SHARE_FIELDS = {
    "title": "A title, if you like",
    "what": "What did you do?",
    "for_whom": "For whom, and why?",
    "what_happened": "What happened?",
    "differently": "What would you do differently?",
    "measured": "How was it measured?",
    "indicator": "What did you measure?",
    "baseline": "What was it before?",
    "measured_period": "Over which time did you follow it?",
    "pillars": "Which pillars is it about?",
    "outcome": "How did it go?",
    "level": "At which level?",
    "nation": "Where?",
    "region": "In which region?",
    "happened": "When did it happen?",
    "organisation": "Your organisation",
    "name": "Your name",
    "credit": "How should readers be told who it is from?",
    "clearance": "Is your organisation happy for this to be shared?",
}
SHARE_NEEDED = {
    "title": "a title",
    "what": "what you did",
    "for_whom": "for whom and why",
    "what_happened": "what happened",
    "differently": "what you would do differently",
    "measured": "how it was measured",
    "outcome": "how it went",
    "credit": "how you wish to be credited",
    "organisation": "the organisation to be credited",
    "clearance": "that your organisation is happy for it to be shared",
}
SHARE_INCOMPLETE = "Something is still needed before you can submit it"
CREDITS = {
    Credit.NAMED: "My name and my organisation",
    Credit.ORGANISATION: "My organisation only (your name is shown to nobody, moderators included)",
    Credit.ANONYMOUS: "Anonymous (nobody is told who gave it, moderators included)",
}
STATES = {
    ExampleState.DRAFT: "draft",
    ExampleState.SUBMITTED: "waiting for a moderator",
    ExampleState.IN_REVIEW: "a moderator is looking at it",
    ExampleState.CHANGES_REQUESTED: "a moderator asks for changes",
    ExampleState.APPROVED: "approved, and published in a moment",
    ExampleState.PUBLISHED: "published",
    ExampleState.APPLIED: "correction published",
    ExampleState.DECLINED: "declined",
    ExampleState.WITHDRAWN: "withdrawn",
}

QUEUE_TITLE = "Examples to review"
MODERATORS_ONLY = "This page is for the moderators. The operator names them with HALN_WEB_MODERATORS."
CHOOSE_DECISION = "Choose a decision"
REASON_NEEDED = "Write a reason: its author reads it"
ACTIONS = {
    Action.START: "Begun",
    Action.EDIT: "Changed by its author",
    Action.SUBMIT: "Handed in",
    Action.CLAIM: "A moderator took it on",
    Action.RELEASE: "Left to others",
    Action.APPROVE: "Approved",
    Action.REQUEST_CHANGES: "Changes asked for",
    Action.DECLINE: "Declined",
    Action.MERGE: "Merged into another one",
    Action.TAG: "Tags corrected",
    Action.PUBLISH: "Published",
    Action.CREDIT: "Credit changed",
    Action.CONFIRM: "Confirmed that it still holds",
    Action.CORRECT: "Corrected",
    Action.APPLY: "Correction published",
    Action.WITHDRAW: "Taken back",
}
MERGE_INTO = "Choose the example that says the same, or enter its number"
MERGE_OTHER = "Another one"
TAGS_WRONG = "Choose tags from the lists"
CONFIRM_NEEDED = "Confirm each thing that may identify somebody, or ask for changes"
DECIDED = {
    "approve": "Approved. It is in the library.",
    "request_changes": "Its author is asked for changes.",
    "decline": "Declined. Its author is told why.",
    "merge": "Merged. Its author is told that both count as one.",
    "withdraw": "Taken down. Nobody finds it any more, and its author is told why.",
    "tagged": "The tags are saved.",
}

MY_DATA_TITLE = "My examples and my data"
FORGET_SURE = "Tick the box to say that you are sure"
FORGET_CHOICES = {
    Published.WITHOUT_NAME: "Leave my published examples in the library without my name",
    Published.AS_THEY_ARE: "Leave my published examples as they are, with the name they show",
    Published.WITHDRAWN: "Take my published examples out of the library",
}
FORGOTTEN = "You are forgotten"
FORGOTTEN_LINE = "Everything that was kept about you has been deleted, and you are signed out."

DIGEST_TITLE = "Your digest"
DIGEST_CHOICES = {
    "weekly:email": "Once a week, by email to {email}",
    "monthly:email": "Once a month, by email to {email}",
    "weekly:direct": "Once a week, as a direct message on Discord",
    "monthly:direct": "Once a month, as a direct message on Discord",
    "none": "Not at all",
}
DIGEST_CHOOSE = "Choose how you would like to get it"
DIGEST_CHOSEN = {
    Frequency.WEEKLY: "Saved. Your first digest comes in a week, on a working day, if there is something new.",
    Frequency.MONTHLY: "Saved. Your first digest comes in a month, on a working day, if there is something new.",
}
DIGEST_STOPPED = "Your digest is stopped. Nothing more is sent."
DIGEST_DONE = {**{frequency.value: said for frequency, said in DIGEST_CHOSEN.items()}, "none": DIGEST_STOPPED}
DIGEST_STOP_TITLE = "Stop the digest"
DIGEST_CONFIRM_TITLE = "Get the digest here"
DIGEST_LINK_OLD = "This link is not valid any more. Choose your digest again: here, or on Discord with /digest."

NOTIFICATION_SUBJECT = "Your example: {title}"
MODERATORS_SAID = "What the moderators said:"
NOTIFICATION_WHERE = "To see or change it, sign in: {address}"
NOTIFICATION_HERE = "To see or change it, sign in on the web page of HALN Assistant."
NOTIFICATIONS = {
    messages.CHANGES_REQUESTED: "The moderators have looked at your example “{title}” and ask for changes.",
    messages.DECLINED: "The moderators have decided not to publish your example “{title}”. Thank you for sharing it.",
    messages.MERGED: (
        "Your example “{title}” says the same as another one, so the two now count as one. Thank you: it shows that "
        "more than one place does this."
    ),
    messages.PUBLISHED: "Your example “{title}” is published: members can find it now. Thank you.",
    messages.TAKEN_DOWN: "A moderator has taken your example “{title}” down. Nobody can find it any more.",
    messages.CORRECTED: "The moderators have corrected your example “{title}”. Please look at how it reads now.",
    messages.APPLIED: "Your correction of “{title}” is published. Thank you.",
    messages.STILL_HOLDS: "You shared “{title}” some time ago. If it does not hold any more, please withdraw it.",
    messages.HELPED: "Your example “{title}” has helped others. Thank you for sharing it.",
}

INSIGHTS_TITLE = "Insights"
INSIGHTS_DONE = {
    "settled": "Dealt with.",
    "gone": "This question is not kept any more.",
    "asked": "Members were asked. Their replies reach you as replies to a question of yours.",
    "kept": "Kept. Whoever asks this gets your answer first, marked as checked by a person.",
    "removed": "The answer was removed.",
}
GAP_TITLE = "What can be done about this question"
CURATED_TITLE = "Checked answers"
CURATED_NEW = "Write an answer"
CURATED_EDIT = "Check or change an answer"
