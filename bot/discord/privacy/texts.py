"""Texts of the Discord face: what is kept about a member, their data as a file, and having it deleted."""

PRIVACY = "What I keep about you, and how to have it deleted"
TITLE = "What I keep about you"
PROFILE = "A profile, so that you can find peers: {state}"
FINDABLE, NOT_FINDABLE, PAUSED, NONE = "members can find you", "you cannot be found", "paused", "none"
INTRODUCTIONS = "Introductions: {number}"
PEER_QUESTIONS = "Questions to members: {asked}; questions from members, with your replies: {replies}"
EXAMPLES = "Examples that you shared or began: {number}"
POSTS = "Forum posts that can be found as similar discussions: {number} (their titles and places, not their text)"
OUT = "Your forum posts are left out of similar discussions."
WAITING = "Questions that you want to be told about: {number}"
QUESTIONS = "Questions you asked the library: {number}. I keep each for {days}, with a code in place of your name."
VOTES = "What you said about answers: {number}"
OPT_OUT = "Leave my forum posts out"
OPT_IN = "Include my forum posts"
GET = "Get it all as a file"
FORGET = "Delete everything"
OPTED_OUT = "Your forum posts are left out from now on, and those that were there are deleted: {number}."
OPTED_IN = "New posts of yours can be found as similar discussions again."

MY_DATA = "Everything that I hold about you, as a file"
MY_DATA_READY = "This is everything that I hold about you. Only you see this message."
MY_DATA_NONE = "I hold nothing about you."
FILE_NAME = "my-data.json"

FORGET_ME = "Delete everything that I hold about you, at once and for good"
FORGET_TITLE = "Delete everything about me"
FORGET_TEXT = (
    "This deletes your profile, introductions, questions, replies, votes, drafts and forum posts from my memory, at "
    "once and for good. What stands in channels and messages is Discord's: delete that there."
)
FORGET_EXAMPLES = "Examples of yours that are published"
FORGET_CHOICES = {
    "without_name": "Keep them, without my name",
    "as_they_are": "Keep them as they are credited",
    "withdrawn": "Take them out of the library",
}
FORGET_SURE = "Are you sure?"
FORGET_YES = "Yes, delete everything"
FORGET_NO = "No, keep it"
KEPT = "Nothing was deleted."
FORGOTTEN = "Deleted: {entries}."
NOTHING_LEFT = "I have looked through everything again, and nothing is left that is yours or names you."
LEFT = (
    "I have looked through everything again. Your id is still found in documents that the library publishes, in "
    "{places}. A moderator can have that corrected."
)
PENDING = (
    "Another program is reading the database at the moment. Nobody is shown what was deleted any more, and as soon as "
    "that program is done I will overwrite it on the disk as well."
)
UNATTRIBUTED = (
    "I also hold {questions} from the time when I did not note who asked what, so I cannot tell whether any are yours. "
    "Nothing in them says who asked, and they expire by themselves."
)
OUT_STAYS = (
    "That your forum posts be left out is still honoured. For that I keep a code; only with a key that is not in the "
    "database can anybody tell that it is yours."
)
NEVER_ASKED_STAYS = (
    "That nobody may ask you to share a message is still honoured. For that, too, I keep a code; only with a key that "
    "is not in the database can anybody tell that it is yours."
)
NOTHING = "There was nothing to delete: I hold nothing about you."
