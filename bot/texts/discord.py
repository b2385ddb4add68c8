"""Texts of the Discord face."""

ASK = "Ask the network's library a question about anchor work"
ASK_QUESTION = "What you want to know, in your own words"
ASK_PRIVATE = "Only you see the answer (yes unless you choose otherwise)"
NO_ANSWER = "The library does not say."
NEAREST = "Nearest in the library"
SOURCES = "Sources"
FOOTER = "Quoted from the network's library. Nothing is made up; follow a source to read on."
WRITTEN = "Written by a language model ({model}); each sentence was checked against the source it cites."
FAILED = (
    "Sorry, that did not work. Please try again in a moment. If it keeps happening, tell a moderator this "
    "reference: {reference}"
)
