"""Texts of the terminal face."""

WELCOME = "HALN Assistant: ask about anchor work. Every answer shows its sources. Leave with 'exit'."
PROMPT = "\nYour question: "
LEAVE_WORDS = frozenset({"exit", "quit", ":q"})
NO_ANSWER = "The library does not say. {reason}"
UNDERSTOOD = "Understood as: {question}"
WRITING = "A language model is putting it into words ..."
WRITTEN = "In other words"
READING = "Reading the library ..."
NO_RESULTS = "Nothing found. Try other words, or fewer filters."
SOURCES = "Sources"
NEAREST = "Nearest in the library"
