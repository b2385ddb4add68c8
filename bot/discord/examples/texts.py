"""Texts of the Discord face: sharing an example, and what its author is told."""

from knowledge.domain.examples import Action
from knowledge.domain.vocabulary import Credit, ExampleState
from knowledge.servers.types import SaveRefusal

SHARE = "Share an example of your work, including one that did not go to plan (five minutes)"
SHARE_FILE = "A document that describes it already: Word, PDF, Markdown, text ..."
SHARE_LINK = "A web page that describes it already"
MINE = "What you have shared, how far it has got, and how to change or withdraw it"
SAVE = "Save as example"

FORM_TITLE = "Share an example"
QUESTIONS = {
    "what": ("What did you do?", None),
    "for_whom": ("For whom, and why?", None),
    "what_happened": ("What happened?", "What did not go to plan helps others just as much."),
    "differently": ("What would you do differently?", None),
    "measured": ("How was it measured?", "“Not measured” is an answer, too."),
}
DETAILS_TITLE = "Title, date and credit"
DETAILS = {
    "title": ("A title, if you like", "Without one, the first words are shown."),
    "happened": ("When did it happen?", "2023, March 2023, or March 2022 to June 2024"),
    "region": ("In which region?", "For example North West, or Gwent"),
    "organisation": ("Your organisation", "Shown only if you choose so."),
    "name": ("Your name", "Shown only if you choose so."),
}
MEASURE_TITLE = "How it was measured"
MEASURE = {
    "indicator": ("What did you measure?", "For example the share of suppliers that are local"),
    "baseline": ("What was it before?", "For example 35% in April 2020"),
    "measured_period": ("Over which time did you follow it?", "For example April to September 2020"),
}

GO_ON = "You have a draft that you have not submitted yet: “{title}”, last changed {when}. Nothing in it is lost."
GO_ON_UNTITLED = "You have a draft that you have not submitted yet, last changed {when}. Nothing in it is lost."
GO_ON_BUTTON = "Continue"
START_NEW = "Start a new one"
CARD_TITLE = "Your example"
NEEDED = "**Still needed:** {fields}."
NOT_SUBMITTED = "**Not submitted yet.** Still needed: {fields}."
COMPLETE = "Everything needed is there. Check it below, then press **Submit**."
KEPT = "Each step is saved at once: you can close this and carry on with `/share` at any time."
FAILURES_WELCOME = "Examples that did not go to plan are just as welcome: they save others the same trouble."
CHANGES_KEPT = "Changes are saved at once, and moderators see them."
READ_FROM = "I have read this from {source}. Please check it: some of it may be under the wrong question."
WAS_CUT = "It was too long to fit, so some of it has been cut."
TAGS_NOT_READ = "I did not understand what it says about {fields}. Please choose it below."
NO_DATE = (
    "-# You have not said when it happened. Readers like to know, so that nobody takes old work for new: press "
    "“Title, date and credit”."
)
DATE_NOT_READ = "I could not tell when it happened from “{typed}”, so the date is as it was. {reason}"
DATE_WRITTEN = "Write it as 2023, March 2023, or March 2022 to June 2024; it cannot be in the future."
CORRECTION_TITLE = "Your correction of “{title}”"
CORRECTION_STAYS = "What is published stays as it is until a moderator has approved this."
CORRECTION_NOTHING = "Nothing has been changed yet."
FIELDS = {
    "title": "title",
    "what": "what you did",
    "for_whom": "for whom and why",
    "what_happened": "what happened",
    "differently": "what you would do differently",
    "measured": "how it was measured",
    "indicator": "what was measured",
    "baseline": "what it was before",
    "measured_period": "over which time it was measured",
    "pillars": "the pillars",
    "level": "the level",
    "nation": "the nation",
    "region": "the region",
    "happened": "when it happened",
    "happened_from": "when it began",
    "happened_to": "when it ended",
    "outcome": "how it went",
    "credit": "how you wish to be credited",
    "organisation": "the organisation to be credited (press “Title, date and credit”)",
    "clearance": "that your organisation is happy for it to be shared",
}
CHOOSE_PILLARS = "Which pillars is it about? (optional)"
CHOOSE_OUTCOME = "How did it go?"
CHOOSE_LEVEL = "At which level? (optional)"
CHOOSE_NATION = "Where? (optional)"
CHOOSE_CREDIT = "How should readers be told who it is from?"
CHOOSE_CLEARANCE = "Is your organisation happy for this to be shared?"
CREDITS = {
    Credit.NAMED: ("Named: my name and my organisation", "The name is the one under “Title, date and credit”."),
    Credit.ORGANISATION: ("My organisation only", "Your name is shown to nobody, moderators included."),
    Credit.ANONYMOUS: ("Anonymous", "Nobody is told who gave it, moderators included."),
}
CLEARANCE_YES = "Yes: my organisation is happy for this to be shared"
CLEARANCE_NO = "Not yet"
PERSONAL = (
    "**This may identify somebody.** Patients and colleagues must not be recognisable. Take it out if you can; it is "
    "underlined below: {found}."
)
PERSONAL_PLACE = "{label} in “{field}”"
DUPLICATES = "**Something very like it is already here.** You can still submit yours; a moderator decides."
DUPLICATE_HIDDEN = "an example that is waiting for review"
DUPLICATE_LINE = "{title} ({similarity:.0%} alike)"
READ_DUPLICATE = "Read: {title}"
PREVIEW = "How it will look"
EDIT = "Edit text"
EDIT_DETAILS = "Title, date and credit"
EDIT_MEASURE = "How it was measured"
CORRECT = "Correct it"
READ = "Read it all"
SUBMIT = "Submit"
DISCARD = "Discard"
DISCARD_SURE = "Delete this draft for good? Nothing of it is kept."
DISCARD_YES = "Yes, delete it"
KEEP = "No, keep it"
DISCARDED = "The draft has been deleted."
SUBMITTED = (
    "Thank you. Your example is with the moderators now. I will send you a direct message when they have looked at it. "
    "Until it is approved you can change it, and you can withdraw it at any time: `/my-examples`."
)
NOT_A_DRAFT = "This is no longer a draft. `/my-examples` shows how far it has got."
TOO_LATE_TO_EDIT = "This example can no longer be changed. You can still withdraw it with `/my-examples`."
CORRECTION_SUBMITTED = (
    "Thank you. Your correction is with the moderators now. What is published stays until they approve it; I will send "
    "you a direct message."
)
NOT_YOURS = "Only its author can do that."
NOT_NOW = "That is taking a little longer than usual. Please try again."
FILE_OR_LINK = "Give either a file or a link, not both."
FILE_TOO_LARGE = "That file is larger than {most} MB. Please share a smaller one, or type it with `/share`."
NOT_READ = "I could not read that: {reason} You can type it with `/share` instead."

