"""Texts of the Discord face: asking, and what stands under an answer."""

ASK = "Ask the network's library a question about anchor work"
ASK_QUESTION = "What you want to know, in your own words"
ASK_SHARE = "Show the answer to everybody in this channel (otherwise only you see it)"
FIND_RESOURCES = "Find resources for this"
SOURCES = "Sources"
WRITTEN = "Written by a language model ({model}); each sentence was checked against the source it cites."
FOOTER = "Quoted from the network's library. Nothing is made up; follow a source to read on."
UNDERSTOOD = "Understood as: {question}"
FIND_PEOPLE = "Looking for somebody to talk to? `/peers` shows members who may help."
A_MEMBER = "a member"
ASKED_BY_A_MEMBER = "A member asked"
NOT_THE_SAME = "Part of this answer has been left out, because the library no longer holds it."
MORE_IN_THREAD = "The whole answer, with its sources, is in the thread."
IN_THREAD = "To ask more, mention me in this thread with your next question."
IN_THREAD_READING = "To ask more, just write your next question in this thread."
EMPTY_MENTION = "Hello! Mention me with a question, or type `/ask`. `/help` shows what I can do."
ROLE_MENTION = (
    "You mentioned my role, and then Discord does not show me what you wrote. Please mention me by my name, or type "
    "`/ask`."
)
REPLY_NOT_SEEN = (
    "I cannot see the message that you replied to: Discord shows me only messages that mention me. Choose “{menu}” in "
    "its menu (Apps), or mention me with its question."
)
NO_TEXT = "That message has no text for me to search with."
# Buttons of an answer
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
MORE = "More"
SHARE = "Share with channel"
TELL_ME = "Tell me when there is an answer"
DO_NOT_TELL = "Do not tell me"
THANKS_HELPFUL = "Thank you. That helps others too."
WHY_NOT = "What was wrong with the answer? Choose a reason, or leave it at that."
WHY_NOT_CHOOSE = "Choose a reason"
THANKS_NOT_HELPFUL = (
    "Thank you. The people who look after the library can see which answers did not help, but not who said so."
)
NOT_YOURS = "Only the member who asked can do that."
SHARED = (
    "Done: everybody in this channel can see the answer now, without your name. Moderators of this server can find out "
    "that you shared it."
)
NOT_SHARED_UNANSWERED = (
    "Only an answer can be shared without a name, and the library has none here. Ask in the channel."
)
NOT_SHARED_HERE = "You may not write in this channel, so the answer cannot be shared here."
WHO_SHARED = "Who shared this?"
SHARED_BY = "{member} shared this answer. Nobody else is told."
SHARED_BY_NOBODY = "Nobody shared that without their name, or it is no longer kept who did."
SHARED_ALREADY = "This answer is already shared in the channel."
IN_ITS_DOCUMENT = "In its context"
MORE_TITLE = "More on this from the library"
NOTHING_MORE = "The library holds nothing more on this."
WILL_TELL = (
    "I will send you a direct message when the library has an answer, or show it at your next command if you take no "
    "messages. Until then, and only for that, I keep your Discord ID with the question. You can change your mind at "
    "any time."
)
TELLS_ALREADY = "You are already on the list. You can change your mind at any time."
WILL_NOT_TELL = "I will not tell you, and I no longer keep your Discord ID with the question."
ANSWER_NOW = "You asked to be told when the library could answer this. Now it can."
