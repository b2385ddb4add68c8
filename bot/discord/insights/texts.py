"""Texts of the Discord face: insights for moderators."""

INSIGHTS = "What members ask for, what I could not answer, and what came of it (moderators)"
TITLE = "Insights"
PERIOD = "The last twelve months: {questions} asked, {answered} of them answered."
ASKED = "What is asked"
GAPS = "What I could not answer"
NO_GAPS = "Everything about the library's subjects was answered."
OUTSIDE = "About other subjects: {count}."
DUE = "Checked answers to review:"
MORE_ON_PAGE = "All figures, as tables and as a file, are on the web page under Insights, and with `haln insights`."
PRIVATE = "Names and numbers of people are taken out. Groups of one to four are not shown."
CHOOSE = "See what can be done about one"
GONE = "This question is not kept any more."

UNHELPFUL = "An answer did not help"
REFUSED = "A question that I refused, and that did not help"
WHY = "Why: {reasons}"
VOTES = "{count} people said so"
WHAT_CAN_BE_DONE = "What can be done"
SETTLE = "Dealt with"
SETTLED = "Dealt with."

NEAREST = "The library comes nearest with: {titles}."
ADD = (
    "**Add a resource**: if you know a document or page that answers it, the operator adds it with `haln index add`; "
    "an example of your own you can give with `/share`."
)
MEMBERS = "**Ask these members**, who can probably help and have agreed to be found:"
NO_MEMBERS = "**Ask members**: nobody who can be found works on this."
BRIEF = "**Commission a case study**: to send to whoever could write one:"
ASK_THEM = "Ask up to three of them"
ASKED_THEM = "I have asked {count}, in your name. Their replies come to you as direct messages."
WRITE = "Write an answer"

FORM_TITLE = "An answer, checked by you"
FORM = {
    "text": ("Your answer", "[1] behind a sentence names the first source"),
    "sources": ("What it rests on", "Addresses or ids of documents in the library, one a line"),
    "wordings": ("Other ways to ask it", "One a line: only what surely asks the same gets your answer"),
    "review_by": ("To be checked again by", "A day like 2027-03-31; in a year if you leave it empty"),
}
KEPT = (
    "Kept, and marked as checked by a person. Whoever asks this gets it first:\n> {question}\n"
    "It is to be checked again by {day}."
)