MINE_TITLE = "What you have shared"
MINE_NONE = "You have not shared an example yet. `/share` takes five minutes; what did not work helps just as much."
MINE_CHOOSE = "Choose one to see or change"
MINE_LINE = "{title}\n-# {state}{used}"
USED = ", used in {answers} answers this month"
USED_ONCE = ", used in 1 answer this month"
BACK = "All my examples"
SEE = "See it"
WITHDRAW = "Withdraw"
WITHDRAW_SURE = "Withdraw “{title}”? From then on no search will find it, and it cannot be brought back."
WITHDRAW_YES = "Yes, withdraw it"
WITHDRAWN = "Withdrawn. Nobody can find it any more."
HOLDS = "It still holds"
HELD = "Thank you. I will ask you again after {date}."
CREDIT_CHANGED = "Your credit has been changed everywhere it is shown."
LAST_REASON = "What the moderators said: {reason}"
STATES = {
    ExampleState.DRAFT: "draft: only you see it",
    ExampleState.SUBMITTED: "waiting for a moderator",
    ExampleState.IN_REVIEW: "a moderator is looking at it",
    ExampleState.CHANGES_REQUESTED: "the moderators have asked for changes",
    ExampleState.APPROVED: "approved; searches will find it in a moment",
    ExampleState.PUBLISHED: "published: searches find it",
    ExampleState.APPLIED: "the correction is published",
    ExampleState.DECLINED: "declined",
    ExampleState.WITHDRAWN: "withdrawn",
}

