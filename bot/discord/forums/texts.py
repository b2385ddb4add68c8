"""Texts of the Discord face: forums."""

LABEL = "Automatic reply from the network's library"
RESOURCES = "These may help:"
SIMILAR = "Similar discussions"
SOLVED = "solved"
MARK_SOLVED = "Mark as the answer"
MARKED = "Marked: this message is shown as the answer to “{title}” in similar discussions."
UNMARKED = "This message is no longer marked as the answer."
NO_MARK = "I could not put {mark} on it: for that I need the permission to add reactions here."
NO_TAG = (
    "I could not set the tag “{tag}”: for that I need the permission to manage threads here. You can set it yourself."
)
NOT_A_POST = "That only works on a message in a forum post that can be found as a similar discussion."
NOT_YOURS_TO_MARK = "Only the member who wrote the post, or a moderator, can mark what solved it."
