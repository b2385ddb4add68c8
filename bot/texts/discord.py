"""Texts of the Discord face: asking, answers and what goes wrong."""

ASK = "Ask the network's library a question about anchor work"
ASK_QUESTION = "What you want to know, in your own words"
ASK_SHARE = "Show the answer to everybody in this channel (only you see it unless you say so)"
FIND_RESOURCES = "Find resources for this"
NO_ANSWER = "The library does not say."
NEAREST = "Nearest in the library"
SOURCES = "Sources"
FOOTER = "Quoted from the network's library. Nothing is made up; follow a source to read on."
UNDERSTOOD = "Understood as: {question}"
ASKED_BY_A_MEMBER = "A member asked"
NOT_THE_SAME = "Some of this answer is left out: the library does not hold it any more."
MORE_IN_THREAD = "The whole answer, with its sources, is in the thread."
IN_THREAD = "Ask on in this thread: mention me with your next question."
IN_THREAD_READING = "Ask on in this thread: just write your next question."
EMPTY_MENTION = "Hello! Mention me together with a question, or type `/ask`. `/help` shows what I can do."
NO_TEXT = "There is no text in that message that I could look for."
STILL_WORKING = "Still working on your answer. It takes a little longer than usual."
COOL_DOWN = (
    "You have asked a lot of questions in a short time. So that everyone gets a turn, please ask again in {seconds} "
    "seconds."
)
FAILED = (
    "Sorry, that did not work. Please try again in a moment. If it keeps happening, tell a moderator this "
    "reference: {reference}"
)
NO_PERMISSION = (
    "Sorry, I am not allowed to do that here. Please ask an admin to run /doctor, which says what is missing. "
    "Reference: {reference}"
)
NOT_ALLOWED = "Sorry, that is for the admins of this server."

# Buttons of an answer
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
MORE = "More"
SHARE = "Share with channel"
TELL_ME = "Tell me when there is an answer"
DO_NOT_TELL = "Do not tell me"
DISMISS = "Dismiss"
THANKS_HELPFUL = "Thank you. That helps others, too."
WHY_NOT = "What was wrong with the answer? Choose a reason, or just leave it."
WHY_NOT_CHOOSE = "Choose a reason"
THANKS_NOT_HELPFUL = "Thank you. The people who look after the library see which answers did not help, not who said so."
NOT_KEPT = "That answer is not kept any more. Please ask again."
NOT_YOURS = "Only the member who asked can do that."
NOT_YOURS_TO_DISMISS = "Only the member who asked, or a moderator, can take this away."
SHARED = "Done: everybody in this channel can see the answer now, without your name."
SHARED_ALREADY = "This answer is already shared in the channel."
MORE_TITLE = "More on this from the library"
NOTHING_MORE = "The library holds nothing more on this."
WILL_TELL = (
    "I will send you a direct message when the library has an answer. For that I keep your Discord id with the "
    "question until then, and for nothing else. You can change your mind at any time."
)
TELLS_ALREADY = "I will already tell you. You can change your mind at any time."
WILL_NOT_TELL = "I will not tell you, and I no longer keep your Discord id with the question."
ANSWER_NOW = "You wanted to know when the library has an answer. It has one now."