TOLD = {
    "example.changes_requested": (
        "The moderators have looked at your example “{title}” and ask for changes:\n> {reason}\n"
        "Once you have changed it, it goes back to them automatically."
    ),
    "example.declined": (
        "The moderators have decided not to publish your example “{title}”:\n> {reason}\n"
        "Thank you for having shared it. You are welcome to share another one."
    ),
    "example.merged": (
        "Your example “{title}” says the same as another one, so the two now count as one. Thank you: it shows that "
        "more than one place does this."
    ),
    "example.published": (
        "Your example “{title}” is published: members can now find it with `/ask`. Thank you. You can withdraw it "
        "at any time."
    ),
    "example.taken_down": "A moderator has taken your example “{title}” down. Nobody can find it any more:\n> {reason}",
    "example.corrected": (
        "The moderators have corrected your example “{title}”. Press the button to see how it reads now. You can "
        "correct it yourself, or withdraw it, at any time."
    ),
    "example.applied": "Your correction of “{title}” is published. Thank you.",
    "example.still_holds": (
        "You shared “{title}” some time ago. Does it still hold? If it does not any more, you can withdraw it."
    ),
}
TOLD_OF_CORRECTIONS = {
    "example.changes_requested": (
        "The moderators have looked at your correction of “{title}” and ask for changes:\n> {reason}\n"
        "When you have changed it, it goes back to them by itself. What is published stays."
    ),
    "example.declined": (
        "The moderators have decided not to publish your correction of “{title}”:\n> {reason}\n"
        "What is published stays as it is."
    ),
}
HELPED_FIRST = "Your example “{title}” has helped somebody for the first time. So far it was used in {times}."
HELPED_MONTH = "Your example “{title}” was used in {times} in {month}. Thank you for sharing it."
ANSWER, ANSWERS = "1 answer", "{number} answers"

ASKED_OWN_EMPTY = "That message has no text. You can type your example with `/share`."
SOLVED_POST = (
    "### A question was solved in the forum\n{post}\nIf others could learn from it, ask whoever wrote the answer for a "
    "draft. Nothing of it is kept unless they agree."
)
SOLVED_BY_TAG = (
    "### A question was solved in the forum\n{post}\nIts tag says so. Nobody has said which reply solved it."
)
SOLVED_UNKNOWN = "Nobody has said which reply solved this, so there is nobody to ask for a draft."
SOLVED_DRAFT = "Ask for a draft"
SOLVED_GONE = "That message is gone, or I may not read it. You can still open the post."
ASK_OTHERS = "I am asking the member who wrote it. Nothing of it is kept unless they agree."
ASK_LATER = "I will ask the member who wrote it as soon as I can. Nothing of it is kept unless they agree."
ASKED_BEFORE = "The member who wrote it has already been asked. It is up to them."
ASK_UNREACHABLE = (
    "I could not ask the member who wrote it: they take no direct messages from me. Nothing of their message is kept. "
    "You could ask them yourself to choose “{menu}” in the menu of their message, or to type `/share`."
)
NOT_A_MEMBERS = "That message was not written by a member, so there is nobody to ask."
ASK = (
    "Somebody found a message of yours worth sharing with the whole network as an example:\n{url}\n"
    "**Nothing of it is kept, and nothing happens unless you agree.** If you do, I make a draft of it that only you "
    "see. You change what you like, choose whether you are named, and decide whether to submit it."
)
AGREE = "Yes, make a draft"
REFUSE = "No, thank you"
NEVER_ASK = "Do not ask me again"
NEVER_ASKED = (
    "All right. Nothing was kept, and I will not ask you about messages of yours again. You can still share what you "
    "like with `/share`."
)
ASK_ME_AGAIN = "You may ask me after all"
ASKED_AGAIN = "Thank you. When somebody finds a message of yours worth sharing, I will ask you."
_CANNOT_ASK = (
    "I cannot ask the member who wrote it at the moment. You could ask them yourself to choose “Save as example” in "
    "the menu of their message, or to type `/share`."
)
# The one who wishes it does not learn which of the two it is.
ASK_REFUSED = {
    SaveRefusal.NOT_WANTED: _CANNOT_ASK,
    SaveRefusal.WAS_ASKED_ENOUGH: _CANNOT_ASK,
    SaveRefusal.ASKED_ENOUGH: (
        "You have had {most} members asked today, and that is the most. You can have the next one asked tomorrow."
    ),
}
REFUSED = "All right. Nothing was kept, and you will not be asked about that message again."
AGREED_UNREADABLE = (
    "Thank you. I cannot read that message myself (I see messages only when I am mentioned), so please copy what you "
    "want to share into the form."
)
ANSWERED_ALREADY = "You have already answered this. `/share` and `/my-examples` show your drafts."
OPEN_FORM = "Open the form"

