"""Texts of the Discord face: reviewing examples."""

from knowledge.domain.examples import Action

QUEUE = "Examples that wait for a moderator, the oldest first"
QUEUE_TITLE = "Examples that wait: {number}"
QUEUE_EMPTY = "No example waits for a moderator."
QUEUE_CHOOSE = "Choose one to look at"
QUEUE_REMINDER = (
    "**{number} examples wait for a moderator**, the oldest for {days}. `/queue` shows them, the oldest first."
)
QUEUE_REMINDER_ONE = "**An example has waited for a moderator for {days}.** `/queue` shows it."
MODERATORS_ONLY = "That is for the moderators of this server."
PAGE = "Page {page} of {pages}"
WAITS_TODAY = "came today"
WAITS = "has waited for {days}"
DAY, DAYS = "1 day", "{number} days"
CARD_LINK = "card"
CARD_MOVED = "An example waited here. Its card is in {channel} now, the review channel that an admin chose."

TITLE = "An example: {state}"
CREDITED = "Credited to: {credit}"
ANONYMOUS = "Credited to: {credit}. Its author wishes to be anonymous; nobody is told who gave it."
TAGS = "Tags: {tags}"
NO_TAGS = "Tags: none"
CLAIMED = "{moderator} is looking at it."
CLEARED = "The author's organisation is happy for it to be shared: yes"
PERSONAL = "**It may identify somebody** (underlined below): {found}"
DUPLICATES = "**Others say nearly the same:**"
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
    Action.WITHDRAW: "withdrawn",
}
WHO = {"author": "its author", "moderator": "a moderator", "assistant": "the assistant"}
REASON_GIVEN = "Reason given to the author: {reason}"

APPROVE = "Approve"
REQUEST_CHANGES = "Ask for changes"
DECLINE = "Decline"
CLAIM = "Claim"
RELEASE = "Release"
EDIT_TAGS = "Edit tags"
MERGE = "Merge with duplicate"
READ = "Read it all"
TAKE_DOWN = "Take down"

REASON_TITLES = {
    Action.REQUEST_CHANGES: "Ask for changes",
    Action.DECLINE: "Decline",
    Action.WITHDRAW: "Take down",
}
REASON = "Reason"
REASON_HINT = "It goes to the author by direct message, without your name."
TAGS_TITLE = "Tags of “{title}”. Each choice is kept at once."
CHOOSE_PILLARS = "Pillars"
CHOOSE_OUTCOME = "How it went"
CHOOSE_LEVEL = "Level"
CHOOSE_NATION = "Nation"
MERGE_TITLE = "Which example does “{title}” repeat? Its author is told that both count as one."
MERGE_NONE = "I know of none that says nearly the same as “{title}”. You can name one by its id."
MERGE_CHOOSE = "Choose the example that stays"
MERGE_OTHER = "Another one ..."
MERGE_FORM = "Merge with another example"
MERGE_ID = "Id of the example that stays"
