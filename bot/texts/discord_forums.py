"""Texts of the Discord face: forums, and what is kept about a member."""

LABEL = "Automatic reply from the network's library"
RESOURCES = "These may help:"
SIMILAR = "Similar discussions"
SOLVED = "solved"
MARK_SOLVED = "Mark as the answer"
MARKED = "Marked: this message is shown as the answer to “{title}” in similar discussions."
UNMARKED = "This message is not marked as the answer any more."
NOT_A_POST = "That works on a message in a forum post that can be found as a similar discussion."
NOT_YOURS_TO_MARK = "Only the member who wrote the post, or a moderator, can mark what solved it."

PRIVACY = "What I keep under your name, and how to have it deleted"
PRIVACY_TITLE = "What I keep under your name"
PRIVACY_POSTS = (
    "Forum posts that can be found as similar discussions: {number} (their titles and places, not their text)"
)
PRIVACY_OUT = "Your forum posts are left out of similar discussions."
PRIVACY_WAITING = "Questions that you want to be told about: {number}"
PRIVACY_QUESTIONS = (
    "Questions are kept without the name of whoever asked, and what you said about answers is kept without your name, "
    "too."
)
PRIVACY_OPT_OUT = "Leave my forum posts out"
PRIVACY_OPT_IN = "Include my forum posts"
PRIVACY_FORGET = "Delete all of this"
PRIVACY_FORGOTTEN = "Deleted. Nothing is kept under your name but the wish that your posts be left out, if you made it."
PRIVACY_OPTED_OUT = "Your forum posts are left out from now on, and those that were there are deleted: {number}."
PRIVACY_OPTED_IN = "New posts of yours can be found as similar discussions again."