QUEUE = "Examples waiting for a moderator, oldest first"
QUEUE_TITLE = "Examples waiting: {number}"
QUEUE_EMPTY = "No example is waiting for a moderator."
QUEUE_CHOOSE = "Choose one to look at"
QUEUE_REMINDER = (
    "**{number} examples are waiting for a moderator**, the oldest for {days}. `/queue` shows them, oldest first."
)
QUEUE_REMINDER_ONE = "**An example has waited for a moderator for {days}.** `/queue` shows it."
PAGE = "Page {page} of {pages}"
WAITS_TODAY = "arrived today"
WAITS = "has waited for {days}"
DAY, DAYS = "1 day", "{number} days"
QUEUE_CORRECTION = "a correction"
CARD_LINK = "card"
CARD_MOVED = "An example was waiting here. Its card is now in {channel}, the review channel that an admin chose."

TITLE = "An example: {state}"
CREDITED = "Credited to: {credit}"
ORGANISATION_ONLY = "Credited to: {credit}. Only the organisation is to be named; nobody is told who gave it."
ANONYMOUS = "Credited to: {credit}. Its author wishes to be anonymous; nobody is told who gave it."
HAPPENED = "When: {when}"
NOT_SAID = "not said"
NOTHING_CHANGED = "nothing"
REGION = "Region: {region}"
CORRECTS = "A correction of {example}, by {who}. It changes: {changes}"
TAGS = "Tags: {tags}"
NO_TAGS = "Tags: none"
CLAIMED = "{moderator} is looking at it."
CLEARED = "The author says that their organisation is happy for it to be shared."
NO_NAME_MODEL = (
    "-# People's names are looked for here by rules and lists alone: the language model for names is not installed, or "
    "is off. Please read for names yourself."
)
REVIEW_PERSONAL = "**It may identify somebody** (underlined below): {found}"
REVIEW_DUPLICATES = "**Very like it:**"
MERGED = "Merged into {id}."
HISTORY = "{action} by {who}, {when}"
ACTIONS = {
    Action.START: "begun",
    Action.EDIT: "changed",
    Action.SUBMIT: "submitted",
    Action.CLAIM: "claimed",
    Action.RELEASE: "released",
    Action.APPROVE: "approved",
    Action.REQUEST_CHANGES: "sent back for changes",
    Action.DECLINE: "declined",
    Action.MERGE: "merged",
    Action.TAG: "tags changed",
    Action.PUBLISH: "published",
    Action.CREDIT: "credit changed",
    Action.CONFIRM: "confirmed",
    Action.CORRECT: "corrected",
    Action.APPLY: "applied",
    Action.WITHDRAW: "withdrawn",
}
WHO = {"author": "its author", "moderator": "a moderator", "assistant": "the assistant"}
REASON_GIVEN = "Reason given to the author: {reason}"

CONFIRM_TITLE = (
    "**This example holds: {what}.** Everybody who asks will be able to read it. Is it meant to be public, and does "
    "the person it belongs to know? If not, ask its author to take it out. Your name is kept with your decision."
)
CONFIRM = "Publish it with this: {what}"
APPROVE = "Approve"
REQUEST_CHANGES = "Ask for changes"
DECLINE = "Decline"
CLAIM = "Claim"
RELEASE = "Release"
EDIT_TAGS = "Edit tags"
MERGE = "Merge with duplicate"
REVIEW_READ = "Read it all"
TAKE_DOWN = "Take down"

REASON_TITLES = {
    Action.REQUEST_CHANGES: "Ask for changes",
    Action.DECLINE: "Decline",
    Action.WITHDRAW: "Take down",
}
REASON = "Reason"
REASON_HINT = "It goes to the author by direct message, without your name."
TAGS_TITLE = "Tags of “{title}”. Each choice is kept at once."
REVIEW_CHOOSE_PILLARS = "Pillars"
REVIEW_CHOOSE_OUTCOME = "How it went"
REVIEW_CHOOSE_LEVEL = "Level"
REVIEW_CHOOSE_NATION = "Nation"
MERGE_TITLE = "Which example does “{title}” repeat? Its author is told that both count as one."
MERGE_NONE = "I know of no example that says nearly the same as “{title}”. You can name one by its ID."
MERGE_CHOOSE = "Choose the example that stays"
MERGE_OTHER = "Another one ..."
MERGE_FORM = "Merge with another example"
MERGE_ID = "ID of the example that stays"
